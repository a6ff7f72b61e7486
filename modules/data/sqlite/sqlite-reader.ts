/**
 * A prepared read that answers rows as arrays, which `node:sqlite` makes in half the time of objects.
 * Its owner keeps it; whoever reads converts what only SQLite has (see `fromSqlite`).
 */
import type { SQLOutputValue, StatementSync } from 'node:sqlite'

import { errorCode } from '../error-code.ts'
import { namedFailure } from './sqlite-failure.ts'
import { toSqlite } from './sqlite-values.ts'

export class SqliteReader {
  /** The names of the columns, in the order of the values in a row. */
  readonly fields: readonly string[]
  readonly #statement: StatementSync

  constructor(statement: StatementSync) {
    this.#statement = statement
    this.fields = statement.columns().map((column) => column.name)
    statement.setReturnArrays(true)
  }

  /** Runs it and answers its rows. */
  all(parameters: readonly unknown[]): SQLOutputValue[][] {
    const bound = parameters.map(toSqlite)
    try {
      return this.#rows(bound)
    } catch (error) {
      // Integers that a number cannot hold: from now on all are read as BigInt.
      if (errorCode(error) !== 'ERR_OUT_OF_RANGE') throw namedFailure(error)
      this.#statement.setReadBigInts(true)
      return this.#rows(bound)
    }
  }

  #rows(bound: ReturnType<typeof toSqlite>[]): SQLOutputValue[][] {
    return this.#statement.all(...bound) as unknown as SQLOutputValue[][]
  }
}
