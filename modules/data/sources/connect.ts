/** Connecting to a database: what the driver says when it cannot becomes one sentence that says what to do. */
import type { DataSource } from 'typeorm'

import { DatabaseUnreachable } from '../data-errors.ts'
import { printTarget, type DatabaseTarget } from '../database-url.ts'
import { errorCode } from '../error-code.ts'
import { explainFailure, isServerWithoutTls } from '../explain-failure.ts'

/**
 * @param variable - The one that holds the URL.
 * @throws `DATA_DATABASE_UNREACHABLE`
 */
export async function connect(source: DataSource, target: DatabaseTarget, variable: string): Promise<void> {
  try {
    await source.initialize()
  } catch (error) {
    // Entities that do not fit together are the programmer's, and TypeORM names them well.
    if (!isConnectionFailure(error)) throw error
    throw new DatabaseUnreachable(printTarget(target), explainFailure(error, target, variable)).causedBy(error)
  }
}

/** Drivers give their errors a code or number, or know none themselves; TypeORM's own have a name of TypeORM's. */
function isConnectionFailure(error: unknown): error is Error {
  return errorCode(error) !== undefined || isServerWithoutTls(error)
}
