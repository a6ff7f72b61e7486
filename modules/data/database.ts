/** The application's database: opened before anything that uses it, migrated, watched, and closed last. */
import { randomBytes } from 'node:crypto'

import { Clock, Environment, Health, Logger, ModuleGraph } from 'tenon'
import { HealthCheck, Injectable, OnInit, OnShutdown, Optional, type AbstractClass, type Class } from 'tenon/decorators'
import type { DataSource } from 'typeorm'

import { DatabaseNotOpen } from './data-errors.ts'
import { DatabaseConfig } from './database-config.ts'
import { printTarget } from './database-url.ts'
import type { Migration } from './migration.ts'
import { OwnerDatabases } from './owners/owner-databases.ts'
import { RowsApart } from './owners/owner-errors.ts'
import { OwnerSources } from './owners/owner-sources.ts'
import { EVERYBODY, RowOwners } from './owners/row-owners.ts'
import { ReplicaWritten } from './replicas/replica-errors.ts'
import type { Replicas } from './replicas/replicas.ts'
import { isOnReplica } from './replicas/route.ts'
import { sourcesOf } from './sources/source-of.ts'
import { SourceOpening } from './sources/source-opening.ts'
import { configOf, DEFAULT_SOURCE, sourceNames, unknownSource } from './sources/source-settings.ts'
import { SqliteDataSource } from './sqlite/sqlite-data-source.ts'
import { currentScope } from './transactions/current-scope.ts'
import { TakenConnections } from './transactions/taken-connections.ts'
import { TransactionElsewhere } from './transactions/transaction-errors.ts'

@Injectable()
export class Database {
  readonly #config: DatabaseConfig
  readonly #environment: Environment
  readonly #graph: ModuleGraph
  readonly #logger: Logger
  readonly #owners: RowOwners | undefined
  readonly #health: Health | undefined
  readonly #clock: Clock | undefined
  #name = DEFAULT_SOURCE
  /** All sources of the application by name, this one included. */
  #family = new Map<string, Database>([[DEFAULT_SOURCE, this]])
  /** The connections that transactions hold. @internal */
  readonly taken: TakenConnections
  /** With what the cursors of pages are signed. @internal */
  readonly cursorSecret: Buffer
  #source: DataSource | undefined
  #apart: readonly Class<Migration>[] = []
  #replicas: Replicas | undefined
  #ownerDatabases: OwnerDatabases | undefined

