/** The limits that hold for an endpoint, out of its decorators and the application's settings. */
import { readDuration, type CallContext, type Endpoint } from 'tenon'
import { RATE_LIMITS, type RateLimitOptions } from 'tenon/decorators'

import { rateOf, type Rate } from './gcra.ts'
import { subjectReader, type SubjectOf } from './subject.ts'

/** A limit with everything made up. */
export interface Limit {
  /** As answers call it. */
  readonly name: string
  readonly limit: number
  readonly windowMs: number
  readonly rate: Rate
  /** Whether it must be known who calls. */
  readonly needsCaller: boolean
  readonly subjectOf: SubjectOf
  readonly costOf: (context: CallContext) => number
  /** `RateLimit-Policy` (draft-ietf-httpapi-ratelimit-headers-10 §3). */
  readonly policy: string
}

/** A name is an sf-string (RFC 9651 §3.3.3) and part of keys: letters, digits and what joins them. */
const NAME = /^[\w.:-]{1,64}$/
const ONE: () => number = () => 1

/** Why the options are no limit; `undefined` when they are one. */
export function limitFault({ limit, window, cost, name }: RateLimitOptions): string | undefined {
  if (!Number.isSafeInteger(limit) || limit < 1) return `limit ${limit}, which is no whole number above zero`
  const windowMs = readDuration(window)
  if (windowMs === undefined) return `the window ${String(window)}, which is no duration such as '15m'`
  if (windowMs * 1000 < limit) return `limit ${limit} in ${String(window)}, more than one each microsecond`
  if (typeof cost === 'number' && !(Number.isSafeInteger(cost) && cost >= 0))
    return `cost ${cost}, which is no whole number from zero on`
  if (typeof cost === 'number' && cost > limit) return `cost ${cost}, more than the limit ${limit} ever lets through`
  if (name !== undefined && !NAME.test(name))
    return `the name "${name}", which is more than letters, digits, ".", ":", "_" and "-"`
  return undefined
}

/** Outermost first: the application's, then the module's, the class's and the method's. */
export function limitsOf(endpoint: Endpoint, application: readonly RateLimitOptions[]): readonly Limit[] {
  const { type, method, module } = endpoint
  const levels: readonly (readonly [string, readonly (RateLimitOptions | false)[]])[] = [
    ['application', application],
    [`module.${module?.name}`, module ? RATE_LIMITS.read(module) : []],
    [`class.${type.name}`, RATE_LIMITS.read(type)],
    [`method.${endpoint.name}`, RATE_LIMITS.read(type, method)],
  ]
  const innermostFalse = levels.findLastIndex(([, facts]) => facts.includes(false))
  return levels
    .slice(Math.max(0, innermostFalse))
    .flatMap(([scope, facts]) =>
      facts.filter((fact) => fact !== false).map((fact, index) => compile(fact, scope, index)),
    )
}

function compile(options: RateLimitOptions, scope: string, index: number): Limit {
  const { limit, by = 'ip', cost = 1 } = options
  const windowMs = readDuration(options.window) ?? Number.NaN
  const name = options.name ?? (typeof by === 'function' ? 'custom' : by)
  // A name of its own is one allowance, wherever it is written; else each decorator has its own.
  const id = options.name === undefined ? `${scope}.${index}` : `name.${options.name}.${limit}.${windowMs}`
  return {
    name,
    limit,
    windowMs,
    rate: rateOf(limit, windowMs),
    needsCaller: by !== 'ip',
    subjectOf: subjectReader(by, id),
    costOf: typeof cost === 'function' ? (cost as (context: CallContext) => number) : cost === 1 ? ONE : () => cost,
    policy: `"${name}";q=${limit};w=${Math.max(1, Math.ceil(windowMs / 1000))}`,
  }
}
