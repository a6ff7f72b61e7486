/** What documents and tools are told of endpoints. */
import {
  Controller,
  Get,
  Module,
  Public,
  type Endpoint,
  type EndpointInterceptor,
  type InjectionToken,
  type InterceptorDescription,
} from 'tenon'
import { Cors, RateLimit, SecurityModule } from 'tenon/security'
import { testApp } from 'tenon/testing'

import { CorsInterceptor } from '../../../modules/security/cors/cors-interceptor.ts'
import { SecurityHeadersInterceptor } from '../../../modules/security/headers/security-headers-interceptor.ts'
import { AddressLimits, CallerLimits } from '../../../modules/security/rate-limit/rate-limit-interceptors.ts'

@Public('Test.')
@Controller('/items')
class Items {
  @Cors({ origins: ['https://shop.example'], credentials: true })
  @RateLimit({ limit: 10, window: '1m' })
  @RateLimit({ limit: 1000, window: '1h', by: 'user', name: 'hourly' })
  @Get()
  list(): object {
    return {}
  }
}

@Module({ imports: [SecurityModule], controllers: [Items] })
class App {}

describe('What security means for callers', () => {
  it('is told of each endpoint: who may call from where, how often, and with which problems', async () => {
    await using app = await testApp(App).boot()
    const endpoint = app.application.graph.endpoints.find(({ name }) => name === 'Items.list') as Endpoint
    const told = (type: InjectionToken<EndpointInterceptor>): InterceptorDescription | undefined =>
      app.get(type).describe?.(endpoint)

    expect(told(CorsInterceptor)?.does).toBe('may be called by pages of the origins it knows, with credentials')
    expect(told(SecurityHeadersInterceptor)?.does).toMatch(
      /^answers with content-security-policy, .*, x-xss-protection$/,
    )
    expect(told(AddressLimits)).toMatchObject({
      does: 'lets through 10 calls in 60 s by ip',
      problems: [
        {
          status: 429,
          code: 'SECURITY_RATE_LIMITED',
          headers: { 'retry-after': '', ratelimit: expect.any(String), 'ratelimit-policy': expect.any(String) },
        },
      ],
      responseHeaders: { ratelimit: expect.any(String), 'ratelimit-policy': expect.any(String) },
    })
    expect(told(CallerLimits)?.does).toBe('lets through 1000 calls in 3600 s by hourly')
  })
})
