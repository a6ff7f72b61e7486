/** `tenon/security`: headers, CORS, rate limits, and fetching what strangers name. */
export { Cors, RateLimit, SecurityHeaders } from 'tenon/decorators'
export type { CorsOptions, Duration, RateLimitOptions, SecurityHeaderOptions } from 'tenon/decorators'
export type { HostAddress } from './fetch/address-guard.ts'
export type { SafeFetchOptions } from './fetch/safe-fetch-options.ts'
export { AddressResolver, SafeFetch } from './fetch/safe-fetch.ts'
export { CSP_NONCE } from './headers/security-headers-interceptor.ts'
export { RateLimitStore } from './rate-limit/rate-limit-store.ts'
export { redisRateLimits, sqlRateLimits } from './rate-limit/shared-stores.ts'
export type { Rate, Verdict } from './rate-limit/gcra.ts'
export { SecurityConfig } from './security-config.ts'
export {
  CorsRefusesStart,
  FetchFailed,
  FetchRedirectsTooOften,
  FetchRefused,
  FetchTimedOut,
  FetchTooLarge,
  RateLimited,
  RateLimitInvalid,
  RateLimitStoreAway,
  RateLimitStoreMissing,
  SecurityHeadersInvalid,
} from './security-errors.ts'
export { SecurityModule } from './security-module.ts'
