/** The application's database: opened before anything that uses it, migrated, watched, and closed last. */
import { randomBytes } from 'node:crypto'

import { Environment, Logger, ModuleGraph } from 'tenon'
import { HealthCheck, Injectable, OnInit, OnShutdown, REPOSITORY } from 'tenon/decorators'
import type { DataSource } from 'typeorm'

import { createDataSource } from './create-data-source.ts'
import { DatabaseNotOpen, DatabaseUnreachable, SynchronizeInProduction } from './data-errors.ts'
import { DatabaseConfig } from './database-config.ts'
import { errorCode } from './error-code.ts'
import { discoverMigrations } from './migrations/discover-migrations.ts'
import { explainFailure, isServerWithoutTls } from './explain-failure.ts'
import { DatabaseLogger } from './database-logger.ts'
import { printTarget, readDatabaseUrl, type DatabaseTarget } from './database-url.ts'
import { runMigrations } from './run-migrations.ts'
import { poolSize } from './pool-size.ts'
import { SqliteDataSource } from './sqlite/sqlite-data-source.ts'
import { TakenConnections } from './transactions/taken-connections.ts'

@Injectable()
export class Database {
  readonly #config: DatabaseConfig
  readonly #environment: Environment
  readonly #graph: ModuleGraph
  readonly #logger: Logger
  /** The connections that transactions hold. @internal */
  readonly taken: TakenConnections
  /** With what the cursors of pages are signed. @internal */
  readonly cursorSecret: Buffer
  #source: DataSource | undefined

  constructor(config: DatabaseConfig, environment: Environment, graph: ModuleGraph, logger: Logger) {
    this.#config = config
    this.#environment = environment
    this.#graph = graph
    this.#logger = logger
    this.cursorSecret = config.cursorSecret === undefined ? randomBytes(32) : Buffer.from(config.cursorSecret)
    this.taken = new TakenConnections(logger, config.heldWarningMs, config.poolWaitMs)
  }

  /**
   * TypeORM's data source. Its own repositories know nothing of the ambient unit of work; prefer `BaseRepository`.
   * @throws `DATA_DATABASE_NOT_OPEN` before the application was initialized and after it has stopped.
   */
  get source(): DataSource {
    if (!this.#source) throw new DatabaseNotOpen('Database')
    return this.#source
  }

  /** Where the data module reports what reaches no caller. */
  get logger(): Logger {
    return this.#logger
  }

  /**
   * @throws `DATA_URL_UNREADABLE`, `DATA_PACKAGE_MISSING`, `DATA_DATABASE_UNREACHABLE`, `DATA_SYNCHRONIZE_IN_PRODUCTION`,
   * `DATA_MIGRATION_LOCK_TIMEOUT`, `DATA_MIGRATIONS_FOLDER_UNREADABLE`
   */
  @OnInit()
  async open(): Promise<void> {
    const { synchronize, migrate, migrationsFolder, log } = this.#config
    if (synchronize && this.#environment.isProduction) throw new SynchronizeInProduction()
    const target = this.#target()
    const found = migrationsFolder === undefined ? [] : await discoverMigrations(migrationsFolder)
    const migrations = [...this.#config.migrations, ...found]
    const source = await createDataSource(target, {
      entities: this.#entities(),
      migrations,
      logger: new DatabaseLogger(this.#logger, log),
      poolSize: poolSize(this.#config.poolSize),
    })
    await connect(source, target)
    try {
      if (migrate && migrations.length > 0) await this.#migrate(source)
      if (synchronize) await source.synchronize()
    } catch (error) {
      await source.destroy()
      throw error
    }
    this.#source = source
  }

  /** Transactions that are running end first. */
  @OnShutdown()
  async close(): Promise<void> {
    const source = this.#source
    this.#source = undefined
    await source?.destroy()
  }

  /** Whether the database answers. */
  @HealthCheck('database')
  async check(): Promise<void> {
    const { source } = this
    if (source instanceof SqliteDataSource) source.ping()
    else await source.query('SELECT 1')
  }

  async #migrate(source: DataSource): Promise<void> {
    for (const name of await runMigrations(source)) this.#logger.info(`Migrated: ${name}`)
  }

  #target(): DatabaseTarget {
    const byDefault = this.#environment.isTest ? 'sqlite::memory:' : 'sqlite:data/app.sqlite'
    return readDatabaseUrl(this.#config.url ?? byDefault)
  }

  /** Those that modules list, those that repositories are for, and those given in the settings. */
  #entities(): Function[] {
    const listed = this.#graph.modules.flatMap((module) => module.options.entities ?? [])
    const repositories = this.#graph.providers.flatMap(({ implementation }) => {
      const entity = implementation && REPOSITORY.read(implementation)
      return entity ? [entity] : []
    })
    return [...new Set([...listed, ...repositories, ...this.#config.entities])]
  }
}

async function connect(source: DataSource, target: DatabaseTarget): Promise<void> {
  try {
    await source.initialize()
  } catch (error) {
    // Entities that do not fit together are the programmer's, and TypeORM names them well.
    if (!isConnectionFailure(error)) throw error
    throw new DatabaseUnreachable(printTarget(target), explainFailure(error, target)).causedBy(error)
  }
}

/** Drivers give their errors a code or number, or know none themselves; TypeORM's own have a name of TypeORM's. */
function isConnectionFailure(error: unknown): error is Error {
  return errorCode(error) !== undefined || isServerWithoutTls(error)
}
