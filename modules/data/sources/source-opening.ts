/** Opens what one source is made of: its database, those of its owners, its replicas; and makes its schema what it has to be. */
import type { Clock, Environment, Logger, ModuleGraph } from 'tenon'
import type { Class } from 'tenon/decorators'
import type { DataSource } from 'typeorm'

import { createDataSource } from '../create-data-source.ts'
import { DatabaseUrlUnreadable, SynchronizeInProduction } from '../data-errors.ts'
import type { DatabaseConfig } from '../database-config.ts'
import { DatabaseLogger } from '../database-logger.ts'
import { readDatabaseUrl, type DatabaseTarget } from '../database-url.ts'
import type { Migration } from '../migration.ts'
import { forEverybody } from '../owners/acting-owner.ts'
import type { RowOwners } from '../owners/row-owners.ts'
import { missingPolicies, passesPolicies } from '../owners/row-policies.ts'
import { poolSize } from '../pool-size.ts'
import { RecentWrites } from '../replicas/recent-writes.ts'
import { Replica } from '../replicas/replica.ts'
import { Replicas } from '../replicas/replicas.ts'
import { runMigrations } from '../run-migrations.ts'
import { watchWrites } from '../watch-writes.ts'
import { connect } from './connect.ts'
import { SourceSchema } from './source-schema.ts'
import { variableOf } from './source-settings.ts'

/** What a source is opened with. */
export interface SourceSettings {
  readonly name: string
  readonly config: DatabaseConfig
  readonly environment: Environment
  readonly graph: ModuleGraph
  readonly logger: Logger
  readonly owners: RowOwners | undefined
  readonly clock: Clock | undefined
}

export interface ConnectedSource {
  readonly source: DataSource
  /** The migrations that are run for each owner by itself. */
  readonly apart: readonly Class<Migration>[]
}

export class SourceOpening {
  readonly #settings: SourceSettings

  constructor(settings: SourceSettings) {
    this.#settings = settings
  }

  /** @throws `DATA_URL_UNREADABLE` */
  get target(): DatabaseTarget {
    const { config, environment } = this.#settings
    const byDefault = environment.isTest ? 'sqlite::memory:' : 'sqlite:data/app.sqlite'
    return readDatabaseUrl(config.url ?? byDefault, this.#variable)
  }

  get hasReplicas(): boolean {
    return this.#replicaUrls.length > 0
  }

  /**
   * Connects, and changes nothing.
   * @param beforeWrite - Called before each write, where somebody has to know of them.
   * @param hasOwnerDatabases - Whether the rows of owners are elsewhere.
   */
  async connect(beforeWrite: (() => void) | undefined, hasOwnerDatabases: boolean): Promise<ConnectedSource> {
    const { target } = this
    const { shared, apart } = await this.#schema.migrations()
    const source = await createDataSource(target, { ...this.#common, migrations: shared })
    if (beforeWrite) watchWrites(source, beforeWrite)
    await connect(source, target, this.#variable)
    if (hasOwnerDatabases) this.#schema.keepTables(source, false)
    return { source, apart }
  }

  /** All entities are known there, so that relations can be told; tables are made for those that are owned. */
  async connectOwner(
    target: DatabaseTarget,
    apart: readonly Class<Migration>[],
    hasOwnerDatabases: boolean,
  ): Promise<DataSource> {
    const source = await createDataSource(target, {
      ...this.#common,
      migrations: [...apart],
      poolSize: this.#settings.owners!.databases!.poolSize,
    })
    await connect(source, target, this.#variable)
    if (hasOwnerDatabases) this.#schema.keepTables(source, true)
    return source
  }

  /** @throws `DATA_SYNCHRONIZE_IN_PRODUCTION` */
  requireSafe(): void {
    const { config, environment } = this.#settings
    if (config.synchronize && environment.isProduction) throw new SynchronizeInProduction()
  }

  /** Makes the schema what the application needs. @throws `DATA_MIGRATION_LOCK_TIMEOUT` */
  async prepare(source: DataSource): Promise<void> {
    if (this.#settings.config.migrate && source.migrations.length > 0) await this.#migrate(source)
    await this.synchronize(source)
    await this.#warnOfPassedPolicies(source)
  }

  /** Where TypeORM makes the tables. */
  async synchronize(source: DataSource): Promise<void> {
    if (this.#settings.config.synchronize) await forEverybody(() => synchronizeSchema(source))
  }

  /** @throws `DATA_URL_UNREADABLE` for another kind of database. */
  async replicas(): Promise<Replicas> {
    const { name, config, logger, clock } = this.#settings
    const variable = variableOf('DATABASE_REPLICA_URLS', name)
    const { kind } = this.target
    const shared = { variable, maxLagMs: config.replicaMaxLagMs, lagSql: config.replicaLagSql }
    const replicas = this.#replicaUrls.map(async (url) => {
      const target = readDatabaseUrl(url, variable)
      if (target.kind !== kind) throw new DatabaseUrlUnreadable(variable, `a ${target.kind} cannot follow a ${kind}`)
      const source = await createDataSource(target, this.#common)
      return new Replica(source, { ...shared, target, logger, clock })
    })
    return new Replicas(await Promise.all(replicas), new RecentWrites(config.replicaStickyMs, clock))
  }

  get #common(): Omit<Parameters<typeof createDataSource>[1], 'migrations'> {
    const { config, logger, owners } = this.#settings
    return {
      entities: this.#schema.entities(),
      logger: new DatabaseLogger(logger, config.log),
      poolSize: poolSize(config.poolSize),
      owners,
    }
  }

  get #schema(): SourceSchema {
    const { name, graph, config, owners } = this.#settings
    return new SourceSchema(name, graph, config, owners)
  }

  get #variable(): string {
    return variableOf('DATABASE_URL', this.#settings.name)
  }

  get #replicaUrls(): readonly string[] {
    return this.#settings.config.replicaUrls ?? []
  }

  async #migrate(source: DataSource): Promise<void> {
    const { config, logger } = this.#settings
    const done = await runMigrations(source, undefined, config.contract)
    for (const name of done) logger.info(`Migrated: ${name}`)
  }

  async #warnOfPassedPolicies(source: DataSource): Promise<void> {
    const { logger, owners } = this.#settings
    const { target } = this
    if (!owners?.hasPolicies || target.kind !== 'postgres' || !(await passesPolicies(source))) return
    logger.warn(`${target.username} is a superuser or has BYPASSRLS: PostgreSQL's policies do not hold for it.`)
  }
}

async function synchronizeSchema(source: DataSource): Promise<void> {
  await source.synchronize()
  const runner = source.createQueryRunner()
  try {
    for (const { up } of await missingPolicies(source, runner)) await runner.query(up)
  } finally {
    await runner.release()
  }
}
