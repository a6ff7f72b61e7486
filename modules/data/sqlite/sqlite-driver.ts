/** TypeORM's better-sqlite3 driver on `node:sqlite`, with a query runner for every caller and a queue before the file. */
import { AsyncLocalStorage } from 'node:async_hooks'

import type { DataSource, QueryRunner } from 'typeorm'
import { BetterSqlite3Driver } from 'typeorm/driver/better-sqlite3/BetterSqlite3Driver.js'

import { OwnerQueue } from './owner-queue.ts'
import type { SqliteConnection } from './sqlite-connection.ts'
import { SqliteQueryRunner } from './sqlite-query-runner.ts'

export class SqliteDriver extends BetterSqlite3Driver {
  declare databaseConnection: SqliteConnection
  /** How long a caller waits for another caller, or another process, in milliseconds. */
  readonly lockTimeoutMs: number
  readonly owners: OwnerQueue<object>
  /** The runner whose transaction the current call is in. */
  readonly callOwner = new AsyncLocalStorage<object>()

  constructor(dataSource: DataSource, lockTimeoutMs: number) {
    super(dataSource)
    this.lockTimeoutMs = lockTimeoutMs
    this.owners = new OwnerQueue(lockTimeoutMs)
  }

  override createQueryRunner(): QueryRunner {
    return new SqliteQueryRunner(this)
  }

  /** Lets everyone finish who came before, then closes. */
  override async disconnect(): Promise<void> {
    try {
      await this.owners.close(this)
    } finally {
      await super.disconnect()
    }
  }
}
