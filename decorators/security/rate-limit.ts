/** `@RateLimit`: how often an endpoint may be called, and by whom the calls are counted. */
import { annotateAlso, type ClassOrMethodDecorator } from '../annotate.ts'
import { MetadataListKey } from '../metadata.ts'

/** `'90s'`, `'15m'`, `'1h'`; a number counts milliseconds. */
export type Duration = number | `${number}${'ms' | 's' | 'm' | 'h' | 'd'}`

/** Whose calls are counted together; a name of one's own by a function, which answers `undefined` for those it lets be. */
export type RateLimitSubject = 'ip' | 'user' | 'key' | 'tenant' | ((context: never) => string | undefined)

export interface RateLimitOptions {
  /** Calls in a window: so many at once, and then one each `window / limit`. */
  readonly limit: number
  readonly window: Duration
  /** Default: `'ip'`. Where a caller, key or tenant is not known, the address counts. */
  readonly by?: RateLimitSubject
  /** What one call counts for, in whole numbers. A function's answer that is none, or below zero, counts as 1. Default: 1. */
  readonly cost?: number | ((context: never) => number)
  /**
   * How answers call the limit. All limits of one name count together, wherever they are written; without a name each
   * decorator counts for what it is written above.
   */
  readonly name?: string
}

/** `false`: no limit from further outside holds. */
export const RATE_LIMITS = new MetadataListKey<RateLimitOptions | false>('security.rate-limit')

/**
 * Limits an endpoint, or all of a controller together. Several hold at once, with those of the application. `false`
 * frees it of all that is said further outside.
 * @example `@RateLimit({ limit: 5, window: '15m', by: 'ip', name: 'login' })`
 * @see docs/modules/security.md
 */
export function RateLimit(options: RateLimitOptions | false): ClassOrMethodDecorator {
  return annotateAlso(RATE_LIMITS, options)
}
