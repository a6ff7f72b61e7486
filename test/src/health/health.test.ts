import { mock } from 'node:test'

import { Controller, Get, Health, HealthCheck, Injectable, Module, Service, type Class, type Provider } from 'tenon'
import { FakeClock, testApp, type TestApp } from 'tenon/testing'

function boot(...providers: readonly Provider[]): Promise<TestApp> {
  @Module({ providers })
  class TestedModule {}

  return testApp(TestedModule).boot()
}

const DOWN = (): never => {
  throw new Error('unreachable')
}

/** A provider with one check. */
function checked(name: string, check: () => unknown, options: Parameters<typeof HealthCheck>[1] = {}): Class {
  @Injectable()
  class Checked {
    @HealthCheck(name, options)
    check(): unknown {
      return check()
    }
  }
  return Checked
}

async function ask(app: TestApp, kind: 'live' | 'ready'): Promise<{ status: number; body: unknown; cache: unknown }> {
  const response = await app.request(`/health/${kind}`)
  return { status: response.status, body: await response.json(), cache: response.headers.get('cache-control') }
}

describe('Health', () => {
  it('is up when every check is, and tells the public no more than that', async () => {
    await using app = await boot(checked('database', () => Promise.resolve('secret version')))

    expect(await ask(app, 'ready')).toEqual({ status: 200, body: { status: 'up' }, cache: 'no-store' })
    expect(await ask(app, 'live')).toEqual({ status: 200, body: { status: 'up' }, cache: 'no-store' })
    expect(await app.get(Health).ready()).toEqual({ status: 'up', checks: { database: 'up' } })
  })

  it('is not ready before the application serves', async () => {
    await using app = await boot()

    expect(await app.get(Health).ready()).toEqual({ status: 'down', checks: {} })
    expect(await app.get(Health).live()).toEqual({ status: 'up', checks: {} })
  })

  it('answers 503 when a critical check throws or rejects, and logs why', async () => {
    await using app = await boot(
      checked('cache', DOWN),
      checked('database', () => Promise.reject(new Error('no route'))),
      checked('queue', () => undefined),
    )

    expect(await ask(app, 'ready')).toMatchObject({ status: 503, body: { status: 'down' } })
    expect(await app.get(Health).ready()).toEqual({
      status: 'down',
      checks: { cache: 'down', database: 'down', queue: 'up' },
    })
    expect(app.logs.at('warn').slice(0, 2)).toMatchObject([
      { message: 'Health check "cache" failed.', fields: { error: { message: 'unreachable' } } },
      { message: 'Health check "database" failed.', fields: { error: { message: 'no route' } } },
    ])
  })

  it('is degraded, and still gets traffic, when a check fails that is not critical', async () => {
    await using app = await boot(
      checked('search', DOWN, { critical: false }),
      checked('database', () => true),
    )

    expect(await ask(app, 'ready')).toMatchObject({ status: 200, body: { status: 'degraded' } })
    expect(await app.get(Health).ready()).toEqual({ status: 'degraded', checks: { search: 'down', database: 'up' } })
  })

  it('asks liveness checks for liveness alone', async () => {
    await using app = await boot(
      checked('deadlock', DOWN, { kind: 'liveness' }),
      checked('database', () => true),
    )

    expect(await ask(app, 'live')).toMatchObject({ status: 503, body: { status: 'down' } })
    expect(await ask(app, 'ready')).toMatchObject({ status: 200, body: { status: 'up' } })
    expect(await app.get(Health).live()).toEqual({ status: 'down', checks: { deadlock: 'down' } })
  })

  it('takes a check that does not answer within a second for a failed one', async () => {
    await using app = await boot(checked('slow', () => new Promise(() => undefined)))
    mock.timers.enable({ apis: ['setTimeout'] })
    try {
      const asked = app.get(Health).ready()
      mock.timers.tick(1000)

      expect(await asked).toEqual({ status: 'down', checks: { slow: 'down' } })
    } finally {
      mock.timers.reset()
    }
    expect(app.logs.at('warn')[0]?.fields['error']).toMatchObject({
      code: 'HEALTH_CHECK_TIMEOUT',
      message: 'The health check "slow" did not answer within 1000 ms.',
    })
  })

  it('lets a check take as long as it says', async () => {
    await using app = await boot(checked('slow', () => new Promise(() => undefined), { timeoutMs: 30 }))

    expect((await app.get(Health).ready()).checks).toEqual({ slow: 'down' })
    expect(app.logs.at('warn')[0]?.fields['error']).toMatchObject({
      message: 'The health check "slow" did not answer within 30 ms.',
    })
  })

  it('runs a check once for all who ask meanwhile, and again for those who ask later', async () => {
    const running = [Promise.withResolvers<void>(), Promise.withResolvers<void>()]
    let runs = 0
    await using app = await boot(checked('database', () => running[runs++]!.promise))

    const asked = [app.get(Health).ready(), app.get(Health).ready(), app.get(Health).ready()]
    running[0]!.resolve()
    await Promise.all(asked)

    expect(runs).toBe(1)
    running[1]!.resolve()
    await app.get(Health).ready()
    expect(runs).toBe(2)
  })

  it('keeps an answer for as long as the check says, good or bad', async () => {
    let runs = 0
    @Module({ providers: [checked('mail', () => Promise.reject(new Error(`run ${(runs += 1)}`)), { cacheMs: 5000 })] })
    class MailModule {}
    const clock = new FakeClock()
    await using app = await testApp(MailModule).clock(clock).boot()

    await app.get(Health).ready()
    await clock.advance(4999)
    expect(await app.get(Health).ready()).toMatchObject({ checks: { mail: 'down' } })
    expect(runs).toBe(1)

    await clock.advance(1)
    await app.get(Health).ready()
    expect(runs).toBe(2)
  })

  it('also asks checks that are known only when the application runs', async () => {
    await using app = await boot()
    await app.request('/health/ready')
    app.get(Health).add({ name: 'second', critical: false, run: DOWN })

    expect(await app.get(Health).ready()).toEqual({ status: 'degraded', checks: { second: 'down' } })
  })

  it('finds checks on any class of the application, by its own state', async () => {
    @Service()
    class Pool {
      readonly #free: string[] = []

      @HealthCheck('pool')
      isFree(): void {
        if (this.#free.length === 0) throw new Error('nothing is free')
      }

      add(): void {
        this.#free.push('connection')
      }
    }

    @Controller('/')
    class HomeController {
      constructor(readonly pool: Pool) {}

      @HealthCheck('home')
      check(): void {}

      @Get('/')
      home(): string {
        return 'home'
      }
    }

    @Module({ controllers: [HomeController], providers: [Pool] })
    class HomeModule {}

    await using app = await testApp(HomeModule).boot()

    expect(await ask(app, 'ready')).toMatchObject({ status: 503 })
    app.get(Pool).add()
    expect(await ask(app, 'ready')).toMatchObject({ status: 200 })
    expect((await app.get(Health).ready()).checks).toEqual({ home: 'up', pool: 'up' })
  })
})
