/** Names for what SQLite reports by number, as TypeORM and its users know them from better-sqlite3. */
import { errorCode } from '../error-code.ts'

/** Extended result codes; see https://sqlite.org/rescode.html. */
const NAMES: Readonly<Record<number, string>> = {
  275: 'SQLITE_CONSTRAINT_CHECK',
  787: 'SQLITE_CONSTRAINT_FOREIGNKEY',
  1299: 'SQLITE_CONSTRAINT_NOTNULL',
  1555: 'SQLITE_CONSTRAINT_PRIMARYKEY',
  1811: 'SQLITE_CONSTRAINT_TRIGGER',
  2067: 'SQLITE_CONSTRAINT_UNIQUE',
  2579: 'SQLITE_CONSTRAINT_ROWID',
  3091: 'SQLITE_CONSTRAINT_DATATYPE',
  261: 'SQLITE_BUSY_RECOVERY',
  517: 'SQLITE_BUSY_SNAPSHOT',
}

/** Primary result codes: the low byte of an extended one. */
const PRIMARY_NAMES: Readonly<Record<number, string>> = {
  1: 'SQLITE_ERROR',
  5: 'SQLITE_BUSY',
  6: 'SQLITE_LOCKED',
  8: 'SQLITE_READONLY',
  9: 'SQLITE_INTERRUPT',
  10: 'SQLITE_IOERR',
  11: 'SQLITE_CORRUPT',
  13: 'SQLITE_FULL',
  14: 'SQLITE_CANTOPEN',
  18: 'SQLITE_TOOBIG',
  19: 'SQLITE_CONSTRAINT',
  20: 'SQLITE_MISMATCH',
  23: 'SQLITE_AUTH',
  26: 'SQLITE_NOTADB',
}

/** What `node:sqlite` throws. */
interface NodeSqliteError extends Error {
  code: string
  readonly errcode: number
}

/** Puts the name into `code`; an error that is none of SQLite's passes unchanged. */
export function namedFailure(error: unknown): unknown {
  if (isSqliteError(error)) error.code = NAMES[error.errcode] ?? PRIMARY_NAMES[error.errcode & 0xff] ?? error.code
  return error
}

/** Whether another connection holds the lock that a statement needed. */
export function isBusy(error: unknown): boolean {
  return String(errorCode(error)).startsWith('SQLITE_BUSY')
}

function isSqliteError(error: unknown): error is NodeSqliteError {
  return errorCode(error) === 'ERR_SQLITE_ERROR'
}
