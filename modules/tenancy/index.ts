/** `tenon/tenancy`: each call acts for one tenant, and no other's rows are within its reach. */
export { NoTenant, TenantScoped } from 'tenon/decorators'
export { acrossTenants, runAsTenant } from './crossing.ts'
export { SqlTenantDirectory } from './directory/sql-tenant-directory.ts'
export { TenantDirectory, type TenantRecord } from './directory/tenant-directory.ts'
export type { EmptiedTable, TenantMention, TenantRow } from './lifecycle/tenant-tables.ts'
export {
  Tenants,
  type DeletedTenant,
  type MigratedTenants,
  type NewTenant,
  type TenantChange,
} from './lifecycle/tenants.ts'
export type { ProofFinding, TenancyProof } from './proof/proof-report.ts'
export { proveTenancy, type ProofOptions } from './proof/prove-tenancy.ts'
export { TenancyConfig, type TenancyStrategy, type TenantSource } from './tenancy-config.ts'
export {
  CrossingRefused,
  CrossingUnexplained,
  EndpointUndecided,
  EntityUnscoped,
  StrategyUnsupported,
  TenantActive,
  TenantExists,
  TenantNotEmpty,
  RawStatement,
  RelationApart,
  TenantAmbiguous,
  TenantForeign,
  TenantMissing,
  TenantNameInvalid,
  TenantRequired,
  TenantSuspended,
  TenantUnknown,
  UniqueUnscoped,
} from './tenancy-errors.ts'
export { TenancyModule } from './tenancy-module.ts'
