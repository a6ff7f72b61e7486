/** The context that interceptors of a provider method see: the method and its arguments, within the call around it. */
import { randomUUID } from 'node:crypto'

import type { Logger } from '../logging/logger.ts'
import { CallContext, type OutcomeListener } from './context.ts'
import type { Endpoint } from './endpoint.ts'

export class MethodContext extends CallContext {
  /** The object whose method is called. */
  readonly target: object
  readonly #outer: CallContext | undefined
  readonly #logger: Logger
  #id: string | undefined
  readonly #listeners: OutcomeListener[] = []
  readonly #startedAt = performance.now()

  /** @param outer - The call this happens in; none at boot, in timers and in scripts. */
  constructor(endpoint: Endpoint, target: object, args: readonly unknown[], logger: Logger, outer?: CallContext) {
    super(endpoint, outer?.state)
    this.target = target
    this.args = args
    this.#logger = logger
    this.#outer = outer
  }

  get id(): string {
    return this.#outer?.id ?? (this.#id ??= randomUUID())
  }

  get log(): Logger {
    return this.#outer?.log ?? this.#logger
  }

  header(name: string): string | undefined {
    return this.#outer?.header(name)
  }

  /** With a call around it, called back when that call is over; else when the method is. */
  onSettled(listener: OutcomeListener): void {
    if (this.#outer) this.#outer.onSettled(listener)
    else this.#listeners.push(listener)
  }

  /** @internal */
  settle(error?: unknown): void {
    const outcome = { status: error === undefined ? 200 : 500, error, durationMs: performance.now() - this.#startedAt }
    for (const listener of this.#listeners) listener(outcome, this)
  }
}
