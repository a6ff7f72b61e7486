/**
 * Makes entities of rows: one function per place of an entity in a read, written out as code where the process allows
 * that and put together from closures where it does not. Both assign the same properties in the order TypeORM does.
 */
import { canGenerateCode } from 'tenon'
import type { DataSource } from 'typeorm'
import type { EmbeddedMetadata } from 'typeorm/metadata/EmbeddedMetadata.js'

import { SqliteDataSource } from '../sqlite/sqlite-data-source.ts'
import { fromSqlite } from '../sqlite/sqlite-values.ts'
import { conversionOf, utcDate, type Conversion } from './convert-value.ts'
import type { EntityNode, FieldColumn } from './entity-node.ts'

/** The values of a row, in the order of its fields. */
export type Row = readonly unknown[]

/** The values of several rows: row by row, or column by column. */
export type Table = readonly (readonly unknown[])[]

export type ReaderMode = 'generated' | 'closures'

export interface RowReader {
  /** Whether the row has the entity: a left join may have found none. */
  readonly isThere: (row: Row) => boolean
  /** The entity of the row, without its relations. */
  readonly create: (row: Row) => Record<string, unknown>
}

/** The entity in the row with this number, without its relations. */
export type CreateAt = (table: Table, at: number) => Record<string, unknown>

/** How a value is reached from what a reader is given: the code, with `r` and `n` for it, and the same as a function. */
interface Access {
  readonly code: (index: number) => string
  readonly read: (values: readonly unknown[], index: number, at: number) => unknown
}

const ACCESS = {
  row: { code: (index) => `r[${index}]`, read: (row, index) => row[index] },
  rows: { code: (index) => `r[n][${index}]`, read: (rows, index, at) => (rows[at] as Row)[index] },
  columns: { code: (index) => `r[${index}][n]`, read: (columns, index, at) => (columns[index] as Row)[at] },
} as const satisfies Record<string, Access>

/** How the values of a table are put together. */
export type Layout = Exclude<keyof typeof ACCESS, 'row'>

interface Cell extends FieldColumn {
  readonly index: number
  readonly conversion: Conversion
}

export function compileRowReader(
  source: DataSource,
  node: EntityNode,
  fields: readonly string[],
  mode: ReaderMode,
): RowReader {
  return compile(source, node, fields, mode, ACCESS.row)
}

/** The same for the rows of a table. */
export function compileTableReader(
  source: DataSource,
  node: EntityNode,
  fields: readonly string[],
  mode: ReaderMode,
  layout: Layout,
): CreateAt {
  return compile(source, node, fields, mode, ACCESS[layout]).create
}

interface CompiledReader {
  readonly isThere: (row: Row) => boolean
  readonly create: (values: readonly unknown[], at?: number) => Record<string, unknown>
}

function compile(
  source: DataSource,
  node: EntityNode,
  fields: readonly string[],
  mode: ReaderMode,
  access: Access,
): CompiledReader {
  const cells = node.columns.flatMap((each): Cell[] => {
    const index = fields.lastIndexOf(each.field)
    return index < 0 ? [] : [{ ...each, index, conversion: conversionOf(source, each.column) }]
  })
  // What says soonest that the entity is there comes first.
  const sure = [...cells].sort((one, other) => Number(other.column.isPrimary) - Number(one.column.isPrimary))
  return mode === 'generated' ? generate(source, node, cells, sure, access) : enclose(source, node, cells, sure, access)
}

/** Whether this process may turn text into functions: `--disallow-code-generation-from-strings` forbids it. */
export function readerMode(): ReaderMode {
  return canGenerateCode() ? 'generated' : 'closures'
}

/** Constants of the generated code by name; names of users never stand in it unquoted. */
class Constants {
  readonly names: string[] = []
  readonly values: unknown[] = []

  add(value: unknown): string {
    const known = this.values.indexOf(value)
    if (known >= 0) return this.names[known]!
    this.values.push(value)
    return this.names[this.names.push(`c${this.names.length}`) - 1]!
  }
}

