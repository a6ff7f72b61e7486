/**
 * Foreign keys of rows that are written: what they point at must be the owner's too. The database only knows whether it
 * is there.
 */
import { In, type DataSource, type EntityMetadata, type ObjectLiteral, type QueryRunner } from 'typeorm'
import type { ColumnMetadata } from 'typeorm/metadata/ColumnMetadata.js'

/** Most keys in one look. */
const MAX_KEYS = 500

/** Where one entity points at rows of another. */
export interface Reference {
  /** As the reader calls it: `Ticket.customer`. */
  readonly name: string
  readonly target: EntityMetadata
  readonly columns: readonly { readonly own: ColumnMetadata; readonly referenced: ColumnMetadata }[]
}

/** Those that point at owned entities. */
export function readReferences(
  metadata: EntityMetadata,
  isOwned: (target: EntityMetadata) => boolean,
): readonly Reference[] {
  const groups = metadata.isJunction
    ? [metadata.ownerColumns, metadata.inverseColumns].map((columns) => ({ name: metadata.tableName, columns }))
    : metadata.relations
        .filter(({ joinColumns, isManyToMany }) => joinColumns.length > 0 && !isManyToMany)
        .map(({ propertyPath, joinColumns }) => ({ name: `${metadata.name}.${propertyPath}`, columns: joinColumns }))
  return groups.flatMap(({ name, columns }) => {
    const pairs = columns.flatMap((own) => (own.referencedColumn ? [{ own, referenced: own.referencedColumn }] : []))
    const target = pairs[0]?.referenced.entityMetadata
    return target && isOwned(target) ? [{ name, target, columns: pairs }] : []
  })
}

/** What the values point at: keys that must be among the owner's rows. */
export function keysIn(
  { columns, target }: Reference,
  metadata: EntityMetadata,
  values: readonly ObjectLiteral[],
): readonly Key[] {
  return distinctKeys(columns, values, target === metadata)
}

/** How many of the rows with these keys the running code may see. */
export async function countVisible(
  { target, columns }: Reference,
  keys: readonly Key[],
  source: DataSource,
  runner: QueryRunner | undefined,
): Promise<number> {
  let found = 0
  for (let from = 0; from < keys.length; from += MAX_KEYS) {
    const where = whereOf(columns, keys.slice(from, from + MAX_KEYS))
    const builder = source.createQueryBuilder(target.target as string, 'referenced', runner)
    found += await builder.withDeleted().where(where).getCount()
  }
  return found
}

export type Key = readonly unknown[]

/** @param isOwnEntity - Rows may point at each other; those that come along need not be there yet. */
function distinctKeys(columns: Reference['columns'], values: readonly ObjectLiteral[], isOwnEntity: boolean): Key[] {
  const coming = new Set(
    isOwnEntity ? values.map((each) => print(columns.map(({ referenced }) => referenced.getEntityValue(each)))) : [],
  )
  const keys = new Map<string, Key>()
  for (const each of values) {
    const key = columns.map(({ own }) => own.getEntityValue(each) as unknown)
    if (key.some((value) => value === undefined || value === null || typeof value === 'function')) continue
    if (!coming.has(print(key))) keys.set(print(key), key)
  }
  return [...keys.values()]
}

function whereOf(columns: Reference['columns'], keys: readonly Key[]): ObjectLiteral[] {
  const [only, ...others] = columns
  if (only && others.length === 0) return [only.referenced.createValueMap(In(keys.map(([value]) => value)))]
  return keys.map((key) =>
    Object.assign({}, ...columns.map(({ referenced }, index) => referenced.createValueMap(key[index]) as object)),
  )
}

function print(key: Key): string {
  return JSON.stringify(key.map(String))
}
