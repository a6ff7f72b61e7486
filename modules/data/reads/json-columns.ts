/**
 * One statement of PostgreSQL for all parts of a read, which answers each column as one text: `pg` has a handful of values
 * to take apart instead of one for every field of every row, and V8 reads JSON faster than anything reads rows.
 */
import type { DataSource, EntityManager } from 'typeorm'

import type { KeptTo, Part, Parts } from './parts.ts'
import type { Row } from './row-reader.ts'

/** Reads the text of one column. */
type ColumnReader = (text: string) => readonly unknown[]

type Parser = (text: string) => unknown

export interface JsonColumns {
  readonly sql: string
  readonly parameters: Readonly<Record<string, unknown>>
  /** The rows of each part; `undefined` where its columns are not of one length, so that nothing can be said. */
  readonly rows: (texts: readonly unknown[]) => Row[][] | undefined
}

const BOOLEAN = 16
const SMALLINT = 21
const INTEGER = 23
const TEXTS: ReadonlySet<number> = new Set([25, 1042, 1043])

/** What keeps a part to the rows of its parents. */
export function inParent({ dataSource }: EntityManager): KeptTo {
  return (column, { parent: index, parentField }, { fields }) => ({
    sql: `${column} IN (SELECT ${dataSource.driver.escape(fields[parentField]!)} FROM ${nameOf(index)})`,
    parameters: {},
  })
}

/** @param typeOf - By the name of a field, PostgreSQL's number of its type. @returns `undefined` where one is not known. */
export function jsonColumns(
  { dataSource }: EntityManager,
  { parts, texts, isWholeTable }: Parts,
  typeOf: ReadonlyMap<string, number>,
): JsonColumns | undefined {
  const known = parts.every(({ fields }) => fields.every((field) => typeOf.has(field)))
  if (!known || parts.some((part) => !isLinkedByOneType(part, parts, typeOf))) return undefined
  const columns = parts.map(({ fields, columns }) =>
    fields.map((field, at) => {
      const name = dataSource.driver.escape(field)
      return columnReader(dataSource, name, typeOf.get(field)!, columns[at]!.isNullable)
    }),
  )
  const ctes = texts.map(({ sql }, index) => {
    // Without criteria the rows of the root are not worth being kept for those who ask which they are.
    const kept = index === 0 && isWholeTable ? 'NOT MATERIALIZED ' : ''
    return `${nameOf(index)} AS ${kept}(${sql})`
  })
  const froms = columns.map((each, index) => {
    const list = each.map(({ aggregate }, at) => `${aggregate} AS c${at}`)
    return `(SELECT ${list.join(', ')} FROM ${nameOf(index)}) r${index}`
  })
  return {
    sql: `WITH ${ctes.join(', ')} SELECT * FROM ${froms.join(', ')}`,
    parameters: texts.at(-1)!.parameters,
    rows: (found) => {
      let from = 0
      const rows: Row[][] = []
      for (const each of columns) {
        const read = readAll(each, found.slice(from, (from += each.length)))
        if (!read) return undefined
        rows.push(rowsOf(read))
      }
      return rows
    },
  }
}

/** `undefined` for columns of several lengths, and for a text that is none of the type that the column had. */
function readAll(
  columns: readonly { readonly read: ColumnReader }[],
  texts: readonly unknown[],
): readonly (readonly unknown[])[] | undefined {
  try {
    const read = columns.map(({ read }, at) => (texts[at] === null ? [] : read(texts[at] as string)))
    return read.every(({ length }) => length === read[0]!.length) ? read : undefined
  } catch {
    return undefined
  }
}

function nameOf(index: number): string {
  return `tenon_${index}`
}

/** A `5` and a `'5'` are equal to PostgreSQL alone. */
function isLinkedByOneType(
  { fields, link }: Part,
  parts: readonly Part[],
  typeOf: ReadonlyMap<string, number>,
): boolean {
  if (!link) return true
  return typeOf.get(fields[link.ownField]!) === typeOf.get(parts[link.parent]!.fields[link.parentField]!)
}

/** Which text holds the values of a column, and how it is read: as `pg` reads them one by one. */
function columnReader(
  { driver }: DataSource,
  name: string,
  type: number,
  isNullable: boolean,
): { readonly aggregate: string; readonly read: ColumnReader } {
  const { types } = (driver as unknown as PostgresDriver).postgres
  const parse = types.getTypeParser(type, 'text') as Parser
  if ((type === INTEGER || type === SMALLINT) && parse('-7') === -7) {
    if (isNullable) return { aggregate: `json_agg(${name})::text`, read: JSON.parse }
    return { aggregate: `string_agg(${name}::text, ',')`, read: (text) => JSON.parse(`[${text}]`) as number[] }
  }
  if (TEXTS.has(type) && parse('7') === '7') return { aggregate: `json_agg(${name})::text`, read: JSON.parse }
  if (type === BOOLEAN && parse('t') === true && parse('f') === false) {
    return { aggregate: `json_agg(${name})::text`, read: JSON.parse }
  }
  const read: ColumnReader = (text) =>
    (JSON.parse(text) as readonly (string | null)[]).map((each) => (each === null ? null : parse(each)))
  return { aggregate: `json_agg(${name}::text)::text`, read }
}

interface PostgresDriver {
  readonly postgres: { readonly types: { getTypeParser(type: number, format: 'text'): unknown } }
}

function rowsOf(columns: readonly (readonly unknown[])[]): Row[] {
  const rows: Row[] = []
  const count = columns[0]?.length ?? 0
  for (let at = 0; at < count; at += 1) {
    const row = Array<unknown>(columns.length)
    for (let column = 0; column < columns.length; column += 1) row[column] = columns[column]![at]
    rows.push(row)
  }
  return rows
}
