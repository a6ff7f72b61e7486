import { Clock, Controller, ctx, Get, Head, Module, Param, Post, Public, type CallContext } from 'tenon'
import { RateLimit, RateLimitStore, SecurityModule, type RateLimitOptions } from 'tenon/security'
import { FakeClock, testApp, type TestApp } from 'tenon/testing'

@Controller('/')
class Samples {
  @RateLimit({ limit: 3, window: '1m' })
  @Get('/three')
  three(): object {
    return {}
  }

  @RateLimit({ limit: 2, window: '1s', name: 'burst' })
  @RateLimit({ limit: 3, window: '1h', name: 'daily' })
  @Get('/both')
  both(): object {
    return {}
  }

  @RateLimit({ limit: 2, window: '1m', by: 'user' })
  @Get('/mine')
  mine(): object {
    return { id: ctx().user?.id }
  }

  @RateLimit({ limit: 2, window: '1m', by: 'key' })
  @Get('/key')
  key(): object {
    return {}
  }

  @RateLimit({ limit: 2, window: '1m', by: 'tenant' })
  @Get('/tenant')
  tenant(): object {
    return {}
  }

  @RateLimit({ limit: 10, window: '1m', cost: (context: CallContext) => Number(context.header('x-rows')) })
  @Get('/costly')
  costly(): object {
    return {}
  }

  @RateLimit({ limit: 1, window: '1m', by: (context: CallContext) => context.header('x-account') })
  @Post('/named')
  named(): object {
    return {}
  }

  @RateLimit({ limit: 1, window: '1m', name: 'search' })
  @Get('/search-a')
  searchA(): object {
    return {}
  }

  @RateLimit({ limit: 1, window: '1m', name: 'search' })
  @Get('/search-b')
  searchB(): object {
    return {}
  }

  @Get('/free')
  free(): object {
    return {}
  }
}

@RateLimit({ limit: 3, window: '1m' })
@Controller('/shared')
class Shared {
  @Get('/a')
  a(): object {
    return {}
  }

  @Head('/b')
  @Get('/b')
  b(): object {
    return {}
  }

  @RateLimit(false)
  @Get('/free/:id')
  free(@Param('id') id: string): object {
    return { id }
  }
}

async function boot(limits: readonly RateLimitOptions[] = [], env: Record<string, string> = {}): Promise<TestApp> {
  @Public('Test.')
  @Module({ imports: [SecurityModule.with({ limits })], controllers: [Samples, Shared] })
  class App {}
  return testApp(App).clock('2026-01-01T00:00:00Z').env(env).boot()
}

async function statuses(app: TestApp, paths: readonly string[], init: RequestInit = {}): Promise<readonly number[]> {
  const found: number[] = []
  for (const path of paths) found.push((await app.request(path, init)).status)
  return found
}

