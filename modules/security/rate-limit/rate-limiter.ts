/** Counts calls against limits and tells the caller how much is left. */
import { Clock, HttpContext, Logger, type CallContext } from 'tenon'
import { Inject, Injectable, OnInit, Optional } from 'tenon/decorators'

import { SecurityConfig } from '../security-config.ts'
import { RateLimited, RateLimitStoreMissing } from '../security-errors.ts'
import { NEVER, remainingAfter, type Verdict } from './gcra.ts'
import { InsuredStore } from './insured-store.ts'
import type { Limit } from './limits-of.ts'
import { MemoryStore } from './memory-store.ts'
import { RateLimitStore } from './rate-limit-store.ts'

const HEADER = 'ratelimit'

@Injectable()
export class RateLimiter {
  readonly #store: RateLimitStore
  readonly #missing: string | undefined

  /** @param shared - Without one, each process counts alone. */
  constructor(
    config: SecurityConfig,
    clock: Clock,
    logger: Logger,
    @Optional() @Inject(RateLimitStore) shared?: RateLimitStore,
  ) {
    const local = new MemoryStore(clock, config.rateLimitMaxKeys)
    this.#missing = config.rateLimitStore === 'memory' || shared ? undefined : config.rateLimitStore
    this.#store = shared ? new InsuredStore(shared, local, config.rateLimitStoreDown, clock, logger) : local
  }

  /** @throws `SECURITY_RATE_LIMIT_STORE_MISSING` */
  @OnInit()
  requireStore(): void {
    if (this.#missing !== undefined) throw new RateLimitStoreMissing(this.#missing)
  }

  /**
   * Takes the call from the allowances one after the other, synchronously as long as the store is.
   * @throws `SECURITY_RATE_LIMITED` by the first that is used up; `SECURITY_RATE_LIMIT_STORE_AWAY`
   */
  take(context: CallContext, limits: readonly Limit[], from = 0): void | Promise<void> {
    for (let index = from; index < limits.length; index += 1) {
      const limit = limits[index]!
      const key = limit.subjectOf(context)
      if (key === undefined) continue
      const cost = wholeCost(limit.costOf(context))
      const verdict = cost > limit.limit ? NEVER : this.#store.take(key, limit.rate, cost)
      if (typeof verdict !== 'number') {
        return verdict.then((taken) => {
          settle(context, limit, taken)
          return this.take(context, limits, index + 1)
        })
      }
      settle(context, limit, verdict)
    }
    return undefined
  }
}

/** What a function makes of a call may be what the caller wrote: nobody pays less than nothing, or something that is no number. */
function wholeCost(cost: number): number {
  return cost >= 0 && cost < Infinity ? Math.ceil(cost) : 1
}

/** @throws `SECURITY_RATE_LIMITED` */
function settle(context: CallContext, limit: Limit, verdict: Verdict): void {
  if (context instanceof HttpContext) tell(context, limit, verdict)
  if (verdict < 0) throw new RateLimited(limit.name, limit.limit, limit.windowMs, Math.ceil(-verdict / 1e6))
}

/** `RateLimit` (draft-ietf-httpapi-ratelimit-headers-10 §4): one item for each limit, whichever phase it was taken in. */
function tell({ response }: HttpContext, { name, rate }: Limit, verdict: Verdict): void {
  const seconds = Math.ceil(Math.abs(verdict) / 1e6)
  const item = `"${name}";r=${remainingAfter(verdict, rate)};t=${seconds}`
  const before = response.getHeader(HEADER)
  response.setHeader(HEADER, before === undefined ? item : `${String(before)}, ${item}`)
}
