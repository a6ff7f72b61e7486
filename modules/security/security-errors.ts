/** Why calls are refused, and what must not be set. */
import { defineError } from 'tenon'

export const RateLimited = defineError({
  code: 'SECURITY_RATE_LIMITED',
  status: 429,
  message: (name: string, limit: number, windowMs: number, retryAfterSeconds: number) =>
    `Too many calls: the limit "${name}" lets through ${limit} in ${windowMs / 1000} s. Try again in ${retryAfterSeconds} s.`,
  help: 'Wait for as long as Retry-After says, and pace calls by the RateLimit header.',
  headers: { 'retry-after': (_name, _limit, _windowMs, retryAfterSeconds) => String(retryAfterSeconds) },
})

export const RateLimitStoreAway = defineError({
  code: 'SECURITY_RATE_LIMIT_STORE_AWAY',
  status: 503,
  message: (store: string) =>
    `Rate limits cannot be counted, for ${store} is away, and RATE_LIMIT_STORE_DOWN is refuse.`,
  help: 'Bring the store back; with RATE_LIMIT_STORE_DOWN=local each process counts alone meanwhile.',
  headers: { 'retry-after': () => '1' },
})

export const RateLimitStoreMissing = defineError({
  code: 'SECURITY_RATE_LIMIT_STORE_MISSING',
  status: 500,
  message: (store: string) => `rateLimitStore is ${store} by settings in code, and no module brings that store.`,
  help: 'Set RATE_LIMIT_STORE in the environment, or import redisRateLimits or sqlRateLimits from tenon/security beside SecurityModule.',
})

export const RateLimitInvalid = defineError({
  code: 'SECURITY_RATE_LIMIT_INVALID',
  status: 500,
  message: (place: string, fault: string) => `A rate limit of ${place} has ${fault}.`,
  help: "Write @RateLimit({ limit: 100, window: '1m', by: 'ip' }).",
})

export const CorsRefusesStart = defineError({
  code: 'SECURITY_CORS_UNSAFE',
  status: 500,
  message: (place: string, fault: string) => `CORS of ${place} lets in ${fault}.`,
  help: 'Name the origins, as browsers send them, or anchor the expression at both ends: /^https:\\/\\/[a-z]+\\.example\\.com$/.',
})

export const SecurityHeadersInvalid = defineError({
  code: 'SECURITY_HEADERS_INVALID',
  status: 500,
  message: (place: string, reason: string) => `The security headers of ${place} cannot be made: ${reason}`,
  help: "Quote keywords of CSP inside of the text: { 'script-src': [\"'self'\"] }.",
})

export const FetchRefused = defineError({
  code: 'SECURITY_FETCH_REFUSED',
  status: 400,
  message: (address: string, reason: string) => `${address} must not be fetched: ${reason}.`,
  help: 'Name a public http or https address; hosts of the own network are listed in SAFE_FETCH_ALLOW.',
})

export const FetchRedirectsTooOften = defineError({
  code: 'SECURITY_FETCH_REDIRECTS_TOO_OFTEN',
  status: 502,
  message: (address: string, most: number) => `${address} redirects once more after ${most} redirects.`,
  help: 'Name the address where the redirects end, or allow more of them.',
})

export const FetchFailed = defineError({
  code: 'SECURITY_FETCH_FAILED',
  status: 502,
  message: (address: string, reason: string) => `${address} could not be fetched: ${reason}.`,
  help: 'Look at the cause in the log; try again when the other side may be back.',
})

export const FetchTimedOut = defineError({
  code: 'SECURITY_FETCH_TIMED_OUT',
  status: 504,
  message: (address: string) => `${address} did not answer in full in time.`,
  help: 'Try again later, or allow more time by timeoutMs.',
})

export const FetchTooLarge = defineError({
  code: 'SECURITY_FETCH_TOO_LARGE',
  status: 502,
  message: (address: string, maxBytes: number) => `${address} answers with more than ${maxBytes} bytes.`,
  help: 'Fetch something smaller, or allow more by maxBytes.',
})
