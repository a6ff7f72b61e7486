/**
 * A read of large relations in parts: the rows of each entity once, instead of rows in which a join repeats them. All parts
 * see the same snapshot, and the entities are those of the joined read, in its order.
 */
import type { EntityManager, FindOptionsOrder, ObjectLiteral, SelectQueryBuilder } from 'typeorm'
import { DriverUtils } from 'typeorm/driver/DriverUtils.js'
import type { ColumnMetadata } from 'typeorm/metadata/ColumnMetadata.js'
import type { RelationMetadata } from 'typeorm/metadata/RelationMetadata.js'

import type { EntityNode, EntityTree, RelationNode } from './entity-node.ts'
import { ownOrder } from './own-order.ts'
import { pagedText } from './paged-text.ts'
import type { ReadOptions } from './read-shape.ts'

/** The rows of one entity of the tree. Parents come before what belongs to them. */
export interface Part {
  readonly node: EntityNode
  /** The names of its fields, in the order of the values of a row; that of the junction, if there is one, is the last. */
  readonly fields: readonly string[]
  readonly columns: readonly ColumnMetadata[]
  /** How its rows belong to those of another part; the root belongs to none. */
  readonly link: PartLink | undefined
}

export interface PartLink {
  readonly relation: RelationNode
  /** The part with the parents. */
  readonly parent: number
  /** The fields that are equal, by their place in the rows of the parents and of this part. */
  readonly parentField: number
  readonly ownField: number
  /** What stands between both where each may belong to many: a row comes once for each of its parents. */
  readonly junction: Junction | undefined
}

interface Junction {
  /** What the junction, and its one column that is read, are called in the statement. */
  readonly name: string
  /** Points at the parent. */
  readonly ofParent: ColumnMetadata
  /** Points at the rows of this part. */
  readonly ofOwn: ColumnMetadata
}

/** A statement as TypeORM's builder writes it, before its parameters get the form of the driver. */
export interface PartText {
  readonly sql: string
  readonly parameters: Readonly<Record<string, unknown>>
}

export interface Parts {
  readonly parts: readonly Part[]
  readonly texts: readonly PartText[]
  /** Whether all rows of the root are read. */
  readonly isWholeTable: boolean
}

/**
 * What keeps the rows of a part to those of its parents.
 * @param column - Escaped.
 * @param whole - The text of the parents where these are all rows of the root; their parameters are there already.
 */
export type KeptTo = (column: string, link: PartLink, parent: Part, whole: string | undefined) => PartText

/** Types whose values are equal in the database exactly when they are in JavaScript. */
const KEY_TYPES: ReadonlySet<unknown> = new Set([
  Number,
  String,
  'int',
  'int2',
  'int4',
  'int8',
  'integer',
  'smallint',
  'mediumint',
  'tinyint',
  'bigint',
  'varchar',
  'character varying',
  'text',
  'uuid',
])

/**
 * @param options - With marks for values.
 * @returns `undefined` where parts could be something else than the join: criteria and orders that reach into relations,
 * chosen columns, links of several columns, pages in the order of relations or of what must have one.
 */
export function planParts(
  manager: EntityManager,
  { root }: EntityTree,
  { select, where, order, take, skip, withDeleted }: ReadOptions,
  keptTo: KeptTo,
): Parts | undefined {
  const orders = ownOrder(root.metadata, order)
  const parts = partsOf(manager, root)
  const isPage = take !== undefined || skip !== undefined
  if (!orders || !parts || select !== undefined) return undefined
  // TypeORM counts rows of ordered relations as rows of the page, and leaves out what lacks a required one before taking it.
  if (isPage && (Object.keys(orders.ofRelations).length > 0 || needsRelations(root))) return undefined

  const texts: PartText[] = []
  const isWholeTable = where === undefined && !isPage
  const whole = ({ parent }: PartLink): string | undefined => (isWholeTable && parent === 0 ? texts[0]!.sql : undefined)
  for (const { node, columns, link } of parts) {
    const { driver } = manager.dataSource
    const builder = manager.createQueryBuilder<ObjectLiteral>(node.metadata.target, node.alias)
    // No name of a parameter is given twice.
    builder.expressionMap.parameters = { ...texts.at(-1)?.parameters }
    const own = link?.parent === 0 ? orders.ofRelations[link.relation.relation.propertyPath] : undefined
    builder.setFindOptions({
      ...(link || where === undefined ? {} : { where }),
      ...(link || take === undefined ? {} : { take }),
      ...(link || skip === undefined ? {} : { skip }),
      order: ((link ? own : orders.ofRoot) ?? {}) as FindOptionsOrder<ObjectLiteral>,
      ...(withDeleted === undefined ? {} : { withDeleted }),
      loadEagerRelations: false,
    })
    if (builder.expressionMap.joinAttributes.length > 0) return undefined
    if (!link && isPage) {
      // Of rows that are equal in the order, a page of TypeORM has those with the lowest keys.
      for (const { propertyPath } of node.metadata.primaryColumns) {
        const key = `${node.alias}.${propertyPath}`
        if (!(key in builder.expressionMap.orderBys)) builder.addOrderBy(key, 'ASC')
      }
    }
    if (link) {
      if (link.junction) joinJunction(builder, node, link.junction)
      const alias = link.junction?.name ?? node.alias
      const column = `${driver.escape(alias)}.${driver.escape(columns[link.ownField]!.databaseName)}`
      const kept =
        !isPage && readsAll(link, texts) ? pointing(column) : keptTo(column, link, parts[link.parent]!, whole(link))
      builder.andWhere(kept.sql, kept.parameters)
    }
    const page: Record<string, unknown> = {}
    const sql = pagedText(manager, builder.getQuery(), (slot) => {
      page[`tenon_${slot}`] = slot
      return `:tenon_${slot}`
    })
    texts.push({ sql, parameters: { ...builder.getParameters(), ...page } })
  }
  return { parts, texts, isWholeTable }
}

