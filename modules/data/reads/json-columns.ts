/**
 * One statement of PostgreSQL for all parts of a read, which answers each column as one text: `pg` has a handful of values
 * to take apart instead of one for every field of every row, and V8 reads JSON faster than anything reads rows.
 */
import type { DataSource, EntityManager } from 'typeorm'

import type { KeptTo, Part, Parts } from './parts.ts'
import type { Table } from './row-reader.ts'

/** Reads the text of one column. */
type ColumnReader = (text: string) => readonly unknown[]

type Parser = (text: string) => unknown

export interface JsonColumns {
  readonly sql: string
  readonly parameters: Readonly<Record<string, unknown>>
  /** `undefined` where a text is none of the type that its column had: nothing can be said then. */
  readonly read: (texts: readonly unknown[]) => JsonRows | undefined
}

/** The columns of each part, or the fields whose values cannot be told apart unless they are escaped. */
export type JsonRows =
  | { readonly tables: readonly Table[]; readonly unclear?: never }
  | { readonly tables?: never; readonly unclear: readonly string[] }

interface Column {
  readonly field: string
  /** What makes one text of the values. */
  readonly aggregate: string
  /** Whether the text always has as many values as there are rows. */
  readonly isSure: boolean
  readonly read: ColumnReader
}

const BOOLEAN = 16
const SMALLINT = 21
const INTEGER = 23
/** `char(n)`: its spaces at the end are lost where it becomes another text. */
const PADDED = 1042
const TEXTS: ReadonlySet<number> = new Set([25, PADDED, 1043])
const ADDRESS = 869

/** What keeps a part to the rows of its parents. */
export function inParent({ dataSource }: EntityManager): KeptTo {
  return (column, { parent: index, parentField }, { fields }) => ({
    sql: `${column} IN (SELECT ${dataSource.driver.escape(fields[parentField]!)} FROM ${nameOf(index)})`,
    parameters: {},
  })
}

/**
 * @param typeOf - By the name of a field, PostgreSQL's number of its type.
 * @param escaped - Fields whose values have turned out to need it.
 * @returns `undefined` where a type is not known.
 */
export function jsonColumns(
  { dataSource }: EntityManager,
  { parts, texts, isWholeTable }: Parts,
  typeOf: ReadonlyMap<string, number>,
  escaped: ReadonlySet<string>,
): JsonColumns | undefined {
  const types = new Map(typeOf)
  for (const { fields, link } of parts) {
    // The join did not read it: it has the type of what it points at.
    if (link?.junction) types.set(fields[link.ownField]!, types.get(parts[link.parent]!.fields[link.parentField]!)!)
  }
  const known = parts.every(({ fields }) => fields.every((field) => types.get(field) !== undefined))
  if (!known || parts.some((part) => !isLinkedByOneType(part, parts, types))) return undefined
  const columns = parts.map(({ fields, columns }) => {
    const read = (mayBePlain: (at: number) => boolean) =>
      fields.map((field, at) => columnOf(dataSource, field, types.get(field)!, mayBePlain(at)))
    const asFound = read((at) => !columns[at]!.isNullable && !escaped.has(fields[at]!))
    // How many values there are has to be said by one of them.
    return asFound.some(({ isSure }) => isSure) ? asFound : [...read(() => false).slice(0, 1), ...asFound.slice(1)]
  })
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
    read: (found) => {
      let from = 0
      const unclear: string[] = []
      const tables: Table[] = []
      for (const each of columns) {
        const table = readTable(each, found.slice(from, (from += each.length)), unclear)
        if (!table) return undefined
        tables.push(table)
      }
      return unclear.length > 0 ? { unclear } : { tables }
    },
  }
}

/** @param unclear - Takes the columns whose text has another number of values than there are rows. */
function readTable(columns: readonly Column[], texts: readonly unknown[], unclear: string[]): Table | undefined {
  const read = columns.map((column, at) => valuesOf(column, texts[at]))
  const count = read[columns.findIndex(({ isSure }) => isSure)]?.length
  for (const [at, { field, isSure }] of columns.entries()) {
    if (isSure && (count === undefined || read[at]?.length !== count)) return undefined
    if (read[at]?.length !== count) unclear.push(field)
  }
  return read as Table
}

/** `undefined` for a text that cannot be read. */
function valuesOf({ read }: Column, text: unknown): readonly unknown[] | undefined {
  try {
    return text === null ? [] : read(text as string)
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

/**
 * Which text holds the values of a column, and how it is read: as `pg` reads them one by one.
 * @param mayBePlain - Without escapes, which PostgreSQL writes character by character.
 */
function columnOf({ driver }: DataSource, field: string, type: number, mayBePlain: boolean): Column {
  const name = driver.escape(field)
  const { types } = (driver as unknown as PostgresDriver).postgres
  const parse = types.getTypeParser(type, 'text') as Parser
  if ((type === INTEGER || type === SMALLINT) && parse('-7') === -7) {
    const aggregate = `string_agg(coalesce(${name}::text, 'null'), ',')`
    return { field, aggregate, isSure: true, read: (text) => JSON.parse(`[${text}]`) as number[] }
  }
  if (type === BOOLEAN && parse('t') === true && parse('f') === false) {
    return { field, aggregate: `json_agg(${name})::text`, isSure: true, read: JSON.parse }
  }
  const isText = TEXTS.has(type) && parse('7') === '7'
  const isPlain = mayBePlain && type !== PADDED
  const value = isText ? name : sentText(name, type)
  const texts = isPlain ? readPlain : (JSON.parse as (text: string) => readonly (string | null)[])
  return {
    field,
    aggregate: isPlain ? `string_agg(coalesce(${value}, '","'), '","')` : `json_agg(${value})::text`,
    isSure: !isPlain,
    read: isText ? texts : (text) => texts(text).map((each) => (each === null ? null : parse(each))),
  }
}

/** The text that is sent to clients, which is not what every type is cast to. None of these is ever empty. */
function sentText(name: string, type: number): string {
  const isCastElse = type === BOOLEAN || type === ADDRESS || type === PADDED
  return isCastElse ? `nullif(format('%s', ${name}), '')` : `${name}::text`
}

/**
 * Texts between quotes, which stand there unescaped. Each text that JSON reads takes two quotes, and there are two for each
 * value: quotes in a value, and a `NULL`, which is written as two, make more texts than there are values, or no JSON.
 * @throws where one holds what JSON has to escape.
 */
function readPlain(text: string): readonly string[] {
  if (text.includes('\\')) throw new SyntaxError('An escape is not one.')
  return JSON.parse(`["${text}"]`) as string[]
}

interface PostgresDriver {
  readonly postgres: { readonly types: { getTypeParser(type: number, format: 'text'): unknown } }
}
