/**
 * One open SQLite database with the shape of better-sqlite3, on `node:sqlite`: what TypeORM's driver is given, so that
 * no native package is needed.
 */
import { existsSync } from 'node:fs'
import { DatabaseSync } from 'node:sqlite'

import { namedFailure } from './sqlite-failure.ts'
import { SqliteReader } from './sqlite-reader.ts'
import { SqliteStatement } from './sqlite-statement.ts'
import type { SqliteRow } from './sqlite-values.ts'

/** The options of better-sqlite3 that TypeORM's driver hands over. */
export interface SqliteConnectionOptions {
  readonly readonly?: boolean
  /** Refuse to create the file. */
  readonly fileMustExist?: boolean
  /** How long a statement waits for another connection's lock, in milliseconds. It blocks the thread meanwhile. */
  readonly timeout?: number
}

/** Statements kept ready; the one unused for longest goes first. */
const MAX_STATEMENTS = 500

const PAUSE_MS = 5
const PAUSE = new Int32Array(new SharedArrayBuffer(4))

export class SqliteConnection {
  readonly #database: DatabaseSync
  readonly #timeoutMs: number
  readonly #statements = new Map<string, SqliteStatement>()

  /**
   * @param path - A file, or `:memory:`.
   * @throws An error with `code` `SQLITE_CANTOPEN`, also when the file must exist and does not.
   */
  constructor(path: string, { readonly = false, fileMustExist = false, timeout = 5000 }: SqliteConnectionOptions = {}) {
    if (fileMustExist && path !== ':memory:' && !existsSync(path)) {
      throw Object.assign(new Error(`unable to open database file ${path}`), { code: 'SQLITE_CANTOPEN' })
    }
    try {
      this.#database = new DatabaseSync(path, { readOnly: readonly, timeout })
    } catch (error) {
      throw namedFailure(error)
    }
    this.#timeoutMs = timeout
  }

  /** Whether a transaction is open. SQLite ends one by itself after some errors, so it alone knows. */
  get inTransaction(): boolean {
    return this.#database.isTransaction
  }

  /** A statement ready to run; the same text answers the same statement. */
  prepare(sql: string): SqliteStatement {
    const known = this.#statements.get(sql)
    if (known) {
      this.#statements.delete(sql)
      this.#statements.set(sql, known)
      return known
    }
    const statement = this.#prepareNew(sql)
    this.#statements.set(sql, statement)
    if (this.#statements.size > MAX_STATEMENTS) this.#statements.delete(this.#statements.keys().next().value as string)
    return statement
  }

  /** A read of its own for whoever asks: it is not kept here. @param sql - A `SELECT`. */
  reader(sql: string): SqliteReader {
    try {
      return new SqliteReader(this.#database.prepare(sql))
    } catch (error) {
      throw namedFailure(error)
    }
  }

  /** @param text - What follows `PRAGMA`. */
  pragma(text: string): SqliteRow[] {
    const statement = this.prepare(`PRAGMA ${text}`)
    return text.startsWith('journal_mode') ? this.#patiently(() => statement.all()) : statement.all()
  }

  /**
   * SQLite's own time limit does not hold while the journal is changed: it gives up at once when somebody writes, so of two
   * processes that open a new file together one would fail.
   */
  #patiently<T>(work: () => T): T {
    const end = performance.now() + this.#timeoutMs
    for (;;) {
      try {
        return work()
      } catch (error) {
        if ((error as { code?: string }).code !== 'SQLITE_BUSY' || performance.now() > end) throw error
        Atomics.wait(PAUSE, 0, 0, PAUSE_MS)
      }
    }
  }

  /** Runs statements that answer nothing. */
  exec(sql: string): void {
    try {
      this.#database.exec(sql)
    } catch (error) {
      throw namedFailure(error)
    }
  }

  /** Like `exec`, but fails with `SQLITE_BUSY` at once where a lock is taken: for callers that wait without blocking. */
  execUnlessBusy(sql: string): void {
    this.pragma('busy_timeout = 0')
    try {
      this.exec(sql)
    } finally {
      this.pragma(`busy_timeout = ${this.#timeoutMs}`)
    }
  }

  close(): void {
    this.#statements.clear()
    this.#database.close()
  }

  #prepareNew(sql: string): SqliteStatement {
    try {
      return new SqliteStatement(this.#database.prepare(sql), sql)
    } catch (error) {
      throw namedFailure(error)
    }
  }
}
