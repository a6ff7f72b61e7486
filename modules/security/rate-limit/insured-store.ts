/** What holds while a shared store is away: a setting, and never a guess. */
import type { Clock, Logger } from 'tenon'

import { RateLimitStoreAway } from '../security-errors.ts'
import type { Rate, Verdict } from './gcra.ts'
import type { RateLimitStore } from './rate-limit-store.ts'

/** `local`: each process counts alone. `allow`: nobody counts. `refuse`: calls with limits answer 503. */
export type Insurance = 'local' | 'allow' | 'refuse'

/** A store that failed is left alone for so long: calls do not queue up behind its time-outs. */
const PAUSE_MS = 1000

export class InsuredStore implements RateLimitStore {
  readonly name: string
  readonly #shared: RateLimitStore
  readonly #local: RateLimitStore
  readonly #insurance: Insurance
  readonly #clock: Clock
  readonly #logger: Logger
  #isAway = false
  #askAgainAt = 0

  constructor(shared: RateLimitStore, local: RateLimitStore, insurance: Insurance, clock: Clock, logger: Logger) {
    this.name = shared.name
    this.#shared = shared
    this.#local = local
    this.#insurance = insurance
    this.#clock = clock
    this.#logger = logger
  }

  /** @throws `SECURITY_RATE_LIMIT_STORE_AWAY` */
  take(key: string, rate: Rate, cost: number): Verdict | Promise<Verdict> {
    if (this.#isAway && this.#clock.epochMs() < this.#askAgainAt) return this.#insured(key, rate, cost)
    return this.#ask(key, rate, cost)
  }

  async #ask(key: string, rate: Rate, cost: number): Promise<Verdict> {
    try {
      const verdict = await this.#shared.take(key, rate, cost)
      this.#isBack()
      return verdict
    } catch (error) {
      this.#wentAway(error)
      return this.#insured(key, rate, cost)
    }
  }

  #insured(key: string, rate: Rate, cost: number): Verdict | Promise<Verdict> {
    if (this.#insurance === 'refuse') throw new RateLimitStoreAway(this.name)
    return this.#insurance === 'allow' ? 0 : this.#local.take(key, rate, cost)
  }

  /** An outage is worth two lines. */
  #wentAway(error: unknown): void {
    this.#askAgainAt = this.#clock.epochMs() + PAUSE_MS
    if (this.#isAway) return
    this.#isAway = true
    this.#logger.error(`Rate limits cannot reach ${this.name}; meanwhile: ${this.#insurance}.`, { error })
  }

  #isBack(): void {
    if (!this.#isAway) return
    this.#isAway = false
    this.#logger.info(`Rate limits have ${this.name} again.`)
  }
}
