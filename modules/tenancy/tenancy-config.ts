/** What may be chosen about tenants: how a request names one, and how their data is kept apart. */
import type { CallContext } from 'tenon'
import { Config, Env } from 'tenon/decorators'

/** Where a request may name its tenant. */
export type TenantSource = 'subdomain' | 'path' | 'header' | 'caller'

/**
 * `shared`: one schema, a column of the tenant. `schema`: a schema for each, in one PostgreSQL database. `database`: a
 * database for each, beside the application's own.
 */
export type TenancyStrategy = 'shared' | 'schema' | 'database'

const SOURCES: readonly TenantSource[] = ['subdomain', 'path', 'header', 'caller']

@Config('tenancy')
export class TenancyConfig {
  /** All that name one must name the same. `caller` is what the token, session or API key of the caller says. */
  @Env('TENANCY_FROM', {
    default: ['caller', 'header'],
    oneOf: SOURCES,
    description: 'Where requests name their tenant: subdomain, path, header, caller',
  })
  readonly from!: readonly TenantSource[]

  /** The header that `header` reads. It is the caller's claim, and counts once the caller is confirmed to be of it. */
  @Env('TENANCY_HEADER', { default: 'x-tenant-id', description: 'The header that names the tenant' })
  readonly header!: string

  /** What follows the tenant in the host name, for `subdomain`: `example.com`. */
  @Env('TENANCY_DOMAIN', { optional: true, description: 'What follows the tenant in the host name' })
  readonly domain?: string

  /** The parameter of the route that `path` reads. */
  @Env('TENANCY_PATH_PARAMETER', { default: 'tenant', description: 'The route parameter that names the tenant' })
  readonly pathParameter!: string

  @Env('TENANCY_STRATEGY', {
    default: 'shared',
    oneOf: ['shared', 'schema', 'database'],
    description: 'How data is kept apart: shared (a column), schema (PostgreSQL) or database',
  })
  readonly strategy!: TenancyStrategy

  /** PostgreSQL: row-level security as the second wall. Each connection is told its tenant when it leaves the pool. */
  @Env('TENANCY_ROW_SECURITY', { default: true, description: 'PostgreSQL: row-level security as well' })
  readonly rowSecurity!: boolean

  /** Begins the name of each tenant's schema, and ends that of its database: `desk_tenant_acme` beside `desk`. */
  @Env('TENANCY_SCHEMA_PREFIX', {
    default: 'tenant_',
    description: "Stands before the tenant in the names of the tenants' schemas and databases",
  })
  readonly schemaPrefix!: string

  /** Databases of tenants that are open at once; those in use are never closed, and further ones wait for them. */
  @Env('TENANCY_OPEN_DATABASES', { default: 50, min: 1, description: 'Most databases of tenants open at once' })
  readonly openDatabases!: number

  /** Connections to each of them, on servers. */
  @Env('TENANCY_DATABASE_POOL_SIZE', {
    default: 4,
    min: 1,
    description: 'Most connections to the database of a tenant',
  })
  readonly databasePoolSize!: number

  /** Roles of callers for whom the code of a tenant's endpoint may act for other tenants. */
  @Env('TENANCY_CROSSING_ROLES', { default: [], description: 'Roles that may cross from one tenant to others' })
  readonly crossingRoles!: readonly string[]

  /** How long the directory's answer about a tenant counts, in milliseconds: as late another process notices a suspension. */
  @Env('TENANCY_DIRECTORY_CACHE_MS', { default: 5000, min: 0, description: "How long the directory's answers count" })
  readonly directoryCacheMs!: number

  /** A further way of one's own to name the tenant; `undefined` where it finds none. */
  readonly resolve?: (context: CallContext) => string | undefined
}
