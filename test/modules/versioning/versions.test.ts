import { Readable } from 'node:stream'

import {
  Body,
  Controller,
  Ctx,
  Get,
  Module,
  Param,
  Post,
  redirect,
  Returns,
  type CallContext,
  type RawInput,
  type SettingsOf,
} from 'tenon'
import { testApp, type TestApp } from 'tenon/testing'
import {
  Upgrade,
  Version,
  VERSION_NEUTRAL,
  VersioningConfig,
  VersioningModule,
  type VersionUpgrade,
} from 'tenon/versioning'
import { IsString } from 'class-validator'

class NewTicket {
  @IsString()
  readonly subject!: string
}

class TicketView {
  @IsString()
  readonly subject!: string

  @IsString()
  readonly state!: string
}

@Controller('/tickets')
@Version('1+')
class TicketsController {
  @Get()
  list(@Ctx() context: CallContext): string {
    return `list ${context.version}`
  }

  @Get('/:id')
  @Version('1', '2')
  get(@Param('id') id: string, @Ctx() { version }: CallContext): string {
    return `old ${id} ${version}`
  }

  @Get('/:key')
  @Version('3+')
  find(@Param('key') key: string, @Ctx() { version }: CallContext): string {
    return `new ${key} ${version}`
  }

  @Post()
  @Returns(TicketView)
  open(@Body() { subject }: NewTicket): TicketView {
    return { subject, state: 'open' }
  }
}

@Controller('/about')
class AboutController {
  @Get()
  about(@Ctx() { version }: CallContext): string {
    return `about ${version}`
  }

  @Get('/both')
  @Version('2')
  two(): string {
    return 'two'
  }

  @Get('/both')
  @Version(VERSION_NEUTRAL)
  any(): string {
    return 'any'
  }
}

/** Until version 2 a subject was called a title. */
@Upgrade('1', '2', TicketsController)
class TitleBecomesSubject implements VersionUpgrade {
  request({ body, query }: RawInput): RawInput {
    const { title, ...rest } = (body ?? {}) as { title?: string }
    return { query, body: title === undefined ? body : { ...rest, subject: title } }
  }

  response({ subject, ...rest }: { subject?: string }): unknown {
    return { title: subject, ...rest }
  }
}

/** Until version 3 there was no state, but whether a ticket is closed. */
@Upgrade('2', '3', [TicketsController, 'open'])
class ClosedBecomesState implements VersionUpgrade {
  response({ state, ...rest }: { state?: string }): unknown {
    return { ...rest, closed: state === 'closed' }
  }
}

@Module({
  controllers: [TicketsController, AboutController],
  providers: [TitleBecomesSubject, ClosedBecomesState],
})
class DeskModule {}

const boot = (settings: SettingsOf<VersioningConfig>): Promise<TestApp> =>
  testApp(DeskModule, VersioningModule.with(settings)).boot()

const text = async (app: TestApp, path: string, headers: Record<string, string> = {}): Promise<string> =>
  (await app.request(path, { headers })).text()

/** How a caller names a version, by where it is read. */
const WAYS: readonly (readonly [
  SettingsOf<VersioningConfig>,
  (path: string, version: string) => [string, Record<string, string>],
])[] = [
  [{ from: 'path' }, (path, version) => [`/v${version}${path}`, {}]],
  [{ from: 'header' }, (path, version) => [path, { 'x-api-version': version }]],
  [{ from: 'media-type' }, (path, version) => [path, { accept: `text/html, */*; v=${version}` }]],
  [{ from: 'query', parameter: 'version' }, (path, version) => [`${path}?version=${version}`, {}]],
]

describe.each(WAYS)('VersioningModule %j', (settings, way) => {
  it('finds the endpoint that names a version, or whose range began last before it', async () => {
    await using app = await boot(settings)

    const answers = await Promise.all(
      (['1', '2', '3'] as const).flatMap((version) => [
        text(app, ...way('/tickets', version)),
        text(app, ...way('/tickets/7', version)),
      ]),
    )

    expect(answers).toEqual(['list 1', 'old 7 1', 'list 2', 'old 7 2', 'list 3', 'new 7 3'])
  })

  it('says which versions there are when it is asked for another one', async () => {
    await using app = await boot(settings)

    const [path, headers] = way('/tickets/7', '9')
    const response = await app.request(path, { headers })

    expect(response.status).toBe(400)
    expect(await response.json()).toMatchObject({
      code: 'VERSIONING_VERSION_UNSUPPORTED',
      detail: expect.stringContaining('1, 2, 3'),
    })
  })

  it('says which versions there are when none is named, unless one is the default', async () => {
    await using strict = await boot(settings)
    await using lenient = await boot({ ...settings, defaultVersion: '2' })

    const refused = await strict.request('/tickets')

    expect([refused.status, await refused.json()]).toMatchObject([400, { code: 'VERSIONING_VERSION_MISSING' }])
    expect(await text(lenient, '/tickets/7')).toBe('old 7 2')
  })

  it('leaves alone what has no version', async () => {
    await using app = await boot(settings)

    expect(await text(app, '/about')).toBe('about undefined')
    expect(await text(app, '/about/both')).toBe('any')
    expect(await text(app, ...way('/about/both', '2'))).toBe('two')
  })

  it('upgrades requests of old versions, and answers them in their own shape', async () => {
    await using app = await boot(settings)
    const open = async (version: string, json: object): Promise<unknown> => {
      const [path, headers] = way('/tickets', version)
      return (await app.request(path, { json, headers: { ...headers, accept: headers['accept'] ?? '*/*' } })).json()
    }

    expect(await open('1', { title: 'Fire' })).toEqual({ title: 'Fire', closed: false })
    expect(await open('2', { subject: 'Fire' })).toEqual({ subject: 'Fire', closed: false })
    expect(await open('3', { subject: 'Fire' })).toEqual({ subject: 'Fire', state: 'open' })
    expect(await open('3', { title: 'Fire' })).toMatchObject({ code: 'VALIDATION_FAILED' })
  })
})

