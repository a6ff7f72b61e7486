/** What may stand in an order: columns of the entity and directions, for it often comes from callers. */
import type { EntityMetadata } from 'typeorm'

import { OrderInvalid } from './query-errors.ts'

const DIRECTIONS: ReadonlySet<unknown> = new Set(['ASC', 'DESC', 'asc', 'desc', 1, -1])

/** @throws `DATA_ORDER_INVALID`, a 400 at the edge, for what is no column and for what is no direction. */
export function requireOrder(metadata: EntityMetadata, order: object, prefix = ''): void {
  for (const [name, value] of Object.entries(order) as readonly (readonly [string, unknown])[]) {
    if (value === undefined) continue
    const path = `${prefix}${name}`
    const relation = metadata.findRelationWithPropertyPath(path)
    if (relation && isObject(value)) {
      requireOrder(relation.inverseEntityMetadata, value)
    } else if (metadata.findEmbeddedWithPropertyPath(path) && isObject(value)) {
      requireOrder(metadata, value, `${path}.`)
    } else {
      if (!metadata.findColumnWithPropertyPath(path)) throw new OrderInvalid(metadata.name, path, 'is no column')
      const direction = isObject(value) ? (value as { direction?: unknown }).direction : value
      if (!DIRECTIONS.has(direction)) throw new OrderInvalid(metadata.name, path, 'has no direction ASC or DESC')
    }
  }
}

function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null
}
