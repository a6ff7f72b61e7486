/** Protection of every endpoint: headers, CORS and rate limits, decided at boot. */
import { configure, type SettingsOf } from 'tenon'
import { Module, when, type ConfiguredModule } from 'tenon/decorators'

import { CorsInterceptor } from './cors/cors-interceptor.ts'
import { corsRule } from './cors/cors-rule.ts'
import { SafeFetch } from './fetch/safe-fetch.ts'
import { SecurityHeadersInterceptor } from './headers/security-headers-interceptor.ts'
import { AddressLimits, CallerLimits } from './rate-limit/rate-limit-interceptors.ts'
import { rateLimitRule } from './rate-limit/rate-limit-rule.ts'
import { RateLimiter } from './rate-limit/rate-limiter.ts'
import { redisRateLimits, sqlRateLimits } from './rate-limit/shared-stores.ts'
import { SecurityConfig } from './security-config.ts'

@Module({
  imports: [
    { ...redisRateLimits, when: when.variable('RATE_LIMIT_STORE', 'redis') },
    { ...sqlRateLimits, when: when.variable('RATE_LIMIT_STORE', 'sql') },
  ],
  interceptors: [SecurityHeadersInterceptor, CorsInterceptor, AddressLimits, CallerLimits],
  providers: [RateLimiter, SafeFetch],
  rules: [corsRule(() => SecurityModule), rateLimitRule],
})
export class SecurityModule {
  /** @example `SecurityModule.with({ limits: [{ limit: 600, window: '1m' }] })` */
  static with(settings: SettingsOf<SecurityConfig>): ConfiguredModule {
    return configure(SecurityModule, SecurityConfig, settings)
  }
}
