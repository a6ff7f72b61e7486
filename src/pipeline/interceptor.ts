/** The one runtime concept: code around a handler. Guards are its restricted form, which the check can read. */
import type { CallContext } from './context.ts'
import type { Endpoint } from './endpoint.ts'

/** Runs what is further inside. At most once per call, unless the interceptor is declared with `repeats`. */
export type Next = () => unknown

/** Code around a handler. May answer a value or a promise; one that only acts before stays synchronous. */
export type Around = (context: CallContext, next: Next) => unknown

/** The innermost function, and the whole once interceptors are folded around it. */
export type Handler = (context: CallContext) => unknown

/** Asked once per endpoint at boot; without an answer that endpoint runs without it, at no cost. */
export interface EndpointInterceptor {
  forEndpoint(endpoint: Endpoint): Around | undefined
}

/** Takes part in every call of what it is applied to. */
export interface CallInterceptor {
  intercept(context: CallContext, next: Next): unknown
}

/** Decides; it never calls the handler. `true` and `false` stand for `allow()` and `deny()`. */
export interface Guard {
  decide(context: CallContext): Decision | boolean | Promise<Decision | boolean>
}

export type Decision = { readonly allowed: true } | { readonly allowed: false; readonly reason: string }

const ALLOWED: Decision = Object.freeze({ allowed: true })

export function allow(): Decision {
  return ALLOWED
}

/** @param reason - Told to the caller, in one sentence. */
export function deny(reason: string): Decision {
  return { allowed: false, reason }
}