describe('Upgrades of answers', () => {
  class Part {
    subject = 'Bolt'
    readonly made = new Date(0)
  }

  class Lot extends Part {
    toJSON(): object {
      return { subject: `${this.subject}s` }
    }
  }

  const ANSWERS: Readonly<Record<string, () => unknown>> = {
    part: () => new Part(),
    lot: () => new Lot(),
    bytes: () => Buffer.from('bytes'),
    stream: () => Readable.from(['stream']),
    redirect: () => redirect('/elsewhere'),
    nothing: () => undefined,
    text: () => 'text',
  }

  @Controller('/parts')
  @Version('1', '2')
  class PartsController {
    @Get('/:kind')
    find(@Param('kind') kind: string): unknown {
      return ANSWERS[kind]!()
    }
  }

  @Upgrade('1', '2', PartsController)
  class TitleOfParts implements VersionUpgrade {
    response({ subject, ...rest }: { subject?: string }): unknown {
      return { title: subject, ...rest }
    }
  }

  @Module({ imports: [VersioningModule], controllers: [PartsController], providers: [TitleOfParts] })
  class PartsModule {}

  it('see objects of classes as they are written, and leave alone what is no document', async () => {
    await using app = await testApp(PartsModule).boot()
    const answers = await Promise.all(
      Object.keys(ANSWERS).map(async (kind) => {
        const response = await app.request(`/v1/parts/${kind}`, { redirect: 'manual' })
        return [kind, response.status, await response.text()]
      }),
    )

    expect(answers).toEqual([
      ['part', 200, '{"title":"Bolt","made":"1970-01-01T00:00:00.000Z"}'],
      ['lot', 200, '{"title":"Bolts"}'],
      ['bytes', 200, 'bytes'],
      ['stream', 200, 'stream'],
      ['redirect', 302, ''],
      ['nothing', 204, ''],
      ['text', 200, 'text'],
    ])
  })
})

describe('VersioningModule', () => {
  it('tells caches that the answer depends on the header', async () => {
    await using app = await boot({ from: 'header' })

    const response = await app.request('/tickets', { headers: { 'x-api-version': 'v2' } })

    expect(response.headers.get('vary')).toBe('x-api-version')
    expect(await response.text()).toBe('list 2')
  })

  it('does not start with a default that nobody answers', async () => {
    await expect(boot({ defaultVersion: '7' })).rejects.toThrow('VERSIONING_DEFAULT is "7"')
  })

  it('answers 404 where a path only looks as if it had a version', async () => {
    await using app = await boot({})

    expect((await app.request('/vast/tickets')).status).toBe(404)
    expect((await app.request('/v2.5/tickets')).status).toBe(400)
    expect((await app.request('/v2/nothing')).status).toBe(404)
  })

  it('answers days by the version that held on that day', async () => {
    @Controller('/rates')
    class RatesController {
      @Get()
      @Version('2025-01-01')
      first(@Ctx() { version }: CallContext): string {
        return `first ${version}`
      }

      @Get()
      @Version('2026-06-01')
      second(@Ctx() { version }: CallContext): string {
        return `second ${version}`
      }
    }
    @Module({ controllers: [RatesController] })
    class RatesModule {}
    await using app = await testApp(RatesModule, VersioningModule.with({ from: 'header' })).boot()
    const on = (day: string): Promise<string> => text(app, '/rates', { 'x-api-version': day })

    expect(await on('2026-05-31')).toBe('first 2025-01-01')
    expect(await on('2026-06-01')).toBe('second 2026-06-01')
    expect(await on('2031-01-01')).toBe('second 2026-06-01')
    expect(JSON.parse(await on('2024-12-31'))).toMatchObject({ code: 'VERSIONING_VERSION_UNSUPPORTED' })
  })
})
