/** Two rows that must differ and do not: the same answer from every database. */
import { QueryFailedError } from 'typeorm'

import { DuplicateRow } from './data-errors.ts'
import { errorCode } from './error-code.ts'

/** SQLite's names, PostgreSQL's SQLSTATE, MySQL's and MariaDB's name. */
const CODES = new Set<unknown>([
  'SQLITE_CONSTRAINT_UNIQUE',
  'SQLITE_CONSTRAINT_PRIMARYKEY',
  'SQLITE_CONSTRAINT_ROWID',
  '23505',
  'ER_DUP_ENTRY',
])

/** Runs a write; a broken unique constraint becomes `DATA_DUPLICATE_ROW`, with the database's error as its cause. */
export async function refusingDuplicates<T>(entity: string, write: () => Promise<T>): Promise<T> {
  try {
    return await write()
  } catch (error) {
    if (error instanceof QueryFailedError && CODES.has(errorCode(error.driverError))) {
      throw new DuplicateRow(entity).causedBy(error)
    }
    throw error
  }
}
