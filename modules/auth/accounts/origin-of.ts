import { HttpContext, type CallContext } from 'tenon'

import type { CallerOrigin } from './caller-origin.ts'

/** A proxy's word on the address is taken only where HTTP_TRUST_PROXY says so. */
export function originOf(context: CallContext): CallerOrigin {
  return {
    address: context instanceof HttpContext ? context.request.ip : undefined,
    agent: context.header('user-agent'),
    locale: context.locale,
  }
}
