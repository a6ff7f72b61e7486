/** Rows that must differ and do not, and keys that lead nowhere: the same answer from every database. */
import { QueryFailedError } from 'typeorm'

import { DuplicateRow, ReferenceMissing, RowReferenced } from './data-errors.ts'
import { errorCode } from './error-code.ts'

/** SQLite's names, PostgreSQL's SQLSTATE, MySQL's and MariaDB's name. */
const UNIQUE = new Set<unknown>([
  'SQLITE_CONSTRAINT_UNIQUE',
  'SQLITE_CONSTRAINT_PRIMARYKEY',
  'SQLITE_CONSTRAINT_ROWID',
  '23505',
  'ER_DUP_ENTRY',
])

const FOREIGN_KEY = new Set<unknown>([
  'SQLITE_CONSTRAINT_FOREIGNKEY',
  '23503',
  // `RESTRICT` where the others say foreign key.
  '23001',
  'ER_NO_REFERENCED_ROW',
  'ER_NO_REFERENCED_ROW_2',
  'ER_ROW_IS_REFERENCED',
  'ER_ROW_IS_REFERENCED_2',
])

/**
 * Runs a write; what breaks a constraint is told in words, with the database's error as its cause.
 * @param what - SQLite does not say which side of a foreign key is at fault: what is deleted was pointed at, what is
 *   written points nowhere.
 * @throws `DATA_DUPLICATE_ROW`, `DATA_REFERENCE_MISSING`, `DATA_ROW_REFERENCED`
 */
export async function explainingConstraints<T>(
  entity: string,
  what: 'write' | 'delete',
  work: () => Promise<T>,
): Promise<T> {
  try {
    return await work()
  } catch (error) {
    if (!(error instanceof QueryFailedError)) throw error
    const code = errorCode(error.driverError)
    if (UNIQUE.has(code)) throw new DuplicateRow(entity).causedBy(error)
    if (!FOREIGN_KEY.has(code)) throw error
    throw new (what === 'delete' ? RowReferenced : ReferenceMissing)(entity).causedBy(error)
  }
}