  constructor(
    config: DatabaseConfig,
    environment: Environment,
    graph: ModuleGraph,
    logger: Logger,
    @Optional() owners?: RowOwners,
    @Optional() health?: Health,
    @Optional() clock?: Clock,
  ) {
    this.#health = health
    this.#clock = clock
    this.#config = config
    this.#environment = environment
    this.#graph = graph
    this.#logger = logger
    this.#owners = owners
    this.cursorSecret = config.cursorSecret === undefined ? randomBytes(32) : Buffer.from(config.cursorSecret)
    this.taken = new TakenConnections(logger, config.heldWarningMs, config.poolWaitMs)
    const most = owners?.databases?.most
    this.#ownerDatabases =
      most === undefined
        ? undefined
        : new OwnerDatabases({ open: (owner) => this.#ownerSources().open(owner), most, waitMs: config.poolWaitMs })
    for (const name of sourceNames(config.sources, config.urls)) {
      const further = new Database(configOf(config, name), environment, graph, logger, owners, health, clock)
      further.#name = name
      further.#family = this.#family.set(name, further)
      // Owners have databases in place of the application's own one.
      further.#ownerDatabases = undefined
    }
  }

  /** What `@DataSource` calls it. */
  get name(): string {
    return this.#name
  }

  /** Every database of the application, this one and further sources. */
  get all(): readonly Database[] {
    return [...this.#family.values()]
  }

  /**
   * The source of this name; without a name, the application's own database.
   * @throws `DATA_SOURCE_UNKNOWN`
   */
  named(name: string = DEFAULT_SOURCE): Database {
    const found = this.#family.get(name)
    if (!found) throw unknownSource(name, [...this.#family.keys()])
    return found
  }

  /** The source that holds an entity; the application's own where several do, or none. */
  homeOf(entity: AbstractClass): Database {
    const names = sourcesOf(this.#graph, entity)
    return this.named(names.includes(DEFAULT_SOURCE) ? DEFAULT_SOURCE : names[0])
  }

  /** The databases that answer reads in its place, if there are any. @internal */
  get replicas(): Replicas | undefined {
    return this.#replicas
  }

  /** A further source whose transaction the running code is in, while it is in none of this one. @internal */
  get elsewhere(): Database | undefined {
    if (this.#family.size === 1 || currentScope(this.#source)?.hasEnded === false) return undefined
    return this.all.find((each) => each !== this && each.#source && currentScope(each.#source)?.hasEnded === false)
  }

  /**
   * TypeORM's data source. Its own repositories know nothing of the ambient unit of work; prefer `BaseRepository`.
   * @throws `DATA_DATABASE_NOT_OPEN` before the application was initialized and after it has stopped.
   */
  get source(): DataSource {
    if (!this.#source) throw new DatabaseNotOpen('Database')
    return this.#source
  }

  /**
   * The data source with the rows of whom the running code acts for, where each has a database of its own; else `source`.
   * @throws `DATA_OWNER_DATABASE_CLOSED` for code that outlived its call.
   */
  get current(): DataSource {
    const owner = this.#ownerDatabases && this.#owners?.owner()
    return typeof owner === 'string' ? this.#ownerDatabases!.sourceOf(owner) : this.source
  }

  /** @internal */
  get hasOwnerDatabases(): boolean {
    return this.#ownerDatabases !== undefined
  }

  /** The data source that has the rows of an entity, for the running code. @throws `DATA_ROWS_APART` @internal */
  holding(entity: AbstractClass): DataSource {
    if (!this.#ownerDatabases || this.#owners?.propertyOf(entity) === undefined) return this.source
    if (this.#owners.owner() === EVERYBODY) throw new RowsApart(entity.name)
    return this.current
  }

  /**
   * Where each owner has a database: opens that of one, and keeps it open until the answered function is called.
   * @throws `DATA_OWNER_DATABASE_MISSING`, `DATA_OWNER_DATABASES_BUSY`
   */
  async take(owner: string): Promise<() => void> {
    return this.#ownerDatabases ? this.#ownerDatabases.take(owner) : () => {}
  }

  /** How many databases of owners are open. */
  get openOwners(): number {
    return this.#ownerDatabases?.size ?? 0
  }

  /** Makes the database of an owner, unless it is there, and its tables. @returns The migrations that were run. */
  async provideFor(owner: string): Promise<readonly string[]> {
    return this.#ownerSources().provide(owner)
  }

  /** Whether an owner has a database. */
  hasOf(owner: string): Promise<boolean> {
    return this.#ownerSources().has(owner)
  }

  /** Drops the database of an owner. @returns Whether it is gone. */
  async dropOf(owner: string): Promise<boolean> {
    return this.#ownerSources().drop(owner, () => this.#ownerDatabases?.close(owner))
  }

  /** The migrations that are run for each owner by itself. @internal */
  get apart(): readonly Class<Migration>[] {
    return this.#apart
  }

  /** Whether migrations are run that would break the version before. @internal */
  get contracts(): boolean {
    return this.#config.contract
  }

  /** Where its migrations are found. @internal */
  get migrationsFolder(): string | undefined {
    return this.#config.migrationsFolder
  }

  /** Where the data module reports what reaches no caller. */
  get logger(): Logger {
    return this.#logger
  }

  /** Whether it has been opened and not closed. */
  get isOpen(): boolean {
    return this.#source !== undefined
  }

  /** Which one it is, without its password: for messages. */
  get target(): string {
    return printTarget(this.#opening.target)
  }

  /** @internal */
  get isInProduction(): boolean {
    return this.#environment.isProduction
  }

  /**
   * Opens it and makes its schema what the application needs.
   * @throws `DATA_URL_UNREADABLE`, `DATA_PACKAGE_MISSING`, `DATA_DATABASE_UNREACHABLE`, `DATA_SYNCHRONIZE_IN_PRODUCTION`,
   * `DATA_MIGRATION_LOCK_TIMEOUT`, `DATA_MIGRATIONS_FOLDER_UNREADABLE`
   */
  @OnInit()
  async open(): Promise<void> {
    try {
      for (const each of [this, ...this.#others]) await each.#open()
    } catch (error) {
      await this.close()
      throw error
    }
  }

  get #others(): readonly Database[] {
    return this.name === DEFAULT_SOURCE ? this.all.filter((each) => each !== this) : []
  }

  async #open(): Promise<void> {
    this.#opening.requireSafe()
    const source = await this.#connected()
    try {
      await this.#opening.prepare(source)
    } catch (error) {
      await source.destroy()
      throw error
    }
    this.#source = source
    await this.#openReplicas()
    if (this.name === DEFAULT_SOURCE) return
    const { critical } = this.#config
    this.#health?.add({ name: `database.${this.name}`, critical, run: () => this.check() })
  }

  /** Opens it as it is: for commands that look at its schema or change it themselves. @internal */
  async connect(): Promise<void> {
    this.#source = await this.#connected()
  }

  /** Transactions that are running end first. */
  @OnShutdown()
  async close(): Promise<void> {
    const source = this.#source
    await this.#ownerDatabases?.closeAll()
    this.#source = undefined
    await this.#replicas?.close()
    this.#replicas = undefined
    await source?.destroy()
    for (const each of this.#others) await each.close()
  }

  /** Whether the database answers. */
  @HealthCheck('database')
  async check(): Promise<void> {
    const { source } = this
    if (source instanceof SqliteDataSource) source.ping()
    else await source.query('SELECT 1')
  }

  async #connected(): Promise<DataSource> {
    const isWatched = this.#family.size > 1 || this.#opening.hasReplicas
    const beforeWrite = isWatched ? () => this.#beforeWrite() : undefined
    const { source, apart } = await this.#opening.connect(beforeWrite, this.hasOwnerDatabases)
    this.#apart = apart
    return source
  }

  /** @throws `DATA_REPLICA_WRITTEN`, `DATA_TRANSACTION_ELSEWHERE` */
  #beforeWrite(): void {
    if (isOnReplica()) throw new ReplicaWritten()
    const { elsewhere } = this
    if (elsewhere) throw new TransactionElsewhere(this.name, elsewhere.name)
    this.#replicas?.writes.note()
  }

  async #openReplicas(): Promise<void> {
    if (!this.#opening.hasReplicas) return
    this.#replicas = await this.#opening.replicas()
    await this.#replicas.open()
    const name = this.name === DEFAULT_SOURCE ? 'database.replicas' : `database.${this.name}.replicas`
    this.#health?.add({ name, critical: false, run: () => this.#replicas?.check() })
  }

  #ownerSources(): OwnerSources {
    return new OwnerSources({
      databases: this.#owners!.databases!,
      target: () => this.#opening.target,
      shared: () => this.source,
      connect: (target) => this.#opening.connectOwner(target, this.#apart, this.hasOwnerDatabases),
      synchronize: (source) => this.#opening.synchronize(source),
    })
  }

  get #opening(): SourceOpening {
    return new SourceOpening({
      name: this.#name,
      config: this.#config,
      environment: this.#environment,
      graph: this.#graph,
      logger: this.#logger,
      owners: this.#owners,
      clock: this.#clock,
    })
  }
}
