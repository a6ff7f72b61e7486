import { execFile } from 'node:child_process'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { promisify } from 'node:util'

import { Controller, Get, Module, Public } from 'tenon'
import { Redis, RedisModule } from 'tenon/redis'
import { testApp, type TestApp } from 'tenon/testing'

import { describeWithRedis, freePort, RedisServer } from './redis-server.ts'

const PATIENCE_MS = 10_000

describeWithRedis('Redis', () => {
  let server: RedisServer
  beforeAll(async () => {
    server = await RedisServer.start()
  })
  afterAll(() => server.stop())

  function boot(url = server.url): Promise<TestApp> {
    return testApp(RedisModule).env({ REDIS_URL: url }).boot()
  }

  it('sends commands, and names keys by the prefix of the application', async () => {
    await using app = await testApp(RedisModule.with({ url: server.url, keyPrefix: 'shop:' })).boot()
    const redis = app.get(Redis)

    await redis.send('SET', redis.key('cart', 7), 'apples', 'PX', 60_000)

    expect(redis.key('cart', 7)).toBe('shop:cart:7')
    expect(await redis.send('GET', 'shop:cart:7')).toBe('apples')
  })

  it('runs a script as one step, also after the server has forgotten it', async () => {
    await using app = await boot()
    const redis = app.get(Redis)
    const add = redis.script(`return redis.call('INCRBY', KEYS[1], ARGV[1])`)
    const key = redis.key('count')

    await add([key], [2])
    await redis.send('SCRIPT', 'FLUSH')

    expect(await add([key], [3])).toBe(5)
  })

  it('hears what is said to a channel until it stops listening', async () => {
    await using app = await boot()
    const redis = app.get(Redis)
    const heard: string[] = []
    const stop = await redis.subscribe(redis.key('news'), (message) => heard.push(message))

    await redis.send('PUBLISH', redis.key('news'), 'first')
    await until(() => heard.length === 1)
    await stop()
    const listeners = await redis.send('PUBLISH', redis.key('news'), 'second')

    expect(listeners).toBe(0)
    expect(heard).toEqual(['first'])
  })

  it('opens nothing for an application that never uses it', async () => {
    await using app = await boot(`redis://127.0.0.1:${await freePort()}`)

    const response = await app.request('/health/ready')

    expect(await response.json()).toEqual({ status: 'up' })
  })

  it('says where nothing answers, without the password', async () => {
    const port = await freePort()
    await using app = await boot(`redis://ann:hush@127.0.0.1:${port}/3`)

    const opening = app.get(Redis).open()

    await expect(opening).rejects.toMatchObject({
      code: 'REDIS_UNREACHABLE',
      message: expect.stringMatching(`^Redis at 127\\.0\\.0\\.1:${port}/3 does not answer: .*ECONNREFUSED`),
    })
    await opening.catch((error: Error) => expect(error.message).not.toContain('hush'))
  })

  it('tries again after a first attempt that failed', async () => {
    await using later = await RedisServer.start()
    await later.stop()
    await using app = await boot(later.url)
    const redis = app.get(Redis)
    await expect(redis.open()).rejects.toMatchObject({ code: 'REDIS_UNREACHABLE' })

    await later.start()

    expect(await redis.send('PING')).toBe('PONG')
  })

  it.each([
    ['http://127.0.0.1:6379', 'http:// is not redis:// or rediss://'],
    ['redis', 'it is no URL'],
    ['redis:///0', 'it names no host'],
    ['redis://127.0.0.1/first', 'its path is not the number of a database'],
  ])('refuses the address %s', async (url, reason) => {
    await using app = await boot(url)

    await expect(app.get(Redis).open()).rejects.toMatchObject({
      code: 'REDIS_URL_UNREADABLE',
      message: `REDIS_URL cannot be read: ${reason}.`,
    })
  })

  it('fails at once while the server is away, is ill meanwhile, and comes back by itself', async () => {
    await using flaky = await RedisServer.start()
    await using app = await boot(flaky.url)
    const redis = app.get(Redis)
    await redis.send('SET', redis.key('a'), '1')

    await flaky.stop()
    await until(() => app.logs.lines.some(({ message }) => message.startsWith('Redis is away')))

    await expect(redis.send('GET', redis.key('a'))).rejects.toMatchObject({ code: 'REDIS_UNREACHABLE', status: 503 })
    const readiness = await app.request('/health/ready')
    expect(readiness.status).toBe(200)
    expect(await readiness.json()).toEqual({ status: 'degraded' })

    await flaky.start()
    await until(() => app.logs.lines.some(({ message }) => message === 'Redis is back.'))

    expect(await redis.send('PING')).toBe('PONG')
    expect(app.logs.lines.filter(({ message }) => message.startsWith('Redis is away'))).toHaveLength(1)
  })

  it('leaves errors that the server answers as they are', async () => {
    await using app = await boot()

    await expect(app.get(Redis).send('NOSUCHCOMMAND')).rejects.toThrow(/unknown command/)
  })

  it('is closed with the application, and says so to those who come later', async () => {
    const app = await boot()
    const redis = app.get(Redis)
    await redis.send('PING')
    const last = redis.send('PING')

    await app.close()

    expect(await last).toBe('PONG')
    await expect(redis.send('PING')).rejects.toMatchObject({ code: 'REDIS_CLOSED' })
  })

  it('names the command to run where the client library is not installed', async () => {
    const { stdout } = await promisify(execFile)(process.execPath, [
      join(import.meta.dirname, 'programs/without-client.js'),
    ])

    expect(stdout.trim()).toMatch(/^REDIS_PACKAGE_MISSING Redis needs the package redis, .* npm install redis@6\.3\.1$/)
  })

  it('can be injected', async () => {
    @Controller('/visits')
    class Visits {
      constructor(private readonly redis: Redis) {}

      @Public('Anybody may count.')
      @Get()
      async count(): Promise<unknown> {
        return { visits: await this.redis.send('INCR', this.redis.key('visits')) }
      }
    }
    @Module({ imports: [RedisModule], controllers: [Visits] })
    class VisitsModule {}
    await using app = await testApp(VisitsModule).env({ REDIS_URL: server.url }).boot()

    await app.request('/visits')

    expect(await (await app.request('/visits')).json()).toEqual({ visits: 2 })
  })
})

async function until(isDone: () => boolean): Promise<void> {
  const giveUpAt = performance.now() + PATIENCE_MS
  while (!isDone()) {
    if (performance.now() > giveUpAt) throw new Error('It did not happen in time.')
    await sleep(10)
  }
}
