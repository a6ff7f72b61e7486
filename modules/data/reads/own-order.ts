/** The order of a read by entity: that of the root's rows, and that of the rows of each relation within one of them. */
import type { EntityMetadata } from 'typeorm'

type Order = Readonly<Record<string, unknown>>

export interface OwnOrder {
  readonly ofRoot: Order | undefined
  /** By property of the root. */
  readonly ofRelations: Readonly<Record<string, Order>>
}

/**
 * @returns `undefined` where rows of the root are ordered by what they are related to, which takes a join. After the whole
 * primary key, columns of relations order nothing but their own rows.
 */
export function ownOrder(metadata: EntityMetadata, order: unknown = {}): OwnOrder | undefined {
  const ofRoot: Record<string, unknown> = {}
  const ofRelations: Record<string, Order> = {}
  const missing = new Set(metadata.primaryColumns.map((column) => column.propertyPath))
  for (const [name, value] of Object.entries(order as Order)) {
    if (value === undefined) continue
    const relation = metadata.findRelationWithPropertyPath(name)
    if (!relation) {
      ofRoot[name] = value
      missing.delete(name)
    } else if (missing.size === 0 && isOfColumns(relation.inverseEntityMetadata, value)) {
      ofRelations[name] = value
    } else return undefined
  }
  return { ofRoot: Object.keys(ofRoot).length > 0 ? ofRoot : undefined, ofRelations }
}

function isOfColumns(metadata: EntityMetadata, order: unknown): order is Order {
  if (typeof order !== 'object' || order === null) return false
  return Object.keys(order).every((name) => metadata.findColumnWithPropertyPathStrict(name) !== undefined)
}
