/** The life of tenants: made, migrated, suspended, taken out and deleted, one by one or all. */
import { currentTenant, securityEvents, type ProgressShare } from 'tenon'
import { Database, Migrations, UnitOfWork } from 'tenon/data'
import { Injectable, OnInit } from 'tenon/decorators'

import { acrossTenants, runAsTenant } from '../crossing.ts'
import { KnownTenants } from '../directory/known-tenants.ts'
import { TenantRepository } from '../directory/sql-tenant-directory.ts'
import type { TenantRecord } from '../directory/tenant-directory.ts'
import { TenancyConfig } from '../tenancy-config.ts'
import { TenantDatabases } from '../tenant-databases.ts'
import {
  RelationApart,
  StrategyUnsupported,
  TenantActive,
  TenantExists,
  TenantNameInvalid,
  TenantNotEmpty,
  TenantUnknown,
} from '../tenancy-errors.ts'
import { isTenantName } from '../tenant-places.ts'
import { schemaOf } from '../tenant-rows.ts'
import { TenantTables, type TenantMention, type TenantRow } from './tenant-tables.ts'

export interface NewTenant {
  readonly id: string
  /** Default: the id. */
  readonly name?: string
  readonly settings?: Readonly<Record<string, unknown>>
  readonly limits?: Readonly<Record<string, number>>
}

export interface TenantChange {
  readonly name?: string
  readonly settings?: Readonly<Record<string, unknown>>
  readonly limits?: Readonly<Record<string, number | null>>
}

export interface MigratedTenants {
  /** Tenants that had pending migrations, with their names. */
  readonly migrated: readonly { readonly tenant: string; readonly migrations: readonly string[] }[]
  /** Tenants that were as they should be. */
  readonly unchanged: number
  /** Those whose migrations failed; each is as it was before, and the next run tries again. */
  readonly failed: readonly { readonly tenant: string; readonly error: string }[]
}

export interface DeletedTenant {
  readonly tenant: string
  /** Every table that may hold rows of a tenant: how many there were, and how many were counted afterwards, which is 0. */
  readonly tables: readonly { readonly table: string; readonly deleted: number; readonly left: number }[]
  /** Tables of everybody whose rows still name it: accounts, keys. Whether they stay is for the application to know. */
  readonly mentions: readonly TenantMention[]
}

/** Works on the default directory; what it makes and deletes is that of the strategy. */
@Injectable()
export class Tenants {
  readonly #config: TenancyConfig
  readonly #database: Database
  readonly #migrations: Migrations
  readonly #unitOfWork: UnitOfWork
  readonly #known: KnownTenants
  readonly #records: TenantRepository
  readonly #tables: TenantTables
  readonly #databases: TenantDatabases

  constructor(
    config: TenancyConfig,
    database: Database,
    migrations: Migrations,
    unitOfWork: UnitOfWork,
    known: KnownTenants,
    records: TenantRepository,
    tables: TenantTables,
    databases: TenantDatabases,
  ) {
    this.#config = config
    this.#database = database
    this.#migrations = migrations
    this.#unitOfWork = unitOfWork
    this.#known = known
    this.#records = records
    this.#tables = tables
    this.#databases = databases
  }

