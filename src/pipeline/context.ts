/**
 * The call in progress: who calls which endpoint with what, until when.
 * One object per call, handed through the interceptors and found from anywhere below by `ctx()`.
 */
import { AsyncLocalStorage } from 'node:async_hooks'

import type { Logger } from '../logging/logger.ts'
import { actingTenant } from './acting-tenant.ts'
import type { Endpoint } from './endpoint.ts'
import { ContextMissing, ContextValueMissing, DeadlinePassed } from './pipeline-errors.ts'
import type { Principal } from './principal.ts'

/** A typed name for a value that travels with the call. */
export class ContextKey<T> {
  declare protected readonly type: T
  readonly name: string

  constructor(name: string) {
    this.name = name
  }
}

/** How a call ended. */
export interface Outcome {
  /** Status that left, or would have; 499 when the caller went away before an answer. */
  readonly status: number
  readonly error: unknown
  readonly durationMs: number
}

export type OutcomeListener = (outcome: Outcome, context: CallContext) => void

/** Told of all calls of an endpoint. Known before there are calls, it costs them less than `onSettled`. Must not throw. */
export interface CallListener {
  /** Told of each call when it begins, before any interceptor acts. */
  readonly begun?: ((context: CallContext) => void) | undefined
  /** Told how each of these calls has ended, whichever way. */
  readonly settled?: OutcomeListener | undefined
}

/** Longest time a timer can be set for; a deadline further away is none. */
const LONGEST_TIMER_MS = 2_147_483_647

/** What belongs to the call rather than to one of the methods it passes through. */
export class CallState {
  principal: Principal | undefined
  tenant: string | undefined
  version: string | undefined
  locale: string | undefined
  #deadline: number | undefined
  #deadlineTimer: NodeJS.Timeout | undefined
  #isOver = false
  /** Most calls have one value or none: a map of it would cost them more than everything else here. */
  #firstKey: ContextKey<unknown> | undefined
  #firstValue: unknown
  #furtherValues: Map<ContextKey<unknown>, unknown> | undefined
  #abort: AbortController | undefined

  get deadline(): number | undefined {
    return this.#deadline
  }

