/** Whether an endpoint is called for a tenant: what stands nearest to it decides. */
import type { Endpoint } from 'tenon'
import { NO_TENANT, TENANT_SCOPED } from 'tenon/decorators'

/** `undefined`: nothing says it. */
export function tenantDecision({ type, method, module }: Endpoint): 'tenant' | 'none' | undefined {
  const places = [[type, method], [type], ...(module ? [[module]] : [])] as [object, (string | symbol)?][]
  for (const [target, member] of places) {
    if (NO_TENANT.read(target, member)) return 'none'
    if (TENANT_SCOPED.read(target, member)) return 'tenant'
  }
  return undefined
}
