/**
 * Code that acts for another tenant than its call, or for all of them: named, with a reason, told to whoever audits, and
 * refused in calls whose caller may not.
 */
import { actAs, actingTenant, ContextKey, currentTenant, EVERY_TENANT, securityEvents, tryCtx } from 'tenon'

import { CrossingRefused, CrossingUnexplained, TenantNameInvalid } from './tenancy-errors.ts'
import { withDatabaseOf } from './tenant-databases.ts'
import { isTenantName } from './tenant-places.ts'

/** Set in every call that is for a tenant: the roles of callers who may cross. */
export const CROSSING_ROLES = new ContextKey<readonly string[]>('tenancy.crossingRoles')

/**
 * Runs `work` for a tenant: its rows, its keys, its schema. Outside of calls (jobs, scripts, commands) and in endpoints
 * without a tenant anybody may; in a call for another tenant the caller needs one of the `crossingRoles`. The directory
 * is not asked; `Tenants.runAs` does.
 * @throws `TENANCY_CROSSING_REFUSED`, `TENANCY_NAME_INVALID`
 * @example `await runAsTenant('acme', () => this.tickets.find())`
 */
export async function runAsTenant<T>(tenant: string, work: () => T | Promise<T>): Promise<T> {
  if (!isTenantName(tenant)) throw new TenantNameInvalid('runAsTenant')
  if (currentTenant() !== tenant) requireCrossing('tenancy.entered', `runAsTenant ${tenant}`, tenant)
  return withDatabaseOf(tenant, () => actAs(tenant, work))
}

/**
 * Runs `work` for no tenant in particular: it reads and writes the rows of all, and new rows must say whose they are.
 * Each use is published as a security event with its reason.
 * @throws `TENANCY_CROSSING_REFUSED` in a call whose caller has none of the `crossingRoles`, `TENANCY_CROSSING_UNEXPLAINED`
 * @example `await acrossTenants('monthly invoice run', () => this.tickets.count())`
 */
export async function acrossTenants<T>(reason: string, work: () => T | Promise<T>): Promise<T> {
  if (typeof reason !== 'string' || reason.trim() === '') throw new CrossingUnexplained()
  requireCrossing('tenancy.crossed', reason)
  return actAs(EVERY_TENANT, work)
}

function requireCrossing(type: string, reason: string, subject?: string): void {
  const isAllowed = mayCross()
  securityEvents.publish({
    type,
    outcome: isAllowed ? 'allowed' : 'refused',
    ...(subject !== undefined && { subject }),
    reason,
    at: Date.now(),
  })
  if (!isAllowed) throw new CrossingRefused(reason)
}

/** What is called for a tenant says who may; everything else is the application's own work. */
function mayCross(): boolean {
  const context = tryCtx()
  const roles = context?.get(CROSSING_ROLES)
  if (!context || !roles || actingTenant() === EVERY_TENANT) return true
  const { principal } = context
  return principal?.kind === 'operator' || roles.some((role) => principal?.roles?.includes(role))
}