  /** When it passes, the call's signal aborts. */
  set deadline(deadline: number | undefined) {
    this.#deadline = deadline
    clearTimeout(this.#deadlineTimer)
    if (deadline === undefined || this.#isOver) return
    const waitMs = deadline - Date.now()
    const pass = (): void => this.abortController.abort(new DeadlinePassed())
    if (waitMs <= 0) pass()
    else if (waitMs <= LONGEST_TIMER_MS) this.#deadlineTimer = setTimeout(pass, waitMs).unref()
  }

  /** The call is over: no deadline holds any more. */
  end(): void {
    this.#isOver = true
    if (this.#deadlineTimer) clearTimeout(this.#deadlineTimer)
  }

  get abortController(): AbortController {
    return (this.#abort ??= new AbortController())
  }

  value(key: ContextKey<unknown>): unknown {
    return key === this.#firstKey ? this.#firstValue : this.#furtherValues?.get(key)
  }

  hasValue(key: ContextKey<unknown>): boolean {
    return key === this.#firstKey || this.#furtherValues?.has(key) === true
  }

  setValue(key: ContextKey<unknown>, value: unknown): void {
    this.#firstKey ??= key
    if (key === this.#firstKey) this.#firstValue = value
    else (this.#furtherValues ??= new Map()).set(key, value)
  }
}

/** What every call has, on every transport. */
export abstract class CallContext {
  readonly endpoint: Endpoint
  /** Filled by the validate phase. */
  args: readonly unknown[] = []
  /** @internal */
  readonly state: CallState

  constructor(endpoint: Endpoint, state: CallState = new CallState()) {
    this.endpoint = endpoint
    this.state = state
  }

  /** Identifies the call in logs, problems and traces. */
  abstract readonly id: string
  /** Logs with the call's id. */
  abstract readonly log: Logger
  /** A named value that came with the call (HTTP headers, message headers), by case-insensitive name. */
  abstract header(name: string): string | undefined
  /** Calls back once when the call is over, however it ended; at once when it is over already. Must not throw. */
  abstract onSettled(listener: OutcomeListener): void

  /**
   * The network address the call came from, as far as it can be believed; `undefined` on transports that have none. A
   * claim about it counts only where the transport was told whom to trust (`HTTP_TRUST_PROXY`).
   */
  get address(): string | undefined {
    return undefined
  }

  /** Who calls; set by the authenticate phase. */
  get principal(): Principal | undefined {
    return this.state.principal
  }

  set principal(principal: Principal | undefined) {
    this.state.principal = principal
  }

  /** The same as `principal`. */
  get user(): Principal | undefined {
    return this.state.principal
  }

  /**
   * The tenant the running code acts for: that of the call, proposed by the context phase and confirmed by the
   * authenticate phase, unless the code has been told to act for another one.
   */
  get tenant(): string | undefined {
    const acting = actingTenant()
    if (acting === undefined) return this.state.tenant
    return typeof acting === 'string' ? acting : undefined
  }

  set tenant(tenant: string | undefined) {
    this.state.tenant = tenant
  }

  /** API version: the one the endpoint answers, unless the context phase sets another. */
  get version(): string | undefined {
    return this.state.version ?? this.endpoint.version
  }

  set version(version: string | undefined) {
    this.state.version = version
  }

  /** BCP 47 language tag, set by the context phase. */
  get locale(): string | undefined {
    return this.state.locale
  }

  set locale(locale: string | undefined) {
    this.state.locale = locale
  }

  /** When the caller stops waiting, in milliseconds since the epoch; `signal` aborts then. */
  get deadline(): number | undefined {
    return this.state.deadline
  }

  set deadline(deadline: number | undefined) {
    this.state.deadline = deadline
  }

  /** Aborts when the caller goes away, the deadline passes or the application stops waiting. */
  get signal(): AbortSignal {
    return this.state.abortController.signal
  }

  /** Ends the call's `signal`. */
  abort(reason: unknown): void {
    this.state.abortController.abort(reason)
  }

  get<T>(key: ContextKey<T>): T | undefined {
    return this.state.value(key) as T | undefined
  }

  set<T>(key: ContextKey<T>, value: T): void {
    this.state.setValue(key, value)
  }

  /** @throws `CONTEXT_VALUE_MISSING` when nothing set it. */
  require<T>(key: ContextKey<T>): T {
    if (!this.state.hasValue(key)) throw new ContextValueMissing(key.name, this.endpoint.name)
    return this.state.value(key) as T
  }
}

const AMBIENT = new AsyncLocalStorage<CallContext>()

/**
 * The context of the call this code runs in.
 * @throws `CONTEXT_MISSING` outside of any call.
 */
export function ctx(): CallContext {
  const context = AMBIENT.getStore()
  if (!context) throw new ContextMissing()
  return context
}

/** The context of the call this code runs in, if there is one. */
export function tryCtx(): CallContext | undefined {
  return AMBIENT.getStore()
}

/** Runs `work` with `context` as the ambient one, across every `await` in it. */
export function runInContext<R>(context: CallContext, work: (context: CallContext) => R): R {
  return AMBIENT.run(context, work, context)
}

/**
 * Makes `context` the ambient one for what runs from here on, without a way back: for callbacks that Node itself calls and
 * after which it restores what was before. It costs half of `runInContext`.
 */
export function enterContext(context: CallContext): void {
  AMBIENT.enterWith(context)
}

/** Runs `work`, and leaves any context that it has entered. */
export function leavingContext<R>(work: () => R): R {
  return AMBIENT.run(AMBIENT.getStore() as CallContext, work)
}

/** The tenant the running code acts for, in a call or outside of one. */
export function currentTenant(): string | undefined {
  const acting = actingTenant()
  if (acting === undefined) return AMBIENT.getStore()?.state.tenant
  return typeof acting === 'string' ? acting : undefined
}
