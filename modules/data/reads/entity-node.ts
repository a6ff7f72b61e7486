/** Which entities a read answers, from which fields: the root and what is joined to it, as a tree. */
import type { EntityMetadata, SelectQueryBuilder } from 'typeorm'
import { DriverUtils } from 'typeorm/driver/DriverUtils.js'
import type { ColumnMetadata } from 'typeorm/metadata/ColumnMetadata.js'
import type { EmbeddedMetadata } from 'typeorm/metadata/EmbeddedMetadata.js'
import type { RelationMetadata } from 'typeorm/metadata/RelationMetadata.js'
import type { QueryExpressionMap } from 'typeorm/query-builder/QueryExpressionMap.js'

export interface FieldColumn {
  /** The name of the field in the rows. */
  readonly field: string
  readonly column: ColumnMetadata
}

export interface EntityNode {
  readonly metadata: EntityMetadata
  /** What the statement calls it. */
  readonly alias: string
  readonly columns: readonly FieldColumn[]
  /** The fields of the primary key; rows that agree in them are one entity. Empty when they are not selected. */
  readonly keys: readonly FieldColumn[]
  readonly relations: readonly RelationNode[]
}

export interface RelationNode {
  readonly relation: RelationMetadata
  readonly propertyName: string
  readonly embedded: EmbeddedMetadata | undefined
  readonly isMany: boolean
  /** Whether an entity without it is left out. */
  readonly isRequired: boolean
  /** Whether one parent can stand in several rows because of it. */
  readonly multipliesRows: boolean
  readonly node: EntityNode
}

export interface EntityTree {
  readonly root: EntityNode
  /** Whether a join that is only there for the criteria can repeat rows. */
  readonly hasRepeatedRows: boolean
}

type Join = QueryExpressionMap['joinAttributes'][number]

/** The tree of a read, or `undefined` where TypeORM does more for its entities than to copy fields. */
export function readEntityTree(builder: SelectQueryBuilder<object>): EntityTree | undefined {
  const { expressionMap } = builder
  const { mainAlias, joinAttributes, relationIdAttributes, relationLoadStrategy } = expressionMap
  if (!mainAlias || relationIdAttributes.length > 0 || relationLoadStrategy !== 'join') return undefined
  if (joinAttributes.some((join) => !isPlannableJoin(join))) return undefined
  const selections = new Set(expressionMap.selects.map((each) => each.selection))
  const aliases = [mainAlias, ...joinAttributes.filter((join) => join.isSelected).map((join) => join.alias)]
  if (aliases.some((alias) => !isPlannable(alias.metadata))) return undefined

  const read = (alias: string, metadata: EntityMetadata): EntityNode => {
    const columns = metadata.columns
      .filter((column) => !column.isVirtual)
      .filter((column) => selections.has(alias) || selections.has(`${alias}.${column.propertyPath}`))
      .map((column) => ({
        column,
        field: DriverUtils.buildAlias(builder.dataSource.driver, undefined, alias, column.databaseName),
      }))
    const keys = columns.filter(({ column }) => column.isPrimary)
    return {
      metadata,
      alias,
      columns,
      keys: keys.length === metadata.primaryColumns.length ? keys : [],
      relations: joinAttributes
        .filter((join) => join.isSelected && join.parentAlias === alias)
        .map((join) => ({
          relation: join.relation!,
          propertyName: join.relation!.propertyName,
          embedded: join.relation!.embeddedMetadata,
          isMany: join.isMany,
          isRequired: join.direction === 'INNER',
          multipliesRows: multipliesRows(join),
          node: read(join.alias.name, join.alias.metadata),
        })),
    }
  }
  const root = read(mainAlias.name, mainAlias.metadata)
  if (joinAttributes.length > 0 && !hasKeys(root)) return undefined
  return { root, hasRepeatedRows: joinAttributes.some((join) => !join.isSelected && multipliesRows(join)) }
}

function hasKeys(node: EntityNode): boolean {
  return node.keys.length > 0 && node.relations.every((relation) => hasKeys(relation.node))
}

/** Joined along a relation, and put where the relation says. */
function isPlannableJoin(join: Join): boolean {
  return join.relation !== undefined && !join.mapToProperty && join.parentAlias !== undefined
}

/** Whether the entities are made of fields alone, and nothing runs on loading. */
function isPlannable(metadata: EntityMetadata): boolean {
  const { target, tableType } = metadata
  if (typeof target !== 'function' || (tableType !== 'regular' && tableType !== 'junction')) return false
  if (metadata.discriminatorColumn || metadata.childEntityMetadatas.length > 0) return false
  if (metadata.afterLoadListeners.length > 0 || metadata.lazyRelations.length > 0) return false
  if (metadata.relationIds.length > 0 || metadata.dataSource.options.typename !== undefined) return false
  if (metadata.primaryColumns.some((column) => column.isVirtual)) return false
  if (metadata.columns.some((column) => column.isVirtualProperty)) return false
  if (metadata.allEmbeddeds.some((embedded) => embedded.isArray)) return false
  const columns = new Set(metadata.columns.filter((each) => !each.isVirtual).map((column) => column.propertyPath))
  const fresh = metadata.create() as object
  return metadata.relations.every(
    // TypeORM merges a relation into an object that is there already, and a setter would see its rows come in.
    (relation) => !columns.has(relation.propertyPath) && !isFilled(fresh, relation.propertyPath.split('.')),
  )
}

function isFilled(entity: object, path: readonly string[]): boolean {
  const [name = '', ...rest] = path
  if (rest.length === 0 && name in (Object.getPrototypeOf(entity) as object)) return true
  const value = (entity as Record<string, unknown>)[name]
  if (typeof value !== 'object' || value === null) return false
  return rest.length === 0 || isFilled(value, rest)
}

function multipliesRows({ relation }: Join): boolean {
  if (!relation || (!relation.isManyToOne && !relation.isOneToOneOwner)) return true
  const { primaryColumns } = relation.inverseEntityMetadata
  return !(
    relation.joinColumns.length === primaryColumns.length &&
    relation.joinColumns.every((column) => column.referencedColumn?.isPrimary)
  )
}
