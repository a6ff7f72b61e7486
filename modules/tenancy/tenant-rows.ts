/** Whose rows are whose, for the data module: the owner of a row is a tenant. */
import { actingTenant, currentTenant, EVERY_TENANT } from 'tenon'
import { EVERYBODY, RowOwners, type OwnDatabases } from 'tenon/data'
import { Injectable, TENANT_SCOPED, type AbstractClass } from 'tenon/decorators'

import { TenancyConfig } from './tenancy-config.ts'
import { TenantRequired } from './tenancy-errors.ts'

/** In quotes, as SQL writes it. */
export function schemaOf({ schemaPrefix }: TenancyConfig, tenant: string): string {
  return `"${schemaPrefix}${tenant}"`
}

@Injectable()
export class TenantRows extends RowOwners {
  readonly hasPolicies: boolean
  override readonly databases: OwnDatabases | undefined
  readonly #config: TenancyConfig

  constructor(config: TenancyConfig) {
    super()
    this.#config = config
    this.hasPolicies = config.rowSecurity
    const { strategy, schemaPrefix, openDatabases, databasePoolSize } = config
    const nameOf = (tenant: string): string => `${schemaPrefix}${tenant}`
    this.databases = strategy === 'database' ? { nameOf, most: openDatabases, poolSize: databasePoolSize } : undefined
  }

  propertyOf(entity: AbstractClass): string | undefined {
    return TENANT_SCOPED.read(entity)?.property
  }

  owner(): string | typeof EVERYBODY | undefined {
    // Whoever acts for all acts for none in particular: asked last, for it is rare, and each statement asks.
    return currentTenant() ?? (actingTenant() === EVERY_TENANT ? EVERYBODY : undefined)
  }

  nobody(entity: string): Error {
    return new TenantRequired(entity)
  }

  /** A schema or database of one's own has tables of one's own. */
  migratesApart(migration: AbstractClass): boolean {
    return this.#config.strategy !== 'shared' && TENANT_SCOPED.read(migration) !== undefined
  }

  connectionSettings(): Readonly<Record<string, string>> {
    if (this.#config.strategy !== 'schema') return {}
    const tenant = currentTenant()
    // Without being named, the schema of temporary tables is searched first: one could stand in the place of a tenant's.
    return { search_path: `${tenant === undefined ? '' : `${schemaOf(this.#config, tenant)}, `}public, pg_temp` }
  }
}
