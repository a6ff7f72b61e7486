/**
 * OpenTelemetry's idea of "the current context" on Tenon's: what is active in a call belongs to that call. Calls run in no
 * context of their own, at no cost, unless somebody has entered another one around them; it is made when somebody asks.
 */
import { AsyncLocalStorage } from 'node:async_hooks'

import { createContextKey, ROOT_CONTEXT, type Context, type ContextManager } from '@opentelemetry/api'
import { tryCtx, type CallContext, type Endpoint } from 'tenon'

import { RECORDING } from './call-recording.ts'

/** Under which a context names the recorder whose spans it carries: there may be several applications in a process. */
export const RECORDER = createContextKey('tenon.recorder')

/** Who knows the calls of an application. */
export interface CallOwner {
  /** The context of a call that is not recorded; `undefined` where there is nothing to say. */
  unrecorded(call: CallContext): Context | undefined
}

type Work = (...args: never[]) => unknown

class CallContexts implements ContextManager {
  readonly #storage = new AsyncLocalStorage<Context>()
  readonly #owners = new WeakMap<Endpoint, CallOwner>()

  /** What was entered further outside; `undefined` where the call alone says what is active. */
  get entered(): Context | undefined {
    return this.#storage.getStore()
  }

  /** The context that recorded work runs in. */
  get recorded(): Context | undefined {
    return this.entered ?? tryCtx()?.get(RECORDING)?.context
  }

  active(): Context {
    return this.recorded ?? this.#unrecorded() ?? ROOT_CONTEXT
  }

  /** Calls of this endpoint are the owner's. */
  own(endpoint: Endpoint, owner: CallOwner): void {
    this.#owners.set(endpoint, owner)
  }

  ownerOf(endpoint: Endpoint): CallOwner | undefined {
    return this.#owners.get(endpoint)
  }

  with<A extends unknown[], F extends (...args: A) => ReturnType<F>>(
    context: Context,
    work: F,
    self?: ThisParameterType<F>,
    ...args: A
  ): ReturnType<F> {
    return this.#storage.run(context, () => work.call(self as ThisParameterType<F>, ...args))
  }

  /** Runs what belongs to a call: what was entered around the call does not hold in it. */
  inCall<T>(work: () => T): T {
    return this.entered === undefined ? work() : this.#storage.exit(work)
  }

  bind<T>(context: Context, target: T): T {
    if (typeof target !== 'function') return target
    const work = target as unknown as Work
    const bound = (...args: never[]): unknown => this.#storage.run(context, () => work(...args))
    return bound as unknown as T
  }

  enable(): this {
    return this
  }

  disable(): this {
    return this
  }

  /** Spans that somebody begins in a call that is not sampled are not sampled either. */
  #unrecorded(): Context | undefined {
    const call = tryCtx()
    return call && this.ownerOf(call.endpoint)?.unrecorded(call)
  }
}

/** One for the process, as OpenTelemetry has it; it has no state besides the asynchronous one. */
export const CALL_CONTEXTS = new CallContexts()
