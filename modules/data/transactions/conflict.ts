/** Failures that are nobody's fault: two transactions met, and one of them has to begin again. */
import { errorCode } from '../error-code.ts'
import { isBusy } from '../sqlite/sqlite-failure.ts'

const CODES = new Set<unknown>([
  // PostgreSQL: serialization_failure, deadlock_detected (https://www.postgresql.org/docs/15/mvcc-serialization-failure-handling.html)
  '40001',
  '40P01',
  // MySQL and MariaDB; the last is MariaDB's "Record has changed since last read".
  'ER_LOCK_DEADLOCK',
  'ER_LOCK_WAIT_TIMEOUT',
  'ER_CHECKREAD',
])

/** Whether the database asks to begin the transaction again. */
export function isConflict(error: unknown): boolean {
  const { driverError } = error as { readonly driverError?: unknown }
  const cause = driverError ?? error
  return CODES.has(errorCode(cause)) || isBusy(cause)
}

const READ_ONLY_CODES = new Set<unknown>(['25006', 'ER_CANT_EXECUTE_IN_READ_ONLY_TRANSACTION', 'SQLITE_READONLY'])

/** Whether a write was refused because the transaction only reads. */
export function isReadOnlyRefusal(error: unknown): boolean {
  return READ_ONLY_CODES.has(errorCode((error as { readonly driverError?: unknown }).driverError))
}
