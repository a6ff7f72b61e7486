/**
 * Values on their way into SQLite and out of it.
 * `node:sqlite` binds every number as a float, hands rows without a prototype and bytes without `Buffer`; TypeORM and
 * its users expect what better-sqlite3 does.
 */
import type { SQLInputValue, SQLOutputValue } from 'node:sqlite'
import { isUint8Array } from 'node:util/types'

/** A row as a plain object. */
export type SqliteRow = Record<string, unknown>

/**
 * What is bound for a parameter. Whole numbers go in as integers: bound as floats, a text column would store `5.0` and
 * `7 / ?` would not be an integer division.
 */
export function toSqlite(value: unknown): SQLInputValue {
  if (typeof value === 'number') return Number.isSafeInteger(value) ? BigInt(value) : value
  if (typeof value === 'boolean') return value ? 1n : 0n
  return value as SQLInputValue
}

/** A row as a plain object, its bytes as `Buffer`, its integers as numbers or, beyond 2^53, as strings. */
export function fromSqliteRow(row: Record<string, SQLOutputValue>): SqliteRow {
  const plain: SqliteRow = {}
  for (const name in row) plain[name] = fromSqlite(row[name] as SQLOutputValue)
  return plain
}

/** One value of a row, as `fromSqliteRow` gives it. */
export function fromSqlite(value: SQLOutputValue): unknown {
  if (typeof value === 'bigint') return numberOrText(value)
  if (isUint8Array(value)) return Buffer.from(value.buffer, value.byteOffset, value.byteLength)
  return value
}

function numberOrText(value: bigint): number | string {
  const number = Number(value)
  return Number.isSafeInteger(number) ? number : String(value)
}
