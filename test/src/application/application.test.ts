import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'

import {
  Container,
  Controller,
  Get,
  Health,
  Injectable,
  Module,
  ModuleGraph,
  OnDrain,
  OnShutdown,
  type Class,
} from 'tenon'
import { testApp, type TestApp } from 'tenon/testing'

/** Gates that a test opens: what the application does meanwhile can be seen. */
class Gates {
  readonly entered = Promise.withResolvers<void>()
  readonly handler = Promise.withResolvers<string>()
  readonly draining = Promise.withResolvers<void>()
  readonly drain = Promise.withResolvers<void>()
  readonly log: string[] = []
}

async function boot(env: Readonly<Record<string, string>> = {}): Promise<{ app: TestApp; gates: Gates }> {
  const gates = new Gates()

  @Controller('/')
  class GateController {
    @Get('/wait')
    async wait(): Promise<string> {
      gates.entered.resolve()
      const answer = await gates.handler.promise
      gates.log.push('answered')
      return answer
    }

    @OnDrain()
    async drain(): Promise<void> {
      gates.draining.resolve()
      await gates.drain.promise
      gates.log.push('drained')
    }

    @OnShutdown()
    shutdown(): void {
      gates.log.push('shut down')
    }
  }

  @Module({ controllers: [GateController] })
  class GateModule {}

  return { app: await testApp(GateModule).env(env).boot(), gates }
}

const status = async (app: TestApp, path: string): Promise<number> => (await app.request(path)).status

describe('Application', () => {
  it('hands out its structure, its container and its instances', async () => {
    @Injectable()
    class Service {}

    @Module({ providers: [Service] })
    class ServiceModule {}

    await using app = await testApp(ServiceModule).boot()
    const { application } = app

    expect(application.graph).toBe(application.get(ModuleGraph))
    expect(application.container).toBe(application.get(Container))
    expect(application.graph.providersOf(Service as Class)).toHaveLength(1)
  })

  it('answers readiness with 503 before anything else stops, and serves on meanwhile', async () => {
    const { app, gates } = await boot()
    expect([await status(app, '/health/live'), await status(app, '/health/ready')]).toEqual([200, 200])
    const asked = app.request('/wait')
    await gates.entered.promise

    const closed = app.close()
    await gates.draining.promise

    expect([await status(app, '/health/live'), await status(app, '/health/ready')]).toEqual([200, 503])
    expect(await (await app.request('/health/ready')).json()).toEqual({ status: 'down' })
    gates.drain.resolve()
    gates.handler.resolve('in time')
    expect(await (await asked).text()).toBe('in time')
    await closed
    expect(gates.log.toSorted()).toEqual(['answered', 'drained', 'shut down'])
    expect(gates.log.at(-1)).toBe('shut down')
  })

  it('lets calls in flight finish before providers are shut down, and accepts no new ones', async () => {
    const { app, gates } = await boot()
    const url = await app.url()
    const asked = app.request('/wait')
    await gates.entered.promise
    gates.drain.resolve()

    const closed = app.close()
    await gates.draining.promise
    // The server stops accepting once the providers have drained.
    let refused = false
    for (const deadline = Date.now() + 5000; !refused && Date.now() < deadline;) {
      refused = await fetch(`${url}/health/live`, { headers: { connection: 'close' } }).then(
        () => false,
        () => true,
      )
    }

    expect(refused).toBe(true)
    expect(gates.log).toEqual(['drained'])
    gates.handler.resolve('in time')
    const response = await asked
    expect(await response.text()).toBe('in time')
    expect(response.headers.get('connection')).toBe('close')
    await closed
    expect(gates.log).toEqual(['drained', 'answered', 'shut down'])
  })

  it('cuts calls that take longer than it waits', async () => {
    const { app, gates } = await boot({ HTTP_DRAIN_MS: '20' })
    const asked = app.request('/wait').catch(() => 'cut')
    await gates.entered.promise
    gates.drain.resolve()

    await app.close()

    expect(await asked).toBe('cut')
    expect(gates.log).toEqual(['drained', 'shut down'])
  })

  it('closes once, however often it is told to', async () => {
    const { app, gates } = await boot()
    gates.drain.resolve()
    await app.url()

    const closings = [app.close(), app.application.close()]
    await Promise.all(closings)
    await app.close()

    expect(gates.log).toEqual(['drained', 'shut down'])
  })

  it('closes without ever having listened', async () => {
    const { app, gates } = await boot()
    gates.drain.resolve()

    await app.close()

    expect(gates.log).toEqual(['drained', 'shut down'])
  })

  it('does not begin to serve after it was closed', async () => {
    const { app, gates } = await boot()
    gates.drain.resolve()
    await app.close()

    await expect(app.application.listen({ port: 0, handleSignals: false })).rejects.toMatchObject({
      code: 'APP_CLOSED',
    })
    await expect(app.application.handler()).rejects.toMatchObject({ code: 'APP_CLOSED' })
    expect(app.get(Health).isServing).toBe(false)
  })

  it('serves through a server that is not ours', async () => {
    const { app, gates } = await boot()
    const isServing = (): boolean => app.get(Health).isServing
    expect(isServing()).toBe(false)

    const server = createServer(await app.application.handler())
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    const { port } = server.address() as AddressInfo
    const response = await fetch(`http://127.0.0.1:${port}/health/ready`)

    expect(response.status).toBe(200)
    expect(await response.json()).toEqual({ status: 'up' })
    expect(isServing()).toBe(true)
    server.closeAllConnections()
    server.close()
    gates.drain.resolve()
    await app.close()
    expect(isServing()).toBe(false)
  })

  it('runs mounted middleware around its endpoints', async () => {
    @Controller('/')
    class HomeController {
      @Get('/')
      home(): string {
        return 'home'
      }
    }

    @Module({ controllers: [HomeController] })
    class HomeModule {}

    await using app = await testApp(HomeModule)
      .use((_request: unknown, response: { setHeader(name: string, value: string): void }, next: () => void) => {
        response.setHeader('x-from', 'middleware')
        next()
      })
      .boot()

    expect((await app.request('/')).headers.get('x-from')).toBe('middleware')
    expect(() => app.application.use(() => undefined)).toThrow(
      expect.objectContaining({ code: 'SERVER_MIDDLEWARE_TOO_LATE' }),
    )
  })
})
