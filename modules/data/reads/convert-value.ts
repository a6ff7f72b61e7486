/**
 * How a value of the database becomes one of an entity. TypeORM's driver decides that by the column; where it would hand
 * the value on unchanged, or do little, it is not asked.
 */
import type { DataSource } from 'typeorm'
import type { ColumnMetadata } from 'typeorm/metadata/ColumnMetadata.js'

import { SqliteDataSource } from '../sqlite/sqlite-data-source.ts'

/**
 * - `same`: unchanged.
 * - `boolean`, `integer`, `date`: little to do, written out in the reader of the row.
 * - `driver`: TypeORM's own conversion, but not for `null`.
 * - `always`: also for `null`, which a transformer may turn into something.
 */
export type Conversion = 'same' | 'boolean' | 'integer' | 'date' | 'driver' | 'always'

/** Types that no driver of ours converts. */
const UNCHANGED: ReadonlySet<unknown> = new Set([
  String,
  'varchar',
  'character varying',
  'nvarchar',
  'char',
  'character',
  'text',
  'tinytext',
  'mediumtext',
  'longtext',
  'uuid',
  'int',
  'int2',
  'int4',
  'int8',
  'integer',
  'smallint',
  'mediumint',
  'bigint',
  'decimal',
  'numeric',
  'float',
  'double',
  'real',
  'double precision',
  'blob',
  'bytea',
])

export function conversionOf(source: DataSource, column: ColumnMetadata): Conversion {
  if (column.transformer) return 'always'
  const { type } = column
  if (UNCHANGED.has(type)) return 'same'
  const isPostgres = source.options.type === 'postgres'
  if (type === Boolean) return 'boolean'
  if (type === Number) return isPostgres ? 'same' : 'integer'
  if (isPostgres && (type === 'jsonb' || type === 'json' || type === 'boolean' || type === 'bool')) return 'same'
  if (type === 'boolean') return 'boolean'
  if ((type === 'datetime' || type === Date) && source instanceof SqliteDataSource) return 'date'
  return 'driver'
}

const ZERO = 48
const UTC_TEXT = /^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d(?:\.\d{3})?$/

/**
 * A date as our writes and SQLite's own clock store it, in UTC; `undefined` for every other text, which TypeORM knows how
 * to read. A text that names no day of the calendar is such a one too.
 */
export function utcDate(text: unknown): Date | undefined {
  if (typeof text !== 'string' || !UTC_TEXT.test(text)) return undefined
  const year = two(text, 0) * 100 + two(text, 2)
  const month = two(text, 5)
  const day = two(text, 8)
  const hour = two(text, 11)
  const minute = two(text, 14)
  const second = two(text, 17)
  if (year < 100 || month < 1 || month > 12 || day < 1 || day > 28) return undefined
  if (hour > 23 || minute > 59 || second > 59) return undefined
  const milliseconds = text.length > 19 ? (text.charCodeAt(20) - ZERO) * 100 + two(text, 21) : 0
  return new Date(Date.UTC(year, month - 1, day, hour, minute, second, milliseconds))
}

function two(text: string, at: number): number {
  return (text.charCodeAt(at) - ZERO) * 10 + text.charCodeAt(at + 1) - ZERO
}
