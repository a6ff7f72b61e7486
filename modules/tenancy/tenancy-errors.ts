/** Why a call is not for a tenant, and what code must not do across tenants. */
import { defineDiagnostic, defineError } from 'tenon'

export const TenantMissing = defineError({
  code: 'TENANCY_TENANT_MISSING',
  status: 400,
  message: (endpoint: string, places: string) =>
    `${endpoint} is called for a tenant, and neither the request nor its caller names one (${places}).`,
  help: 'Name the tenant in one of these places, or call as somebody who belongs to one.',
})

export const TenantAmbiguous = defineError({
  code: 'TENANCY_TENANT_AMBIGUOUS',
  status: 400,
  message: (places: string) => `The request names different tenants in different places (${places}).`,
  help: 'Name one tenant, in one place or the same in all.',
})

export const TenantNameInvalid = defineError({
  code: 'TENANCY_NAME_INVALID',
  status: 400,
  message: (place: string) => `What ${place} names cannot be the name of a tenant.`,
  help: 'Names of tenants have 1 to 48 of a-z, 0-9, - and _, and begin with a letter or digit.',
})

export const TenantForeign = defineError({
  code: 'TENANCY_TENANT_FOREIGN',
  status: 403,
  message: (_place: string) => 'The caller does not belong to the tenant that the request names.',
  help: 'Call with the credential of that tenant, or name your own.',
})

export const TenantUnknown = defineError({
  code: 'TENANCY_TENANT_UNKNOWN',
  status: 404,
  message: (tenant: string) => `There is no tenant ${tenant}.`,
  help: 'Check the name, or create it: tenon tenant create <id>.',
})

export const TenantSuspended = defineError({
  code: 'TENANCY_TENANT_SUSPENDED',
  status: 403,
  message: (tenant: string) => `The tenant ${tenant} is suspended.`,
  help: 'Ask whoever runs the application, who resumes it with tenon tenant resume <id>.',
})

export const TenantRequired = defineError({
  code: 'TENANCY_TENANT_REQUIRED',
  status: 500,
  message: (entity: string) => `${entity} belongs to tenants, and the running code acts for none.`,
  help: 'Call it from an endpoint that is @TenantScoped(), or inside runAsTenant(id, …) or acrossTenants(reason, …).',
})

export const CrossingRefused = defineError({
  code: 'TENANCY_CROSSING_REFUSED',
  status: 403,
  message: (reason: string) => `The caller may not act for other tenants than their own (${reason}).`,
  help: 'Give the caller one of the crossingRoles of TenancyModule, or do it in an endpoint that is @NoTenant(reason).',
})

export const CrossingUnexplained = defineError({
  code: 'TENANCY_CROSSING_UNEXPLAINED',
  status: 500,
  message: () => 'acrossTenants was called without a reason.',
  help: 'Say in a few words why the code needs the rows of all tenants; whoever audits it reads them.',
})

export const TenantExists = defineError({
  code: 'TENANCY_TENANT_EXISTS',
  status: 409,
  message: (tenant: string) => `There is a tenant ${tenant} already.`,
  help: 'Choose another name; that of a deleted tenant can be taken again.',
})

export const TenantActive = defineError({
  code: 'TENANCY_TENANT_ACTIVE',
  status: 409,
  message: (tenant: string) => `${tenant} is active, and what is written meanwhile would be left behind.`,
  help: 'Suspend it first: tenon tenant suspend <id>.',
})

export const TenantNotEmpty = defineError({
  code: 'TENANCY_TENANT_NOT_EMPTY',
  status: 500,
  message: (tenant: string, left: string) => `${tenant} is not deleted, because rows of it would be left: ${left}.`,
  help: 'Nothing was changed. Look for what writes rows of a suspended tenant, and delete it again.',
})

export const StrategyUnsupported = defineError({
  code: 'TENANCY_STRATEGY_UNSUPPORTED',
  status: 500,
  message: (strategy: string, database: string) => `The strategy ${strategy} does not work on ${database}.`,
  help: 'Set TENANCY_STRATEGY to shared, or DATABASE_URL to a PostgreSQL database.',
})

export const RelationApart = defineError({
  code: 'TENANCY_RELATION_APART',
  status: 500,
  message: (entity: string, property: string, target: string) =>
    `${entity}.${property} is a relation to ${target}, which is not in the databases of the tenants.`,
  help: 'Declare the one column of its key as a property, neither eager nor lazy; write @TenantScoped() above that entity as well; or choose another strategy.',
})

export const EndpointUndecided = defineDiagnostic({
  code: 'TENANCY_ENDPOINT_UNDECIDED',
  message: (endpoint: string) => `${endpoint} does not say whether it is called for a tenant.`,
  help: 'Write @TenantScoped() or @NoTenant(reason) above it, its class or its module.',
})

export const EntityUnscoped = defineDiagnostic({
  code: 'TENANCY_ENTITY_UNSCOPED',
  message: (entity: string, relation: string, target: string) =>
    `${entity}.${relation} points at ${target}, whose rows belong to tenants, and ${entity} is everybody's.`,
  help: (entity) => `Write @TenantScoped() above ${entity}, or @NoTenant(reason) where its rows are shared on purpose.`,
})

export const UniqueUnscoped = defineDiagnostic({
  code: 'TENANCY_UNIQUE_UNSCOPED',
  severity: 'warning',
  message: (entity: string, properties: string) =>
    `${properties} of ${entity} is unique among all tenants: a duplicate tells one what another one has.`,
  help: (entity, properties) =>
    `Write @Unique(['tenantId', ${properties.replaceAll(/[^, ]+/g, "'$&'")}]) above ${entity} in its place.`,
})

export const RawStatement = defineDiagnostic({
  code: 'TENANCY_RAW_STATEMENT',
  severity: 'warning',
  message: (where: string, entity: string) =>
    `SQL of ${where} is on ${entity} without its tenant, and is refused when it runs for one.`,
  help: 'Write the criterion with ${currentTenant()} into the SQL, or run it inside acrossTenants(reason, …).',
})
