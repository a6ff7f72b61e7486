/** `@TenantScoped()`: rows of an entity, or the endpoints of a method, class or module, belong to one tenant each. */
import { annotate } from '../annotate.ts'
import { MetadataKey } from '../metadata.ts'

export interface TenantScope {
  /**
   * Entities: the property that holds the tenant. It is added as a column of text where the entity declares none.
   * Default: `tenantId`.
   */
  readonly property: string
}

export const TENANT_SCOPED = new MetadataKey<TenantScope>('tenancy.scoped')

/**
 * Above an entity: each row belongs to a tenant, and code that acts for one sees and writes no other's. Above a route,
 * controller or module: its endpoints are called for one tenant, named by the request and confirmed against the caller.
 * @see docs/modules/tenancy.md
 */
export function TenantScoped(scope: Partial<TenantScope> = {}): ClassDecorator & MethodDecorator {
  return annotate(TENANT_SCOPED, { property: 'tenantId', ...scope })
}
