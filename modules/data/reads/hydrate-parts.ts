/** The rows of parts into entities: each parent gets entities of its own, also where several are related to one row. */
import type { DataSource } from 'typeorm'
import type { EmbeddedMetadata } from 'typeorm/metadata/EmbeddedMetadata.js'

import type { Part } from './parts.ts'
import { compileTableReader, ownerOf, type CreateAt, type Layout, type ReaderMode, type Table } from './row-reader.ts'

type Entity = Record<string, unknown>

/** The entities of the root, from the rows of each part. */
export type PartsHydrator = (tables: readonly Table[]) => object[]

interface CompiledPart {
  readonly create: CreateAt
  readonly relations: readonly CompiledRelation[]
}

interface CompiledRelation {
  /** The part with its rows. */
  readonly index: number
  readonly propertyName: string
  readonly path: readonly EmbeddedMetadata[]
  readonly isMany: boolean
  readonly isRequired: boolean
  readonly parentField: number
  /** The key of rows that come over a junction, which may name one twice. */
  readonly keyField: number | undefined
}

/** The rows of one part by what links them to their parents: the first, and after each the next; -1 after the last. */
interface Linked {
  readonly first: ReadonlyMap<unknown, number>
  readonly next: Int32Array
}

/** What one read has found, with the parts it is made of. */
interface Found {
  readonly parts: readonly CompiledPart[]
  readonly tables: readonly Table[]
  readonly linked: readonly (Linked | undefined)[]
  readonly layout: Layout
}

export function compilePartsHydrator(
  source: DataSource,
  parts: readonly Part[],
  mode: ReaderMode,
  layout: Layout,
): PartsHydrator {
  const compiled = parts.map(({ node, fields }, parent): CompiledPart => ({
    create: compileTableReader(source, node, fields, mode, layout),
    relations: parts.flatMap(({ link }, index) => {
      if (link?.parent !== parent) return []
      const { relation, parentField, junction } = link
      const { propertyName, isMany, isRequired, embedded } = relation
      const path = embedded?.embeddedMetadataTree ?? []
      const keyField = junction && parts[index]!.columns.indexOf(junction.ofOwn.referencedColumn!)
      return [{ index, propertyName, path, isMany, isRequired, parentField, keyField }]
    }),
  }))
  return (tables) => {
    const linked = parts.map(({ link }, index) => link && linkRows(tables[index]!, link.ownField, layout))
    const found: Found = { parts: compiled, tables, linked, layout }
    const entities: object[] = []
    const count = rowCount(tables[0]!, layout)
    for (let at = 0; at < count; at += 1) {
      const entity = createWhole(found, 0, at)
      if (entity) entities.push(entity)
    }
    return entities
  }
}

export function rowCount(table: Table, layout: Layout): number {
  return layout === 'rows' ? table.length : table[0]!.length
}

function keyAt(table: Table, at: number, field: number, layout: Layout): unknown {
  return linkKey(layout === 'rows' ? table[at]![field] : table[field]![at])
}

/** From the last to the first, so that those that follow are known. */
function linkRows(table: Table, field: number, layout: Layout): Linked {
  const count = rowCount(table, layout)
  const first = new Map<unknown, number>()
  const next = new Int32Array(count)
  for (let at = count - 1; at >= 0; at -= 1) {
    const key = keyAt(table, at, field, layout)
    next[at] = first.get(key) ?? -1
    first.set(key, at)
  }
  return { first, next }
}

/** SQLite may answer one column in numbers and the other, with one that is too large, in BigInts. */
function linkKey(value: unknown): unknown {
  if (typeof value !== 'bigint') return value
  const number = Number(value)
  return Number.isSafeInteger(number) ? number : String(value)
}

/** `undefined` where the join would have left it out. */
function createWhole(found: Found, index: number, at: number): Entity | undefined {
  const table = found.tables[index]!
  const { create, relations } = found.parts[index]!
  const entity = create(table, at)
  for (const { index: part, propertyName, path, isMany, isRequired, parentField, keyField } of relations) {
    const { first, next } = found.linked[part]!
    let each = first.get(keyAt(table, at, parentField, found.layout)) ?? -1
    const owner = path.length === 0 ? entity : ownerOf(entity, path)
    if (isMany) {
      const children: Entity[] = []
      const seen = keyField === undefined ? undefined : new Set<unknown>()
      for (; each >= 0; each = next[each]!) {
        const key = keyField === undefined ? undefined : keyAt(found.tables[part]!, each, keyField, found.layout)
        if (seen?.has(key)) continue
        seen?.add(key)
        const child = createWhole(found, part, each)
        if (child) children.push(child)
      }
      owner[propertyName] = children
    } else {
      const child = each < 0 ? undefined : createWhole(found, part, each)
      if (!child && isRequired) return undefined
      owner[propertyName] = child ?? null
    }
  }
  return entity
}