describe('@RateLimit', () => {
  it('lets so many through at once, then one each share of the window', async () => {
    await using app = await boot()
    const clock = app.get(Clock) as FakeClock

    expect(await statuses(app, ['/three', '/three', '/three', '/three'])).toEqual([200, 200, 200, 429])
    await clock.advance(19_999)
    expect(await statuses(app, ['/three'])).toEqual([429])
    await clock.advance(1)
    expect(await statuses(app, ['/three', '/three'])).toEqual([200, 429])
    await clock.advance(60_000)
    expect(await statuses(app, ['/three', '/three', '/three', '/three'])).toEqual([200, 200, 200, 429])
  })

  it('tells how much is left, for how long, and when to come again', async () => {
    await using app = await boot()

    const first = await app.request('/three')
    await statuses(app, ['/three', '/three'])
    const refused = await app.request('/three')

    expect(first.headers.get('ratelimit-policy')).toBe('"ip";q=3;w=60')
    expect(first.headers.get('ratelimit')).toBe('"ip";r=2;t=20')
    expect(refused.headers.get('ratelimit-policy')).toBe('"ip";q=3;w=60')
    expect(refused.headers.get('ratelimit')).toBe('"ip";r=0;t=20')
    expect(refused.headers.get('retry-after')).toBe('20')
    expect(refused.headers.get('content-type')).toBe('application/problem+json')
    expect(await refused.json()).toMatchObject({
      status: 429,
      code: 'SECURITY_RATE_LIMITED',
      detail: 'Too many calls: the limit "ip" lets through 3 in 60 s. Try again in 20 s.',
    })
  })

  it('holds several at once, and names each', async () => {
    await using app = await boot()
    const clock = app.get(Clock) as FakeClock

    const { headers } = await app.request('/both')
    expect(headers.get('ratelimit-policy')).toBe('"burst";q=2;w=1, "daily";q=3;w=3600')
    expect(headers.get('ratelimit')).toBe('"burst";r=1;t=1, "daily";r=2;t=1200')
    expect(await statuses(app, ['/both', '/both'])).toEqual([200, 429])
    await clock.advance(1000)
    expect(await statuses(app, ['/both'])).toEqual([200])
    expect(await (await app.request('/both')).json()).toMatchObject({ detail: expect.stringContaining('"daily"') })
  })

  it('counts callers by who they are, and strangers by address', async () => {
    await using app = await boot()
    const ada = app.as({ id: 'ada' })
    const bob = app.as({ id: 'bob' })
    const adaElsewhere = app.as({ id: 'ada', tenant: 'acme' })

    expect(await statuses(ada, ['/mine', '/mine', '/mine'])).toEqual([200, 200, 429])
    expect(await statuses(bob, ['/mine'])).toEqual([200])
    expect(await statuses(adaElsewhere, ['/mine'])).toEqual([200])
    expect(await statuses(app, ['/mine', '/mine', '/mine'])).toEqual([200, 200, 429])
  })

  it('counts by key and by tenant', async () => {
    await using app = await boot()
    const withKey = (credentialId: string): TestApp =>
      app.as({ id: 'ada', authentication: { scheme: 'apiKey', credentialId, factors: [] } })
    const ofTenant = (id: string, tenant: string): TestApp => app.as({ id, tenant })

    expect(await statuses(withKey('k1'), ['/key', '/key', '/key'])).toEqual([200, 200, 429])
    expect(await statuses(withKey('k2'), ['/key'])).toEqual([200])
    expect(await statuses(ofTenant('ada', 'acme'), ['/tenant'])).toEqual([200])
    expect(await statuses(ofTenant('bob', 'acme'), ['/tenant', '/tenant'])).toEqual([200, 429])
    expect(await statuses(ofTenant('cy', 'globex'), ['/tenant'])).toEqual([200])
  })

  it('takes what a call costs', async () => {
    await using app = await boot()
    const ask = async (rows: number): Promise<number> =>
      (await app.request('/costly', { headers: { 'x-rows': String(rows) } })).status

    expect([await ask(6), await ask(5), await ask(4), await ask(1)]).toEqual([200, 429, 200, 429])
  })

  it('counts by a function, which lets be whom it does not name', async () => {
    await using app = await boot()
    const ask = async (account?: string): Promise<number> =>
      (await app.request('/named', { method: 'POST', headers: account === undefined ? {} : { 'x-account': account } }))
        .status

    expect([await ask('a'), await ask('a'), await ask('b'), await ask(), await ask()]).toEqual([
      201, 429, 201, 201, 201,
    ])
  })

  it('counts together what has one name, and all of a controller', async () => {
    await using app = await boot()

    expect(await statuses(app, ['/search-a', '/search-b'])).toEqual([200, 429])
    expect(await statuses(app, ['/shared/a', '/shared/b', '/shared/a', '/shared/b'])).toEqual([200, 200, 200, 429])
    expect(await statuses(app, ['/shared/free/1', '/shared/free/2'])).toEqual([200, 200])
  })

  it('holds for the application too, paths that nobody answers included, unless an endpoint is freed', async () => {
    await using app = await boot([{ limit: 3, window: '1m', name: 'all' }])

    expect(await statuses(app, ['/free', '/nothing', '/three', '/free', '/nothing'])).toEqual([200, 404, 200, 429, 429])
    expect(await statuses(app, ['/shared/free/1'])).toEqual([200])
  })

  it('costs endpoints without a limit nothing', async () => {
    await using app = await boot()

    const { headers } = await app.request('/free')

    expect([...headers.keys()].filter((name) => name.startsWith('ratelimit'))).toEqual([])
  })

  it.each<[RateLimitOptions, string]>([
    [{ limit: 0, window: '1m' }, 'limit 0, which is no whole number above zero'],
    [{ limit: 1.5, window: '1m' }, 'limit 1.5'],
    [{ limit: 1, window: 'soon' as never }, 'the window soon, which is no duration'],
    [{ limit: 1, window: '0s' }, 'the window 0s'],
    [{ limit: 10_000_000, window: '1s' }, 'more than one each microsecond'],
    [{ limit: 2, window: '1s', cost: 3 }, 'cost 3, more than the limit 2'],
    [{ limit: 2, window: '1s', cost: -1 }, 'cost -1'],
    [{ limit: 2, window: '1s', name: 'a"b' }, 'the name "a"b"'],
  ])('refuses %j', async (options, fault) => {
    @Public('Test.')
    @Controller('/x')
    class Wrong {
      @RateLimit(options)
      @Get()
      read(): object {
        return {}
      }
    }
    @Module({ imports: [SecurityModule], controllers: [Wrong] })
    class App {}
    await using application = await boot([options])

    await expect(testApp(App).boot()).rejects.toMatchObject({
      diagnostics: [{ code: 'SECURITY_RATE_LIMIT_INVALID', message: expect.stringContaining(fault) }],
    })
    await expect(application.url()).rejects.toMatchObject({ code: 'SECURITY_RATE_LIMIT_INVALID' })
  })

  it('says that the store asked for in code is not there', async () => {
    await expect(testApp(SecurityModule.with({ rateLimitStore: 'redis' })).boot()).rejects.toMatchObject({
      code: 'SECURITY_RATE_LIMIT_STORE_MISSING',
    })
  })
})

