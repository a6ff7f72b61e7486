/** The context that interceptors of a provider method see: the method and its arguments, within the call around it. */
import { randomUUID } from 'node:crypto'

import type { Logger } from '../logging/logger.ts'
import { CallContext, type Outcome, type OutcomeListener } from './context.ts'
import type { Endpoint } from './endpoint.ts'

export class MethodContext extends CallContext {
  /** The object whose method is called. */
  readonly target: object
  readonly #outer: CallContext | undefined
  readonly #logger: Logger
  #id: string | undefined
  readonly #listeners: OutcomeListener[] = []
  #outcome: Outcome | undefined
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
    else if (this.#outcome) this.#tell(listener, this.#outcome)
    else this.#listeners.push(listener)
  }

  /** @internal A method without a call around it is over. */
  settle(status: number, error?: unknown): void {
    this.#outcome = { status, error, durationMs: performance.now() - this.#startedAt }
    this.state.end()
    for (const listener of this.#listeners) this.#tell(listener, this.#outcome)
  }

  #tell(listener: OutcomeListener, outcome: Outcome): void {
    try {
      listener(outcome, this)
    } catch (error) {
      this.#logger.error("A listener of a call's outcome threw.", { error })
    }
  }
}