  /** @throws `TENANCY_STRATEGY_UNSUPPORTED`, `TENANCY_RELATION_APART` */
  @OnInit()
  useStrategy(): void {
    const { type } = this.#database.source.options
    if (this.#hasSchemas && type !== 'postgres') throw new StrategyUnsupported(this.#config.strategy, type)
    if (!this.#hasDatabases) return
    if (this.#database.target === 'sqlite::memory:')
      throw new StrategyUnsupported(this.#config.strategy, 'SQLite in memory')
    const [apart] = this.#tables.relationsApart
    if (apart) throw new RelationApart(apart.entity, apart.property, apart.target)
    this.#databases.open()
  }

  list(): Promise<TenantRecord[]> {
    return this.#records.find({ order: { id: 'ASC' } })
  }

  /** @throws `TENANCY_TENANT_UNKNOWN` */
  async get(id: string): Promise<TenantRecord> {
    const found = await this.#records.findOneBy({ id })
    if (!found) throw new TenantUnknown(id)
    return found
  }

  /**
   * Makes a tenant with all it needs. One that was made by half before is completed.
   * @throws `TENANCY_NAME_INVALID`, `TENANCY_TENANT_EXISTS`
   */
  async create({ id, name = id, settings = {}, limits = {} }: NewTenant): Promise<TenantRecord> {
    if (!isTenantName(id)) throw new TenantNameInvalid('create')
    if (await this.#records.existsBy({ id })) throw new TenantExists(id)
    // Whoever finds it in the directory can use it: so that comes last.
    await this.#provide(id)
    const record: TenantRecord = { id, name, state: 'active', settings, limits }
    await this.#records.insert({ ...record })
    this.#known.forget(id)
    return record
  }

  /**
   * Runs the pending migrations of every tenant's own tables. One that fails stops no other; those that are done are not
   * done again, so a run that was interrupted is continued by the next. With the strategy `shared` there are none.
   * @param onTenant - Told after each.
   */
  async migrateAll(
    onTenant: (tenant: string, outcome: string, share: ProgressShare) => void = () => {},
  ): Promise<MigratedTenants> {
    const migrated: { tenant: string; migrations: readonly string[] }[] = []
    const failed: { tenant: string; error: string }[] = []
    let unchanged = 0
    const all = this.#config.strategy === 'shared' ? [] : await this.list()
    for (const [index, { id: tenant }] of all.entries()) {
      const share = { done: index + 1, total: all.length }
      try {
        // Whoever was deleted since is not made again.
        if (!(await this.#records.existsBy({ id: tenant }))) continue
        const migrations = await this.#provide(tenant)
        if (migrations.length > 0) migrated.push({ tenant, migrations })
        else unchanged += 1
        onTenant(tenant, migrations.length === 0 ? 'unchanged' : migrations.join(', '), share)
      } catch (error) {
        const message = error instanceof Error ? error.message : String(error)
        failed.push({ tenant, error: message })
        onTenant(tenant, `failed: ${message}`, share)
      }
    }
    return { migrated, unchanged, failed }
  }

  /** Its calls are refused from now on; in other processes when their answer of the directory has grown old. */
  suspend(id: string): Promise<TenantRecord> {
    return this.#change(id, { state: 'suspended' })
  }

  resume(id: string): Promise<TenantRecord> {
    return this.#change(id, { state: 'active' })
  }

  /** What the application keeps for a tenant; given settings and limits replace those of the same name, `null` takes them away. */
  async configure(id: string, { name, settings, limits }: TenantChange): Promise<TenantRecord> {
    const known = await this.get(id)
    return this.#change(id, {
      name: name ?? known.name,
      settings: merged(known.settings, settings),
      limits: merged(known.limits, limits),
    })
  }

  /** A limit of the tenant that the running code acts for; `undefined` where it has none of this name. */
  async limit(name: string): Promise<number | undefined> {
    const tenant = currentTenant()
    return tenant === undefined ? undefined : (await this.#known.require(tenant)).limits[name]
  }

  /**
   * Runs `work` for a tenant that the directory knows.
   * @throws `TENANCY_TENANT_UNKNOWN`, `TENANCY_TENANT_SUSPENDED`, `TENANCY_CROSSING_REFUSED`
   */
  async runAs<T>(id: string, work: () => T | Promise<T>): Promise<T> {
    await this.#known.require(id)
    return runAsTenant(id, work)
  }

  /**
   * Runs `work` for each active tenant, one after the other: what `acrossTenants` is where each has tables of its own.
   * @throws `TENANCY_CROSSING_REFUSED`, and what `work` throws
   */
  async forEach(reason: string, work: (tenant: TenantRecord) => unknown): Promise<void> {
    const all = await acrossTenants(reason, () => this.list())
    for (const tenant of all.filter(({ state }) => state === 'active')) {
      await runAsTenant(tenant.id, () => work(tenant))
    }
  }

  /** Every row of the tenant, table by table; deleted ones that are only marked so as well. */
  async *export(id: string): AsyncIterableIterator<TenantRow> {
    await this.get(id)
    yield* this.#tables.rowsOf(id)
  }

  /**
   * Deletes every row of a suspended tenant, counts what is left, and only then forgets the tenant: all or nothing.
   * @throws `TENANCY_TENANT_ACTIVE`, `TENANCY_TENANT_NOT_EMPTY`
   */
  async delete(id: string): Promise<DeletedTenant> {
    const { state } = await this.get(id)
    if (state === 'active') throw new TenantActive(id)
    const elsewhere = this.#database.all.length > 1 ? await this.#deleteElsewhere(id) : []
    const tables = [...elsewhere, ...(this.#hasDatabases ? await this.#dropDatabase(id) : await this.#deleteRows(id))]
    this.#known.forget(id)
    securityEvents.publish({ type: 'tenancy.deleted', outcome: 'allowed', subject: id, at: Date.now() })
    return { tenant: id, tables, mentions: await this.#tables.mentionsOf(id) }
  }

  #deleteRows(id: string): Promise<DeletedTenant['tables']> {
    return this.#unitOfWork.transaction(async () => {
      const deleted = this.#hasSchemas
        ? await this.#tables.drop(id, schemaOf(this.#config, id))
        : await this.#tables.empty(id, 'here')
      requireEmpty(id, deleted)
      await this.#records.delete({ id })
      return deleted
    })
  }

  /** Databases have no transaction in common: those beside the application's own come first, and can be emptied again. */
  async #deleteElsewhere(id: string): Promise<DeletedTenant['tables']> {
    const deleted = await this.#tables.empty(id, 'elsewhere')
    requireEmpty(id, deleted)
    return deleted
  }

  /** Dropping a database cannot be taken back: the tenant is forgotten when it is gone, and a failure is tried again. */
  async #dropDatabase(id: string): Promise<DeletedTenant['tables']> {
    const counted = (await this.#database.hasOf(id)) ? await this.#tables.count(id, 'here') : []
    if (!(await this.#database.dropOf(id))) throw new TenantNotEmpty(id, 'its database')
    await this.#records.delete({ id })
    return counted
  }

  get #hasDatabases(): boolean {
    return this.#config.strategy === 'database'
  }

  get #hasSchemas(): boolean {
    return this.#config.strategy === 'schema'
  }

  /** What the strategy needs for a tenant, as far as it is not there. */
  async #provide(tenant: string): Promise<readonly string[]> {
    if (this.#hasDatabases) return this.#database.provideFor(tenant)
    if (!this.#hasSchemas) return []
    // Together: nobody finds a schema without its tables, and a transaction around it takes both back.
    return this.#unitOfWork.transaction(async () => {
      await this.#unitOfWork.manager.query(`CREATE SCHEMA IF NOT EXISTS ${schemaOf(this.#config, tenant)}`)
      return runAsTenant(tenant, () => this.#migrations.runApart())
    })
  }

  async #change(id: string, change: Partial<TenantRecord>): Promise<TenantRecord> {
    const known = await this.get(id)
    await this.#records.update({ id }, { ...change } as object)
    this.#known.forget(id)
    return { ...known, ...change }
  }
}

/** @throws `TENANCY_TENANT_NOT_EMPTY` */
function requireEmpty(id: string, tables: DeletedTenant['tables']): void {
  const left = tables.filter((each) => each.left > 0)
  if (left.length > 0) throw new TenantNotEmpty(id, left.map((each) => `${each.left} of ${each.table}`).join(', '))
}

function merged<T>(
  known: Readonly<Record<string, T>>,
  given: Readonly<Record<string, T | null>> = {},
): Record<string, T> {
  const all = Object.entries({ ...known, ...given })
  return Object.fromEntries(all.filter((entry): entry is [string, T] => entry[1] !== null))
}