function joinJunction(
  builder: SelectQueryBuilder<ObjectLiteral>,
  { alias }: EntityNode,
  { name, ofParent, ofOwn }: Junction,
): void {
  const own = ofOwn.referencedColumn!.propertyPath
  builder.innerJoin(ofOwn.entityMetadata.target, name, `${name}.${ofOwn.propertyPath} = ${alias}.${own}`)
  builder.addSelect(`${name}.${ofParent.propertyPath}`, name)
}

/**
 * Whether the parents are all rows of a table, and the rows point at them: which ones is no question then. One that points
 * at nothing is not put anywhere.
 */
function readsAll({ parent, relation: { relation } }: PartLink, [root]: readonly PartText[]): boolean {
  const pointAtIt = relation.isOneToMany || relation.isOneToOneNotOwner || relation.isManyToMany
  return parent === 0 && pointAtIt && !/\bWHERE\b/i.test(root!.sql)
}

function pointing(column: string): PartText {
  return { sql: `${column} IS NOT NULL`, parameters: {} }
}

function needsRelations({ relations }: EntityNode): boolean {
  return relations.some(({ isRequired, node }) => isRequired || needsRelations(node))
}

/** The tree as a list. */
function partsOf(manager: EntityManager, root: EntityNode): readonly Part[] | undefined {
  const parts: Part[] = []
  const add = (node: EntityNode, of?: Pick<PartLink, 'relation' | 'parent'>): boolean => {
    const columns = node.metadata.columns.filter((column) => column.isSelect)
    if (node.keys.some(({ column }) => !column.isSelect)) return false
    const linked = of && linkedColumns(of.relation.relation)
    if (of && !linked) return false
    const junction = linked?.junction && { ...linked.junction, name: junctionOf(manager, node) }
    const fields = columns.map((column) => fieldOf(manager, node, column))
    if (junction) {
      columns.push(junction.ofParent)
      fields.push(junction.name)
    }
    const link = of &&
      linked && {
        ...of,
        parentField: parts[of.parent]!.columns.indexOf(linked.ofParent),
        ownField: columns.indexOf(linked.own),
        junction,
      }
    if (link && (link.parentField < 0 || link.ownField < 0)) return false
    const parent = parts.push({ node, fields, columns, link }) - 1
    return node.relations.every((relation) => add(relation.node, { relation, parent }))
  }
  return add(root) ? parts : undefined
}

function junctionOf({ dataSource }: EntityManager, { alias }: EntityNode): string {
  return DriverUtils.buildAlias(dataSource.driver, undefined, alias, 'tenon_junction')
}

function fieldOf({ dataSource }: EntityManager, { alias }: EntityNode, { databaseName }: ColumnMetadata): string {
  return DriverUtils.buildAlias(dataSource.driver, undefined, alias, databaseName)
}

interface LinkedColumns {
  readonly ofParent: ColumnMetadata
  /** Of the rows themselves, or of the junction. */
  readonly own: ColumnMetadata
  readonly junction: Omit<Junction, 'name'> | undefined
}

/** The one column on each side that links the rows. */
function linkedColumns(relation: RelationMetadata): LinkedColumns | undefined {
  if (relation.isManyToMany) return columnsOverJunction(relation)
  const isOwner = relation.isManyToOne || relation.isOneToOneOwner
  const { joinColumns } = isOwner ? relation : relation.inverseRelation!
  const key = onlyKey(joinColumns)
  if (!key) return undefined
  const referenced = key.referencedColumn!
  const junction = undefined
  return isOwner ? { ofParent: key, own: referenced, junction } : { ofParent: referenced, own: key, junction }
}

function columnsOverJunction({ isOwning, junctionEntityMetadata }: RelationMetadata): LinkedColumns | undefined {
  const { ownerColumns = [], inverseColumns = [] } = junctionEntityMetadata ?? {}
  const ofParent = onlyKey(isOwning ? ownerColumns : inverseColumns)
  const ofOwn = onlyKey(isOwning ? inverseColumns : ownerColumns)
  if (!ofParent || !ofOwn) return undefined
  return { ofParent: ofParent.referencedColumn!, own: ofParent, junction: { ofParent, ofOwn } }
}

/** A single column that refers to a whole key. */
function onlyKey([key, ...others]: readonly ColumnMetadata[]): ColumnMetadata | undefined {
  const referenced = key?.referencedColumn
  if (!key || !referenced?.isPrimary || others.length > 0) return undefined
  if (referenced.entityMetadata.primaryColumns.length > 1 || !isKey(key) || !isKey(referenced)) return undefined
  return key
}

function isKey({ type, collation, isArray }: ColumnMetadata): boolean {
  return KEY_TYPES.has(type) && collation === undefined && !isArray
}
