/**
 * A query runner of its own for every caller. TypeORM has one for all of SQLite, so that overlapping transactions mix:
 * here a runner owns the connection for one statement, or for as long as its transaction lasts.
 */
import { QueryFailedError } from 'typeorm'
import { BetterSqlite3QueryRunner } from 'typeorm/driver/better-sqlite3/BetterSqlite3QueryRunner.js'
import type { IsolationLevel } from 'typeorm/driver/types/IsolationLevel.js'

import { SqliteRawTransaction, SqliteWaitsOnItself } from './sqlite-errors.ts'
import { beginImmediate } from './begin-immediate.ts'
import type { SqliteDriver } from './sqlite-driver.ts'

/** What TypeORM sends to begin a transaction. */
const TYPEORM_BEGIN = 'BEGIN TRANSACTION'

export class SqliteQueryRunner extends BetterSqlite3QueryRunner {
  declare driver: SqliteDriver
  /** Owns the connection beyond one statement: for a transaction, or for migrations. */
  #ownsConnection = false
  #foreignKeysAreOff = false

  /**
   * @throws `DATA_SQLITE_WAITS_ON_ITSELF` when the same call has a transaction open on another runner,
   * `DATA_SQLITE_LOCK_TIMEOUT` when another caller's transaction does not end in time,
   * `DATA_SQLITE_RAW_TRANSACTION` when `sql` is a `BEGIN` of one's own.
   */
  override async query(sql: string, parameters: unknown[] = [], useStructuredResult = false): Promise<any> {
    if (sql === TYPEORM_BEGIN) return this.#begin()
    await this.#enter()
    try {
      const result: unknown = await super.query(sql, parameters, useStructuredResult)
      if (!this.isTransactionActive) this.#refuseRawTransaction(sql)
      return result
    } finally {
      this.driver.owners.leave()
    }
  }

  override async startTransaction(isolation?: IsolationLevel): Promise<void> {
    await this.#own()
    try {
      await super.startTransaction(isolation)
    } catch (error) {
      this.#settle()
      throw error
    }
  }

  override async commitTransaction(): Promise<void> {
    try {
      await super.commitTransaction()
    } finally {
      this.#settle()
    }
  }

  override async rollbackTransaction(): Promise<void> {
    try {
      await super.rollbackTransaction()
    } finally {
      this.#settle()
    }
  }

  /** Foreign keys are a property of the one connection: nobody else may use it while they are off. */
  override async beforeMigration(): Promise<void> {
    await this.#own()
    this.driver.databaseConnection.pragma('foreign_keys = OFF')
    this.#foreignKeysAreOff = true
  }

  override async afterMigration(): Promise<void> {
    this.#foreignKeysOn()
    this.#settle()
  }

  /** Gives the connection back. A transaction that nobody ended is rolled back, as a server does with a lost client. */
  override async release(): Promise<void> {
    if (this.isReleased) return
    if (this.#ownsConnection) {
      const connection = this.driver.databaseConnection
      if (connection.inTransaction) connection.exec('ROLLBACK')
      this.#foreignKeysOn()
      this.#settle()
    }
    await super.release()
    this.isReleased = true
  }

  async #begin(): Promise<void> {
    this.dataSource.logger.logQuery('BEGIN IMMEDIATE', [], this)
    try {
      await beginImmediate(this.driver.databaseConnection, this.driver.lockTimeoutMs)
    } catch (error) {
      throw new QueryFailedError('BEGIN IMMEDIATE', [], error as Error)
    }
  }

  #refuseRawTransaction(sql: string): void {
    const { databaseConnection } = this.driver
    if (!databaseConnection.inTransaction) return
    databaseConnection.exec('ROLLBACK')
    throw new SqliteRawTransaction(sql)
  }

  async #own(): Promise<void> {
    if (this.#ownsConnection) return
    await this.#enter()
    this.#ownsConnection = true
  }

  async #enter(): Promise<void> {
    const { owners, callOwner } = this.driver
    const ours = callOwner.getStore()
    if (ours !== undefined && ours !== this && owners.owner === ours) throw new SqliteWaitsOnItself()
    await owners.enter(this)
  }

  /** Brings our flags in line with the connection, and gives it up once no transaction is open. */
  #settle(): void {
    if (!this.#ownsConnection || this.driver.databaseConnection.inTransaction) return
    this.isTransactionActive = false
    this.transactionDepth = 0
    if (this.#foreignKeysAreOff) return
    this.#ownsConnection = false
    this.driver.owners.leave()
  }

  #foreignKeysOn(): void {
    if (!this.#foreignKeysAreOff) return
    this.driver.databaseConnection.pragma('foreign_keys = ON')
    this.#foreignKeysAreOff = false
  }
}
