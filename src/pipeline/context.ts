/**
 * The call in progress: who calls which endpoint with what, until when.
 * One object per call, handed through the interceptors and found from anywhere below by `ctx()`.
 */
import { AsyncLocalStorage } from 'node:async_hooks'

import type { Logger } from '../logging/logger.ts'
import type { Endpoint } from './endpoint.ts'
import { ContextMissing, ContextValueMissing } from './pipeline-errors.ts'

/** A typed name for a value that travels with the call. */
export class ContextKey<T> {
  declare protected readonly type: T
  readonly name: string

  constructor(name: string) {
    this.name = name
  }
}

/**
 * Who calls. Applications add their fields by declaration merging:
 * `declare module 'tenon' { interface Principal { email: string } }`.
 */
export interface Principal {
  readonly id: string
}

/** How a call ended. */
export interface Outcome {
  /** Status that left, or would have; 499 when the caller went away before an answer. */
  readonly status: number
  readonly error: unknown
  readonly durationMs: number
}

export type OutcomeListener = (outcome: Outcome) => void

/** What every call has, on every transport. */
export abstract class CallContext {
  readonly endpoint: Endpoint
  /** Filled by the validate phase. */
  args: readonly unknown[] = []
  /** Set by the authenticate phase. */
  principal: Principal | undefined
  /** Set by the context phase (proposed) and confirmed by the authenticate phase. */
  tenant: string | undefined
  /** API version, set by the context phase. */
  version: string | undefined
  /** BCP 47 language tag, set by the context phase. */
  locale: string | undefined
  /** When the caller stops waiting, in milliseconds since the epoch. */
  deadline: number | undefined
  #values: Map<ContextKey<unknown>, unknown> | undefined
  #abort: AbortController | undefined

  constructor(endpoint: Endpoint) {
    this.endpoint = endpoint
  }

  /** Identifies the call in logs, problems and traces. */
  abstract readonly id: string
  /** Logs with the call's id. */
  abstract readonly log: Logger
  /** A named value that came with the call (HTTP headers, message headers), by case-insensitive name. */
  abstract header(name: string): string | undefined
  /** Calls back once when the call is over, however it ended. Must not throw. */
  abstract onSettled(listener: OutcomeListener): void

  /** The same as `principal`. */
  get user(): Principal | undefined {
    return this.principal
  }

  /** Aborts when the caller goes away, the deadline passes or the application stops waiting. */
  get signal(): AbortSignal {
    return (this.#abort ??= new AbortController()).signal
  }

  /** Ends the call's `signal`; costs nothing when nobody asked for it. */
  abort(reason: unknown): void {
    this.#abort ??= new AbortController()
    this.#abort.abort(reason)
  }

  get<T>(key: ContextKey<T>): T | undefined {
    return this.#values?.get(key) as T | undefined
  }

  set<T>(key: ContextKey<T>, value: T): void {
    ;(this.#values ??= new Map()).set(key, value)
  }

  /** @throws `CONTEXT_VALUE_MISSING` when nothing set it. */
  require<T>(key: ContextKey<T>): T {
    if (!this.#values?.has(key)) throw new ContextValueMissing(key.name, this.endpoint.name)
    return this.#values.get(key) as T
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
