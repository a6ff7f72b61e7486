/** `@NoTenant`: endpoints that act for no tenant, and entities that are everybody's. */
import { annotate } from '../annotate.ts'
import { MetadataKey } from '../metadata.ts'

export const NO_TENANT = new MetadataKey<{ readonly reason: string }>('tenancy.none')

/**
 * Above a route, controller or module: its endpoints act for no tenant. Above an entity: its rows are shared by all of
 * them on purpose.
 * @param reason - Why; the check lists it.
 * @example `@NoTenant('Nobody is known before the sign-in.')`
 */
export function NoTenant(reason: string): ClassDecorator & MethodDecorator {
  return annotate(NO_TENANT, { reason })
}
