/** A TypeORM data source on `node:sqlite`. */
import { DataSource, EntityManager, type DataSourceOptions, type QueryRunner } from 'typeorm'
import type { IsolationLevel } from 'typeorm/driver/types/IsolationLevel.js'

import { SqliteConnection } from './sqlite-connection.ts'
import { SqliteDriver } from './sqlite-driver.ts'

type TypeOrmSqliteOptions = Extract<DataSourceOptions, { readonly type: 'better-sqlite3' }>

/** TypeORM's options for SQLite, and how long to wait for others. */
export interface SqliteOptions extends Omit<TypeOrmSqliteOptions, 'type' | 'driver' | 'nativeBinding' | 'enableWAL'> {
  /** How long a caller waits for another one's transaction, in milliseconds. Default: 5000. */
  readonly lockTimeoutMs?: number
}

export class SqliteDataSource extends DataSource {
  constructor({ lockTimeoutMs = 5000, ...options }: SqliteOptions) {
    super({ timeout: 5000, ...options, type: 'better-sqlite3', driver: SqliteConnection, enableWAL: true })
    // TypeORM chooses drivers by name and has no seam for one's own; nothing has used the first one yet.
    Object.assign(this, { driver: new SqliteDriver(this, lockTimeoutMs) })
  }

  /** Whether the database answers; past the queue, so that a long transaction does not look like an illness. */
  ping(): void {
    const { databaseConnection } = this.driver as SqliteDriver
    databaseConnection.pragma('schema_version')
  }

  /** Runs `work` as part of the transaction that `runner` has open. */
  inCallOf<T>(runner: QueryRunner, work: () => T): T {
    return (this.driver as SqliteDriver).callOwner.run(runner, work)
  }

  override createEntityManager(queryRunner?: QueryRunner): EntityManager {
    return new SqliteEntityManager(this, queryRunner)
  }
}

type Work<T> = (manager: EntityManager) => Promise<T>

/** Marks everything that runs inside a transaction, so that a call that would wait for itself is told so. */
class SqliteEntityManager extends EntityManager {
  override transaction<T>(isolationOrWork: IsolationLevel | Work<T>, work?: Work<T>): Promise<T> {
    if (typeof isolationOrWork === 'function') return super.transaction(marked(isolationOrWork))
    return super.transaction(isolationOrWork, marked(work as Work<T>))
  }
}

function marked<T>(work: Work<T>): Work<T> {
  return (manager) => {
    const { driver } = manager.dataSource as SqliteDataSource & { readonly driver: SqliteDriver }
    return driver.callOwner.run(manager.queryRunner as object, () => work(manager))
  }
}
