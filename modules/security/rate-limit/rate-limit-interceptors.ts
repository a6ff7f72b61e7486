/**
 * Limits by address stand before authentication, so that guessing passwords is limited too. Limits by caller stand
 * behind the access decisions: only who may call uses up an allowance.
 */
import {
  describeProblem,
  type Contribution,
  type Endpoint,
  type EndpointInterceptor,
  type InterceptorDescription,
} from 'tenon'
import { Interceptor } from 'tenon/decorators'

import { SecurityConfig } from '../security-config.ts'
import { RateLimited, RateLimitInvalid, RateLimitStoreAway } from '../security-errors.ts'
import { limitFault, limitsOf, type Limit } from './limits-of.ts'
import { RateLimiter } from './rate-limiter.ts'

/** On every answer, whether the call was let through or not. */
const HEADERS = {
  ratelimit: 'What is left of each allowance (r), and for how many seconds (t) that holds.',
  'ratelimit-policy': 'The allowances: calls (q) in a window of seconds (w).',
}

abstract class RateLimitInterceptor implements EndpointInterceptor {
  readonly #config: SecurityConfig
  readonly #limiter: RateLimiter
  readonly #isMine: (limit: Limit) => boolean

  constructor(config: SecurityConfig, limiter: RateLimiter, isMine: (limit: Limit) => boolean) {
    this.#config = config
    this.#limiter = limiter
    this.#isMine = isMine
  }

  /** @throws `SECURITY_RATE_LIMIT_INVALID` */
  forEndpoint(endpoint: Endpoint): Contribution | undefined {
    const all = this.#limitsOf(endpoint)
    const mine = all.filter(this.#isMine)
    if (mine.length === 0) return undefined
    const limiter = this.#limiter
    return {
      headers: { 'ratelimit-policy': all.map(({ policy }) => policy).join(', ') },
      before: (context) => limiter.take(context, mine),
    }
  }

  describe(endpoint: Endpoint): InterceptorDescription {
    const mine = this.#limitsOf(endpoint).filter(this.#isMine)
    return {
      access: '',
      does: `lets through ${mine.map(({ limit, windowMs, name }) => `${limit} calls in ${windowMs / 1000} s by ${name}`).join(' and ')}`,
      problems: [
        describeProblem(RateLimited, 'it is called more often than that', HEADERS),
        ...(this.#config.rateLimitStoreDown === 'refuse' && this.#config.rateLimitStore !== 'memory'
          ? [describeProblem(RateLimitStoreAway, 'calls cannot be counted')]
          : []),
      ],
      responseHeaders: HEADERS,
    }
  }

  #limitsOf(endpoint: Endpoint): readonly Limit[] {
    for (const options of this.#config.limits) {
      const fault = limitFault(options)
      if (fault !== undefined) throw new RateLimitInvalid('SecurityModule', fault)
    }
    return limitsOf(endpoint, this.#config.limits)
  }
}

@Interceptor({ phase: 'protect' })
export class AddressLimits extends RateLimitInterceptor {
  constructor(config: SecurityConfig, limiter: RateLimiter) {
    super(config, limiter, ({ needsCaller }) => !needsCaller)
  }
}

@Interceptor({ phase: 'authorize', order: 100 })
export class CallerLimits extends RateLimitInterceptor {
  constructor(config: SecurityConfig, limiter: RateLimiter) {
    super(config, limiter, ({ needsCaller }) => needsCaller)
  }
}
