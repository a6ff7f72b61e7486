import {
  Body,
  Controller,
  createApp,
  Get,
  Health,
  Injectable,
  Logger,
  Module,
  OnInit,
  OnShutdown,
  Post,
  StartRefused,
  token,
  type AppOptions,
} from 'tenon'
import { MemoryLogger, testApp } from 'tenon/testing'

const NAME = token<string>('Name')

const quiet = (options: Omit<AppOptions, 'logger'> = {}): AppOptions & { readonly logger: MemoryLogger } => ({
  cwd: import.meta.dirname,
  ...options,
  logger: new MemoryLogger(),
  env: { TENON_ENV: 'test', ...options.env },
})

@Controller('/name')
class NameController {
  @Get('/')
  name(): string {
    return 'name'
  }
}

@Module({ controllers: [NameController] })
class NameModule {}

@Module({ providers: [{ provide: NAME, useValue: 'me' }] })
class ValueModule {}

describe('createApp', () => {
  it('takes several modules as if the first imported the others, and options last', async () => {
    const options = quiet()
    await using app = await createApp(NameModule, ValueModule, options)

    const { url, host, port } = await app.listen({ port: 0, host: '127.0.0.1', handleSignals: false })

    expect(app.get(NAME)).toBe('me')
    expect({ url, host }).toEqual({ url: `http://127.0.0.1:${port}`, host: '127.0.0.1' })
    expect(await (await fetch(`${url}/name`)).text()).toBe('name')
    expect(options.logger.lines[0]).toMatchObject({ level: 'info', message: `Listening on ${url} (test)` })
  })

  it('refuses to start a program that does not hold together and prints all that is wrong with it', async () => {
    @Injectable()
    class Missing {}

    @Injectable()
    class First {
      constructor(readonly missing: Missing) {}
    }

    @Injectable()
    class Second {
      constructor(readonly anything: { readonly name: string }) {}
    }

    @Module({ providers: [First, Second, undefined as never] })
    class BrokenModule {}

    const failure = await createApp(BrokenModule, quiet()).catch((error: unknown) => error)

    expect(failure).toBeInstanceOf(StartRefused)
    const { diagnostics, message, code } = failure as StartRefused
    expect(code).toBe('APP_START_REFUSED')
    expect(diagnostics.map((each) => each.code).toSorted()).toEqual([
      'WIRING_PARAMETER_ERASED',
      'WIRING_PROVIDER_INVALID',
      'WIRING_PROVIDER_MISSING',
    ])
    for (const each of diagnostics) {
      expect(message).toContain(each.code)
      expect(message.replace(/\s+/g, ' ')).toContain(each.help)
    }
    expect(message).toContain('test/src/application/create-app.test.ts:')
    expect(message).toContain('First -> Missing')
  })

  it('refuses what is no module at all', async () => {
    class NoModule {}

    const failure = await createApp(NoModule, quiet()).catch((error: unknown) => error)
    const nothing = await createApp(undefined as never, quiet()).catch((error: unknown) => error)

    expect(failure).toMatchObject({
      message: expect.stringContaining('createApp imports NoModule, which is no module.'),
    })
    expect(nothing).toMatchObject({ message: expect.stringContaining('createApp imports undefined') })
  })

  it('starts with warnings, which are logged with their code and place', async () => {
    @Controller('/')
    class TalkativeController {
      @Get('/')
      get(@Body('text') text: string): string {
        return text
      }
    }

    @Module({ controllers: [TalkativeController] })
    class TalkativeModule {}

    await using app = await testApp(TalkativeModule).boot()

    expect(app.logs.at('warn')).toEqual([
      {
        level: 'warn',
        message: expect.stringContaining('TalkativeController.get'),
        fields: {
          code: 'ROUTE_BODY_UNEXPECTED',
          help: expect.any(String),
          at: expect.stringContaining('create-app.test.ts:'),
        },
      },
    ])
  })

  it('shuts down what was opened when something later cannot start', async () => {
    const log: string[] = []

    @Injectable()
    class Connection {
      @OnInit()
      open(): void {
        log.push('opened')
      }

      @OnShutdown()
      close(): void {
        log.push('closed')
      }
    }

    @Injectable()
    class Migrations {
      constructor(readonly connection: Connection) {}

      @OnInit()
      run(): Promise<void> {
        return Promise.reject(new Error('The disk is full.'))
      }
    }

    @Module({ providers: [Migrations, Connection] })
    class DataModule {}

    await expect(createApp(DataModule, quiet())).rejects.toThrow('The disk is full.')
    expect(log).toEqual(['opened', 'closed'])
  })

  it('replaces providers by overrides, the log included', async () => {
    const given = new MemoryLogger()
    await using app = await createApp(
      ValueModule,
      quiet({
        overrides: [
          { provide: NAME, useValue: 'you' },
          { provide: Logger, useValue: given },
        ],
      }),
    )

    expect(app.get(NAME)).toBe('you')
    expect(app.get(Logger)).toBe(given)
  })
})

describe('Where an application listens', () => {
  it('is what PORT and HOST say', async () => {
    const env = { TENON_ENV: 'production', PORT: '0', HOST: '127.0.0.1' }
    await using app = await createApp(NameModule, quiet({ env }))

    const { host, port } = await app.listen({ handleSignals: false })

    expect(host).toBe('127.0.0.1')
    expect(port).not.toBe(3000)
  })

  it('is every address in production, reachable as localhost', async () => {
    await using app = await createApp(NameModule, quiet({ env: { TENON_ENV: 'production', PORT: '0' } }))

    const { host, port, url } = await app.listen({ handleSignals: false })

    expect({ host, url }).toEqual({ host: '0.0.0.0', url: `http://localhost:${port}` })
  })

  it('says that a port is taken, and what to do', async () => {
    await using first = await createApp(NameModule, quiet({ env: { PORT: '0' } }))
    const { port } = await first.listen({ handleSignals: false })
    await using second = await createApp(NameModule, quiet({ env: { PORT: String(port) } }))

    await expect(second.listen({ handleSignals: false })).rejects.toMatchObject({
      code: 'SERVER_PORT_TAKEN',
      message: `Port ${port} on 127.0.0.1 is taken by another process.`,
      help: expect.stringContaining('PORT'),
    })
    expect(second.get(Health).isServing).toBe(false)
  })

  it('is told by number as well', async () => {
    await using app = await createApp(NameModule, quiet({ env: { PORT: '1' } }))
    const before = process.listenerCount('SIGTERM')

    const { port } = await app.listen(0)

    expect(port).toBeGreaterThan(1)
    expect(process.listenerCount('SIGTERM')).toBe(before + 1)
    await app.close()
    expect(process.listenerCount('SIGTERM')).toBe(before)
  })
})

describe('A body nobody reads', () => {
  it('does not keep an application from closing', async () => {
    @Controller('/')
    class IgnoringController {
      @Post('/')
      ignore(): string {
        return 'ignored'
      }
    }

    @Module({ controllers: [IgnoringController] })
    class IgnoringModule {}

    const app = await testApp(IgnoringModule).boot()

    expect((await app.request('/', { json: { text: 'x'.repeat(1000) } })).status).toBe(201)
    await expect(app.close()).resolves.toBeUndefined()
  })
})
