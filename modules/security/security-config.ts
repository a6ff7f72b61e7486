/** What may be chosen about protection. */
import { Config, Env, type CorsOptions, type RateLimitOptions, type SecurityHeaderOptions } from 'tenon/decorators'

@Config('security')
export class SecurityConfig {
  /** Browsers reach the application by HTTPS: they may insist on it (HSTS) and upgrade what pages load. */
  @Env('SECURITY_HTTPS', { optional: true, description: 'Browsers come by HTTPS. Default: in production' })
  readonly https?: boolean

  /** Headers of every answer; an endpoint changes them by `@SecurityHeaders`. */
  readonly headers: SecurityHeaderOptions | false = {}

  /** Origins whose pages may call, as browsers send them, or `*` alone. */
  @Env('CORS_ORIGINS', { optional: true, description: 'Origins whose pages may call, comma-separated, or *' })
  readonly corsOrigins?: string[]

  /** Their calls carry cookies. */
  @Env('CORS_CREDENTIALS', { default: false, description: 'Calls of other origins carry cookies' })
  readonly corsCredentials!: boolean

  /** All of CORS, in place of the two before; an endpoint changes it by `@Cors`. */
  readonly cors?: CorsOptions

  /** Limits that hold for every endpoint together, besides those of `@RateLimit`. */
  readonly limits: readonly RateLimitOptions[] = []

  /** Where allowances are counted: in each process alone, or together. */
  @Env('RATE_LIMIT_STORE', {
    default: 'memory',
    oneOf: ['memory', 'redis', 'sql'],
    description: 'Where limits are counted: memory, redis or sql',
  })
  readonly rateLimitStore!: string

  /** While the shared store is away: count in each process alone, refuse the calls, or let all of them through. */
  @Env('RATE_LIMIT_STORE_DOWN', {
    default: 'local',
    oneOf: ['local', 'refuse', 'allow'],
    description: 'While the shared store is away: local, refuse or allow',
  })
  readonly rateLimitStoreDown!: 'local' | 'refuse' | 'allow'

  /** Most subjects that a process remembers; those not seen for the longest time are forgotten first. */
  @Env('RATE_LIMIT_MAX_KEYS', { default: 100_000, min: 2, description: 'Most subjects that a process remembers' })
  readonly rateLimitMaxKeys!: number

  /** Hosts and subnets that `SafeFetch` may call although they are not public. */
  @Env('SAFE_FETCH_ALLOW', { optional: true, description: 'Hosts and subnets that may be fetched though not public' })
  readonly fetchAllow?: string[]

  /** Longest time for a fetch with all its redirects, in milliseconds. */
  @Env('SAFE_FETCH_TIMEOUT_MS', { default: 10_000, min: 1, description: 'Longest time for a fetch and its redirects' })
  readonly fetchTimeoutMs!: number

  /** Largest body of an answer. */
  @Env('SAFE_FETCH_MAX_BYTES', { default: 5_242_880, min: 0, description: 'Largest body of a fetched answer' })
  readonly fetchMaxBytes!: number

  /** Most redirects that are followed. */
  @Env('SAFE_FETCH_MAX_REDIRECTS', { default: 5, min: 0, description: 'Most redirects that a fetch follows' })
  readonly fetchMaxRedirects!: number
}
