/** A prepared statement with the shape of better-sqlite3's: `reader`, `all`, `run`. */
import type { StatementSync } from 'node:sqlite'

import { errorCode } from '../error-code.ts'
import { namedFailure } from './sqlite-failure.ts'
import { fromSqlite, fromSqliteRow, toSqlite, type SqliteRow } from './sqlite-values.ts'

/** What a statement without rows did. */
export interface SqliteChanges {
  readonly changes: number
  /** A string beyond 2^53. */
  readonly lastInsertRowid: number | string
}

/** Statements that can be run a second time without a second effect. */
const READ_ONLY = /^\s*(select|values|pragma|explain)\b/i

export class SqliteStatement {
  /** Whether it answers rows. */
  readonly reader: boolean
  readonly #statement: StatementSync
  #readsBigInts: boolean

  constructor(statement: StatementSync, sql: string) {
    this.#statement = statement
    this.reader = statement.columns().length > 0
    // A read is tried with plain numbers first, they are faster. What writes must not be tried twice, so it reads
    // every integer as BigInt from the start: `INSERT … RETURNING` has inserted before the first value is read.
    this.#readsBigInts = !this.reader || !READ_ONLY.test(sql)
    if (this.#readsBigInts) statement.setReadBigInts(true)
  }

  /** Runs it and answers its rows. */
  all(...parameters: readonly unknown[]): SqliteRow[] {
    const bound = parameters.map(toSqlite)
    try {
      return this.#statement.all(...bound).map(fromSqliteRow)
    } catch (error) {
      if (this.#readsBigInts || !isTooLarge(error)) throw namedFailure(error)
      this.#readsBigInts = true
      this.#statement.setReadBigInts(true)
      return this.#statement.all(...bound).map(fromSqliteRow)
    }
  }

  /** Runs it and answers what it changed. */
  run(...parameters: readonly unknown[]): SqliteChanges {
    try {
      const { changes, lastInsertRowid } = this.#statement.run(...parameters.map(toSqlite))
      return { changes: Number(changes), lastInsertRowid: fromSqlite(lastInsertRowid) as number | string }
    } catch (error) {
      throw namedFailure(error)
    }
  }
}

/** `node:sqlite` refuses integers that a number cannot hold. */
function isTooLarge(error: unknown): boolean {
  return errorCode(error) === 'ERR_OUT_OF_RANGE'
}
