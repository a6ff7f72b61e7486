/** The one runtime concept: code around a handler. Guards are its restricted form, which the check can read. */
import type { CallContext, CallListener } from './context.ts'
import type { InterceptorDescription } from './description.ts'
import type { Endpoint } from './endpoint.ts'

/** Runs what is further inside. At most once per call, unless the interceptor is declared with `repeats`. */
export type Next = () => unknown

/** Code around a handler. May answer a value or a promise; one that only acts before stays synchronous. */
export type Around = (context: CallContext, next: Next) => unknown

/** The innermost function, and the whole once interceptors are folded around it. */
export type Handler = (context: CallContext) => unknown

/** Acts before what is further inside, which runs when it is done; it stops the call by throwing. */
export type Before = (context: CallContext) => unknown

/** What an interceptor adds to an endpoint when code around the handler is too much or not enough. */
export interface Contribution extends CallListener {
  /**
   * Headers of every HTTP answer of the endpoint, problems included: checked and laid out at boot, so a call pays
   * nothing for them. What `@SetHeader` or the handler says of the same name wins; then the innermost interceptor. What
   * is said of `Vary` adds up, whoever says it.
   * @example `{ headers: { 'x-frame-options': 'DENY' } }`
   */
  readonly headers?: Readonly<Record<string, string>>
  /** Cheaper than `around`, for it needs no `next`. */
  readonly before?: Before
  readonly around?: Around
  /** Turns what arrived into what the endpoint takes, before it is bound and validated. Pure; outermost first. */
  readonly input?: InputTransform
  /**
   * Changes what the handler answered before it is reduced to its declared model, so it still has the handler's own
   * objects; the innermost interceptor first. Interceptors around the handler see what it makes.
   */
  readonly result?: ResultStep
}

/** What came with a call, as it was read: parsed, neither converted nor validated. */
export interface RawInput {
  /** `undefined` for a call without a body; the fields of the form for uploads. */
  readonly body: unknown
  readonly query: Readonly<Record<string, string | string[] | undefined>>
}

export type InputTransform = (input: RawInput) => RawInput

/** What the handler answered in, what is answered instead out; a promise is waited for. */
export type ResultStep = (result: unknown, context: CallContext) => unknown

/** Asked once per endpoint at boot; without an answer that endpoint runs without it, at no cost. */
export interface EndpointInterceptor {
  forEndpoint(endpoint: Endpoint): Around | Contribution | undefined
  /** What it means for the callers of an endpoint it answered for; asked by documents and tools only. */
  describe?(endpoint: Endpoint): InterceptorDescription | undefined
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