describe('While the shared store is away', () => {
  class Broken implements RateLimitStore {
    readonly name = 'Broken'
    isAway = true
    asked = 0

    async take(): Promise<number> {
      this.asked += 1
      if (this.isAway) throw new Error('gone')
      return 0
    }
  }

  async function bootWith(store: Broken, down: string): Promise<TestApp> {
    @Public('Test.')
    @Module({
      imports: [SecurityModule],
      controllers: [Samples],
      providers: [{ provide: RateLimitStore, useValue: store }],
    })
    class App {}
    return testApp(App).clock('2026-01-01T00:00:00Z').env({ RATE_LIMIT_STORE_DOWN: down }).boot()
  }

  it.each([
    ['local', [200, 200, 200, 429]],
    ['allow', [200, 200, 200, 200]],
    ['refuse', [503, 503, 503, 503]],
  ])('the setting %s decides', async (down, expected) => {
    await using app = await bootWith(new Broken(), down)

    expect(await statuses(app, ['/three', '/three', '/three', '/three'])).toEqual(expected)
  })

  it('the store is asked once a second, and the outage is two lines in the log', async () => {
    const store = new Broken()
    await using app = await bootWith(store, 'local')

    await statuses(app, ['/three', '/three', '/three'])
    expect(store.asked).toBe(1)
    store.isAway = false
    await (app.get(Clock) as FakeClock).advance(1000)
    expect(await statuses(app, ['/three', '/three'])).toEqual([200, 200])

    expect(store.asked).toBe(3)
    expect(app.logs.lines.map(({ message }) => message).filter((message) => message.startsWith('Rate limits'))).toEqual(
      ['Rate limits cannot reach Broken; meanwhile: local.', 'Rate limits have Broken again.'],
    )
  })
})
