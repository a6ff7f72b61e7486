import type { HttpContext } from 'tenon'
import type { CallerOrigin } from 'tenon/auth'

/** A proxy's word on the address is taken only where HTTP_TRUST_PROXY says so. */
export function originOf(context: HttpContext): CallerOrigin {
  return { address: context.address, agent: context.header('user-agent'), locale: context.locale }
}
