/** The rows of parts into entities: each parent gets entities of its own, also where several are related to one row. */
import type { DataSource } from 'typeorm'
import type { EmbeddedMetadata } from 'typeorm/metadata/EmbeddedMetadata.js'

import type { Part } from './parts.ts'
import { compileRowReader, ownerOf, type ReaderMode, type Row, type RowReader } from './row-reader.ts'

type Entity = Record<string, unknown>

/** The entities of the root, from the rows of each part. */
export type PartsHydrator = (rows: readonly (readonly Row[])[]) => object[]

interface CompiledPart extends Pick<RowReader, 'create'> {
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
  readonly ownField: number
}

/** The rows of one part by what links them to their parents. */
type Linked = ReadonlyMap<unknown, readonly Row[]>

export function compilePartsHydrator(source: DataSource, parts: readonly Part[], mode: ReaderMode): PartsHydrator {
  const compiled = parts.map(({ node, fields }, parent): CompiledPart => ({
    create: compileRowReader(source, node, fields, mode).create,
    relations: parts.flatMap(({ link }, index) => {
      if (link?.parent !== parent) return []
      const { relation, parentField, ownField } = link
      const { propertyName, isMany, isRequired, embedded } = relation
      const path = embedded?.embeddedMetadataTree ?? []
      return [{ index, propertyName, path, isMany, isRequired, parentField, ownField }]
    }),
  }))
  const [root] = compiled
  return (rows) => {
    const linked = parts.map(({ link }, index) => (link ? byField(rows[index]!, link.ownField) : new Map()))
    const entities: object[] = []
    for (const row of rows[0]!) {
      const entity = createWhole(compiled, linked, root!, row)
      if (entity) entities.push(entity)
    }
    return entities
  }
}

function byField(rows: readonly Row[], field: number): Linked {
  const linked = new Map<unknown, Row[]>()
  for (const row of rows) {
    const key = linkKey(row[field])
    const known = linked.get(key)
    if (known) known.push(row)
    else linked.set(key, [row])
  }
  return linked
}

/** SQLite may answer one column in numbers and the other, with one that is too large, in BigInts. */
function linkKey(value: unknown): unknown {
  if (typeof value !== 'bigint') return value
  const number = Number(value)
  return Number.isSafeInteger(number) ? number : String(value)
}

const NONE: readonly Row[] = []

/** `undefined` where the join would have left it out. */
function createWhole(
  parts: readonly CompiledPart[],
  linked: readonly Linked[],
  { create, relations }: CompiledPart,
  row: Row,
): Entity | undefined {
  const entity = create(row)
  for (const { index, propertyName, path, isMany, isRequired, parentField } of relations) {
    const rows = linked[index]!.get(linkKey(row[parentField])) ?? NONE
    const owner = path.length === 0 ? entity : ownerOf(entity, path)
    const part = parts[index]!
    if (isMany) {
      const children: Entity[] = []
      for (const each of rows) {
        const child = createWhole(parts, linked, part, each)
        if (child) children.push(child)
      }
      owner[propertyName] = children
    } else {
      const child = rows.length === 0 ? undefined : createWhole(parts, linked, part, rows[0]!)
      if (!child && isRequired) return undefined
      owner[propertyName] = child ?? null
    }
  }
  return entity
}
