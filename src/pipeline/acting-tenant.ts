/** The tenant that running code acts for where that is not the tenant of its call: set by whoever switches it. */
import { AsyncLocalStorage } from 'node:async_hooks'

/** Code that acts for no tenant in particular, and may see what belongs to any. */
export const EVERY_TENANT: unique symbol = Symbol('every tenant')

export type ActingTenant = string | typeof EVERY_TENANT

const ACTING = new AsyncLocalStorage<ActingTenant>()

/** Runs `work` for `tenant`, across every `await` in it, whatever the call around it acts for. */
export function actAs<R>(tenant: ActingTenant, work: () => R): R {
  return ACTING.run(tenant, work)
}

/** What `actAs` said last; `undefined` where the call's own tenant counts. */
export function actingTenant(): ActingTenant | undefined {
  return ACTING.getStore()
}
