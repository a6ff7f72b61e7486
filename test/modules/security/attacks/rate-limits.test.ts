/** Ways around a rate limit. Each names what is tried; the control shows that another caller is not held up. */
import { request } from 'node:http'

import {
  Controller,
  Get,
  Interceptor,
  Module,
  Param,
  Post,
  Public,
  UnauthorizedException,
  type CallContext,
  type CallInterceptor,
} from 'tenon'
import { RateLimit, SecurityModule } from 'tenon/security'
import { testApp, type TestApp } from 'tenon/testing'

import { networkOf } from '../../../../modules/security/rate-limit/subject.ts'

@Interceptor({ phase: 'authenticate' })
class NobodyIsKnown implements CallInterceptor {
  intercept(context: CallContext, next: () => unknown): unknown {
    if (context.endpoint.name === 'Doors.login') throw new UnauthorizedException()
    return next()
  }
}

@Public('Test.')
@Controller('/doors')
class Doors {
  @RateLimit({ limit: 2, window: '1h' })
  @Get('/:id')
  open(@Param('id') id: string): object {
    return { id }
  }

  @RateLimit({ limit: 2, window: '1h' })
  @Post('/login')
  login(): object {
    return {}
  }

  @RateLimit({ limit: 4, window: '1h', cost: (context: CallContext) => Number(context.header('x-rows')) })
  @Get('/by/rows')
  byRows(): object {
    return {}
  }

  @RateLimit({ limit: 2, window: '1h', by: 'user' })
  @Get('/by/user')
  byUser(): object {
    return {}
  }
}

@Module({ imports: [SecurityModule], controllers: [Doors], interceptors: [NobodyIsKnown] })
class App {}

function boot(env: Record<string, string> = {}): Promise<TestApp> {
  return testApp(App).clock('2026-01-01T00:00:00Z').env(env).boot()
}

type Attempt = [path: string, method?: string, headers?: Record<string, string>]

/** The path as it is: `fetch` would tidy it up. */
async function raw(app: TestApp, path: string, method = 'GET', headers: Record<string, string> = {}): Promise<number> {
  const { hostname, port } = new URL(await app.url())
  const { promise, resolve, reject } = Promise.withResolvers<number>()
  request({ hostname, port, path, method, headers, agent: false }, (response) => {
    response.resume()
    resolve(response.statusCode ?? 0)
  })
    .on('error', reject)
    .end()
  return promise
}

async function usedUp(env: Record<string, string> = {}): Promise<TestApp> {
  const app = await boot(env)
  expect([await raw(app, '/doors/1'), await raw(app, '/doors/1')]).toEqual([200, 200])
  return app
}

describe('An address that has used up its allowance', () => {
  it.each<[string, ...Attempt]>([
    ['the same call again', '/doors/1'],
    ['another parameter', '/doors/2'],
    ['a query', '/doors/1?x=1'],
    ['a percent-encoded letter', '/%64oors/1'],
    ['a trailing slash', '/doors/1/'],
    ['HEAD in place of GET', '/doors/1', 'HEAD'],
    ['X-Forwarded-For', '/doors/1', 'GET', { 'x-forwarded-for': '203.0.113.7' }],
    ['X-Forwarded-For with a list', '/doors/1', 'GET', { 'x-forwarded-for': '203.0.113.7, 198.51.100.1' }],
    ['X-Real-IP', '/doors/1', 'GET', { 'x-real-ip': '203.0.113.7' }],
    ['Forwarded', '/doors/1', 'GET', { forwarded: 'for=203.0.113.7' }],
    ['True-Client-IP', '/doors/1', 'GET', { 'true-client-ip': '203.0.113.7' }],
    ['CF-Connecting-IP', '/doors/1', 'GET', { 'cf-connecting-ip': '203.0.113.7' }],
    ['X-Client-IP', '/doors/1', 'GET', { 'x-client-ip': '203.0.113.7' }],
    ['a method override', '/doors/1', 'GET', { 'x-http-method-override': 'POST' }],
    ['another host', '/doors/1', 'GET', { host: 'other.example' }],
    ['an origin', '/doors/1', 'GET', { origin: 'https://app.example' }],
    ['a user agent', '/doors/1', 'GET', { 'user-agent': 'Googlebot' }],
    ['a request id', '/doors/1', 'GET', { 'x-request-id': 'fresh' }],
    ['a claim of what is left', '/doors/1', 'GET', { ratelimit: '"ip";r=100;t=1' }],
    ['an absolute target', 'http://other.example/doors/1'],
  ])('is not let through by %s', async (_name, ...attempt) => {
    await using app = await usedUp()
    const [path, method, headers] = attempt.filter((each) => typeof each !== 'function') as unknown as Attempt

    expect([429, 404, 400]).toContain(await raw(app, path, method, headers))
    expect(await raw(app, '/doors/1')).toBe(429)
  })

  it('letter case reaches another path, and no handler', async () => {
    await using app = await usedUp()

    expect(await raw(app, '/DOORS/1')).toBe(404)
  })

  it('control: another address is let through, told by a proxy that is trusted', async () => {
    await using app = await usedUp({ HTTP_TRUST_PROXY: 'loopback' })

    expect(await raw(app, '/doors/1', 'GET', { 'x-forwarded-for': '203.0.113.7' })).toBe(200)
  })

  it('many calls at the same moment are not more than one after the other', async () => {
    await using app = await boot()
    await app.url()

    const statuses = await Promise.all(Array.from({ length: 30 }, () => raw(app, '/doors/1')))

    expect(statuses.filter((status) => status === 200)).toHaveLength(2)
  })

  it.each([
    ['is no number', 'many'],
    ['is below zero', '-100'],
    ['is endless', 'Infinity'],
    ['is left out', ''],
    ['is a part of one', '0.5'],
  ])('a cost that %s is paid like any call', async (_name, rows) => {
    await using app = await boot()
    const ask = (): Promise<number> => raw(app, '/doors/by/rows', 'GET', rows === '' ? {} : { 'x-rows': rows })

    expect([await ask(), await ask(), await ask(), await ask(), await ask()]).toEqual([200, 200, 200, 200, 429])
  })

  it('a cost above the whole allowance is refused, and takes nothing', async () => {
    await using app = await boot()

    expect(await raw(app, '/doors/by/rows', 'GET', { 'x-rows': '5' })).toBe(429)
    expect(await raw(app, '/doors/by/rows', 'GET', { 'x-rows': '4' })).toBe(200)
  })

  it('guesses of passwords count, though they are refused', async () => {
    await using app = await boot()

    const statuses = [1, 2, 3, 4].map(() => raw(app, '/doors/login', 'POST'))

    expect((await Promise.all(statuses)).toSorted((a, b) => a - b)).toEqual([401, 401, 429, 429])
  })

  it('a caller that is not known is counted by address, not let be', async () => {
    await using app = await boot()

    expect([
      await raw(app, '/doors/by/user'),
      await raw(app, '/doors/by/user'),
      await raw(app, '/doors/by/user'),
    ]).toEqual([200, 200, 429])
  })
})

