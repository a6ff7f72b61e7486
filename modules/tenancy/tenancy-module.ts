/** Tenancy: each call acts for one tenant, and no other's rows are within its reach. */
import { configure, type SettingsOf } from 'tenon'
import { DataModule, RowOwners } from 'tenon/data'
import { Module, type ConfiguredModule } from 'tenon/decorators'

import { ConfirmTenantInterceptor } from './confirm-tenant-interceptor.ts'
import { CreateTenancyTenants1783400000000 } from './directory/create-tenants.ts'
import { KnownTenants } from './directory/known-tenants.ts'
import { SqlTenantDirectory, TenantRepository } from './directory/sql-tenant-directory.ts'
import { TenantDirectory } from './directory/tenant-directory.ts'
import { Tenant } from './directory/tenant.ts'
import { TenantCommands } from './lifecycle/tenant-commands.ts'
import { TenantTables } from './lifecycle/tenant-tables.ts'
import { Tenants } from './lifecycle/tenants.ts'
import { ProofCommand } from './proof/proof-command.ts'
import { ProposeTenantInterceptor } from './propose-tenant-interceptor.ts'
import { decidedEndpoints, scopedRelations, scopedUniques, tenantInStatements } from './rules.ts'
import { TenancyConfig } from './tenancy-config.ts'
import { TenantDatabases } from './tenant-databases.ts'
import { TenantRows } from './tenant-rows.ts'

@Module({
  imports: [DataModule],
  entities: [Tenant],
  migrations: [CreateTenancyTenants1783400000000],
  providers: [
    KnownTenants,
    TenantDatabases,
    TenantRepository,
    Tenants,
    TenantTables,
    TenantCommands,
    ProofCommand,
    { provide: RowOwners, useClass: TenantRows },
    { provide: TenantDirectory, useClass: SqlTenantDirectory },
  ],
  interceptors: [ProposeTenantInterceptor, ConfirmTenantInterceptor],
  rules: [decidedEndpoints, scopedRelations, scopedUniques, tenantInStatements],
})
export class TenancyModule {
  /** @example `TenancyModule.with({ from: ['subdomain', 'caller'], domain: 'desk.example' })` */
  static with(settings: SettingsOf<TenancyConfig>): ConfiguredModule {
    return configure(TenancyModule, TenancyConfig, settings)
  }
}