function generate(
  source: DataSource,
  node: EntityNode,
  cells: readonly Cell[],
  sure: readonly Cell[],
  access: Access,
): CompiledReader {
  const constants = new Constants()
  const converted = (cell: Cell): string => {
    const raw = access.code(cell.index)
    const value =
      source instanceof SqliteDataSource
        ? `(typeof (v = ${raw}) === 'string' || typeof v === 'number' ? v : ${constants.add(plainValue)}(v))`
        : raw
    const slow = (v: string): string =>
      `${constants.add(source.driver)}.prepareHydratedValue(${v}, ${constants.add(cell.column)})`
    switch (cell.conversion) {
      case 'same':
        return value
      case 'boolean':
        return `((v = ${value}) === null ? null : v ? true : false)`
      case 'integer':
        return `((v = ${value}) === null ? null : (i = v | 0) === v ? i : ${slow('v')})`
      case 'date':
        return `((v = ${value}) === null ? null : (${constants.add(utcDate)}(v) ?? ${slow('v')}))`
      case 'driver':
        return `((v = ${value}) === null ? null : ${slow('v')})`
      case 'always':
        return slow(value)
    }
  }
  const owner = (path: readonly EmbeddedMetadata[]): string =>
    path.reduce(
      (object, embedded) =>
        `(${object}[${JSON.stringify(embedded.propertyName)}] ??= ${constants.add(embedded)}.create())`,
      'e',
    )
  const isPlainClass = node.metadata.isAlwaysUsingConstructor
  const lines = cells.map((cell) => {
    const { column } = cell
    const object = owner(column.embeddedMetadata?.embeddedMetadataTree ?? [])
    return `${object}[${JSON.stringify(column.propertyName)}] = ${converted(cell)};`
  })
  const create = isPlainClass
    ? `new ${constants.add(node.metadata.target)}()`
    : `Object.create(${constants.add((node.metadata.target as Function).prototype)})`
  const test = sure.map((cell) => `r[${cell.index}] !== null`).join(' || ') || 'false'
  const code = `return {
    isThere: (r) => ${test},
    create: (r, n) => { let v, i; const e = ${create}; ${lines.join('\n')} return e; },
  }`
  // oxlint-disable-next-line no-implied-eval, typescript/no-implied-eval -- Made of column numbers, quoted property names and constants.
  return (new Function(...constants.names, code) as (...values: unknown[]) => CompiledReader)(...constants.values)
}

function enclose(
  source: DataSource,
  node: EntityNode,
  cells: readonly Cell[],
  sure: readonly Cell[],
  access: Access,
): CompiledReader {
  const { driver } = source
  const plain = source instanceof SqliteDataSource ? plainValue : (value: unknown) => value
  const assign = cells.map(({ column, index, conversion }) => {
    const path = column.embeddedMetadata?.embeddedMetadataTree ?? []
    const { propertyName } = column
    const convert = (value: unknown): unknown => {
      if (conversion === 'same' || (value === null && conversion !== 'always')) return value
      return (conversion === 'date' ? utcDate(value) : undefined) ?? driver.prepareHydratedValue(value, column)
    }
    return (entity: Record<string, unknown>, values: readonly unknown[], at: number): void => {
      ownerOf(entity, path)[propertyName] = convert(plain(access.read(values, index, at)))
    }
  })
  const indices = sure.map((cell) => cell.index)
  return {
    isThere: (row) => indices.some((index) => row[index] !== null),
    create: (values, at = 0) => {
      const entity = node.metadata.create(undefined, { fromDeserializer: true }) as Record<string, unknown>
      for (const each of assign) each(entity, values, at)
      return entity
    },
  }
}

/** The entity, or the embedded object of it that a path leads to; made where it is missing. */
export function ownerOf(entity: Record<string, unknown>, path: readonly EmbeddedMetadata[]): Record<string, unknown> {
  return path.reduce(
    (object, embedded) => (object[embedded.propertyName] ??= embedded.create()) as Record<string, unknown>,
    entity,
  )
}

function plainValue(value: unknown): unknown {
  return value === null ? null : fromSqlite(value as Parameters<typeof fromSqlite>[0])
}