describe('Behind a proxy that is trusted', () => {
  it('what the caller writes in front of the proxy’s own word does not count', async () => {
    await using app = await boot({ HTTP_TRUST_PROXY: 'loopback' })
    // The proxy appends the address it sees; everything before that is the caller's own.
    const from = (claim: string): Promise<number> =>
      raw(app, '/doors/1', 'GET', { 'x-forwarded-for': `${claim}, 203.0.113.7` })

    expect([await from('1.1.1.1'), await from('2.2.2.2'), await from('3.3.3.3')]).toEqual([200, 200, 429])
  })

  it('a proxy that is not in the list is a caller like others', async () => {
    await using app = await boot({ HTTP_TRUST_PROXY: '10.0.0.0/8' })
    const from = (claim: string): Promise<number> => raw(app, '/doors/1', 'GET', { 'x-forwarded-for': claim })

    expect([await from('1.1.1.1'), await from('2.2.2.2'), await from('3.3.3.3')]).toEqual([200, 200, 429])
  })

  it('the addresses of one IPv6 network are one caller', async () => {
    await using app = await boot({ HTTP_TRUST_PROXY: 'loopback' })
    const from = (address: string): Promise<number> => raw(app, '/doors/1', 'GET', { 'x-forwarded-for': address })

    expect([
      await from('2001:db8:1:2::1'),
      await from('2001:DB8:1:2:ffff::2'),
      await from('2001:0db8:0001:0002:3:4:5:6'),
      await from('2001:db8:1:3::1'),
    ]).toEqual([200, 200, 429, 200])
  })

  it('an IPv4 address in the clothes of IPv6 is the same caller', async () => {
    await using app = await boot({ HTTP_TRUST_PROXY: 'loopback' })
    const from = (address: string): Promise<number> => raw(app, '/doors/1', 'GET', { 'x-forwarded-for': address })

    expect([await from('203.0.113.9'), await from('::ffff:203.0.113.9'), await from('203.0.113.9')]).toEqual([
      200, 200, 429,
    ])
  })
})

describe('networkOf', () => {
  it.each([
    ['192.0.2.1', '192.0.2.1'],
    ['::ffff:192.0.2.1', '192.0.2.1'],
    ['::1', '0:0:0:0::/64'],
    ['2001:db8::1', '2001:db8:0:0::/64'],
    ['2001:db8:1:2:3:4:5:6', '2001:db8:1:2::/64'],
    ['fe80::1%eth0', 'fe80:0:0:0::/64'],
    ['2001:db8:0:1::', '2001:db8:0:1::/64'],
  ])('names the network of %s', (address, network) => {
    expect(networkOf(address)).toBe(network)
  })
})
