/** Rows into entities with their relations: rows that agree in a primary key are one entity, as TypeORM groups them. */
import type { DataSource } from 'typeorm'
import type { EmbeddedMetadata } from 'typeorm/metadata/EmbeddedMetadata.js'

import type { EntityNode, EntityTree, RelationNode } from './entity-node.ts'
import { compileRowReader, ownerOf, type ReaderMode, type Row, type RowReader } from './row-reader.ts'

/** One entity for each group of rows, in the order of their first rows. */
export type Hydrator = (rows: readonly Row[]) => object[]

type Entity = Record<string, unknown>

interface CompiledNode extends RowReader {
  readonly keyOf: (row: Row) => unknown
  readonly relations: readonly CompiledRelation[]
  /** Relations that later rows of the same entity have to be looked at for. */
  readonly growing: readonly number[]
}

interface CompiledRelation extends Pick<RelationNode, 'propertyName' | 'isMany'> {
  readonly path: readonly EmbeddedMetadata[]
  readonly node: CompiledNode
}

/** An entity whose relations still grow: for each of them, its entities by key, or the one that it is. */
interface Group {
  readonly entity: Entity
  readonly children: (Map<unknown, Group | undefined> | Single | undefined)[]
}

interface Single {
  readonly key: unknown
  readonly group: Group
}

export function compileHydrator(
  source: DataSource,
  { root, hasRepeatedRows }: EntityTree,
  fields: readonly string[],
  mode: ReaderMode,
): Hydrator {
  const node = compileNode(source, root, fields, mode)
  const needsGroups = hasRepeatedRows || multiplies(root)
  return needsGroups ? (rows) => hydrateGroups(node, rows) : (rows) => hydrateEach(node, rows)
}

/** Whether rows of an entity are repeated by what is joined to it. */
export function multiplies(node: EntityNode): boolean {
  return node.relations.some((relation) => relation.multipliesRows || multiplies(relation.node))
}

function compileNode(source: DataSource, node: EntityNode, fields: readonly string[], mode: ReaderMode): CompiledNode {
  const relations = node.relations.map((relation) => ({
    propertyName: relation.propertyName,
    isMany: relation.isMany,
    path: relation.embedded?.embeddedMetadataTree ?? [],
    node: compileNode(source, relation.node, fields, mode),
  }))
  return {
    ...compileRowReader(source, node, fields, mode),
    keyOf: keyReader(node.keys.map(({ field }) => fields.lastIndexOf(field))),
    relations,
    growing: [...relations.keys()].filter((at) => relations[at]!.isMany || relations[at]!.node.growing.length > 0),
  }
}

/** A key that is equal where TypeORM's is. */
function keyReader(indices: readonly number[]): (row: Row) => unknown {
  const [only = 0] = indices
  if (indices.length <= 1) return (row) => keyPart(row[only])
  return (row) => indices.map((index) => keyPart(row[index])).join('_')
}

function keyPart(value: unknown): unknown {
  if (typeof value === 'string' || typeof value === 'number') return value
  if (value === null) return ''
  if (value instanceof Uint8Array) return Buffer.from(value).toString('hex')
  return typeof value === 'bigint' || typeof value === 'boolean' ? String(value) : JSON.stringify(value)
}

/** Each row is an entity of its own: nothing that is joined repeats it. */
function hydrateEach(node: CompiledNode, rows: readonly Row[]): object[] {
  const entities: object[] = []
  for (const row of rows) if (node.isThere(row)) entities.push(createWhole(node, row))
  return entities
}

function createWhole(node: CompiledNode, row: Row): Entity {
  const entity = node.create(row)
  for (const relation of node.relations) {
    ownerOf(entity, relation.path)[relation.propertyName] = relation.node.isThere(row)
      ? createWhole(relation.node, row)
      : null
  }
  return entity
}

function hydrateGroups(node: CompiledNode, rows: readonly Row[]): object[] {
  const entities: object[] = []
  const groups = new Map<unknown, Group | undefined>()
  for (const row of rows) {
    const key = node.keyOf(row)
    const known = groups.get(key)
    if (known) {
      grow(node, known, row)
    } else if (!groups.has(key)) {
      const group = node.isThere(row) ? createGroup(node, row) : undefined
      groups.set(key, group)
      if (group) entities.push(group.entity)
    }
  }
  return entities
}

function createGroup(node: CompiledNode, row: Row): Group {
  const entity = node.create(row)
  const group: Group = { entity, children: [] }
  for (const [at, relation] of node.relations.entries()) {
    const owner = ownerOf(entity, relation.path)
    const child = relation.node.isThere(row) ? createGroup(relation.node, row) : undefined
    if (relation.isMany) {
      owner[relation.propertyName] = child ? [child.entity] : []
      group.children[at] = new Map(child ? [[relation.node.keyOf(row), child]] : [])
    } else {
      owner[relation.propertyName] = child ? child.entity : null
      group.children[at] = child && { key: relation.node.keyOf(row), group: child }
    }
  }
  return group
}

/** Another row of an entity that is there: it can bring more of what it has many of. */
function grow(node: CompiledNode, group: Group, row: Row): void {
  for (const at of node.growing) {
    const relation = node.relations[at]!
    if (!relation.node.isThere(row)) continue
    const key = relation.node.keyOf(row)
    const children = group.children[at]
    if (children instanceof Map) {
      const known = children.get(key)
      if (known) {
        grow(relation.node, known, row)
      } else {
        const child = createGroup(relation.node, row)
        children.set(key, child)
        ;(ownerOf(group.entity, relation.path)[relation.propertyName] as Entity[]).push(child.entity)
      }
    } else if (children && children.key === key) {
      grow(relation.node, children.group, row)
    }
  }
}
