import { setImmediate } from 'node:timers/promises'

import {
  Controller,
  Ctx,
  Get,
  Injectable,
  Module,
  securityEvents,
  type CallContext,
  type ModuleImport,
  type SecurityEvent,
} from 'tenon'
import { DataModule } from 'tenon/data'
import { TenancyConfig, TenancyModule, TenantDirectory, Tenants, TenantScoped, type TenantRecord } from 'tenon/tenancy'
import { FakeClock, testApp, type TestApp } from 'tenon/testing'

const states = new Map<string, TenantRecord['state']>()

@Injectable()
class Directory extends TenantDirectory {
  static asked = 0

  async find(id: string): Promise<TenantRecord | undefined> {
    Directory.asked += 1
    const state = states.get(id)
    return state && { id, name: id, state, settings: {}, limits: {} }
  }

  override admits(principal: { readonly id: string; readonly kind?: string }): boolean {
    return principal.id === 'member' || principal.kind === 'operator'
  }
}

/** Each question is answered when the test says so. */
@Injectable()
class SlowDirectory extends TenantDirectory {
  static readonly asked: ((state: TenantRecord['state']) => void)[] = []

  find(id: string): Promise<TenantRecord> {
    const { promise, resolve } = Promise.withResolvers<TenantRecord>()
    SlowDirectory.asked.push((state) => resolve({ id, name: id, state, settings: {}, limits: {} }))
    return promise
  }
}

@TenantScoped()
@Controller('/')
class WhereController {
  @Get('/where') where(@Ctx() context: CallContext): string {
    return context.tenant ?? 'nowhere'
  }

  @Get('/of/:tenant/where') whereOfPath(@Ctx() context: CallContext): string {
    return context.tenant ?? 'nowhere'
  }
}

@Module({ imports: [DataModule, TenancyModule], controllers: [WhereController] })
class WhereModule {}

function boot(...settings: Partial<TenancyConfig>[]): Promise<TestApp> {
  const tenancy = settings.map((each): ModuleImport => TenancyModule.with(each))
  return testApp(WhereModule, ...tenancy)
    .override(TenantDirectory)
    .withClass(Directory)
    .boot()
}

async function answer(response: Promise<Response>): Promise<string> {
  const got = await response
  return got.status === 200 ? got.text() : `${got.status} ${((await got.json()) as { code: string }).code}`
}

describe('The tenant of a call', () => {
  beforeEach(() => {
    states.clear()
    for (const id of ['acme', 'globex']) states.set(id, 'active')
    states.set('initech', 'suspended')
  })

  it('is the one that a header names, where nobody is known', async () => {
    await using app = await boot()

    const ask = (tenant?: string): Promise<string> =>
      answer(app.request('/where', tenant === undefined ? {} : { headers: { 'x-tenant-id': tenant } }))

    expect(await ask('acme')).toBe('acme')
    expect(await ask()).toBe('400 TENANCY_TENANT_MISSING')
    expect(await ask('nobody')).toBe('404 TENANCY_TENANT_UNKNOWN')
    expect(await ask('initech')).toBe('403 TENANCY_TENANT_SUSPENDED')
    expect(await ask('ac me')).toBe('400 TENANCY_NAME_INVALID')
  })

  it('is that of the caller, who cannot name another', async () => {
    const refused: SecurityEvent[] = []
    const stop = securityEvents.subscribe((event) => refused.push(event))
    await using app = await boot()
    const ada = app.as({ id: 'ada', tenant: 'acme' })

    const own = await answer(ada.request('/where'))
    const named = await answer(ada.request('/where', { headers: { 'x-tenant-id': 'acme' } }))
    const other = await answer(ada.request('/where', { headers: { 'x-tenant-id': 'globex' } }))
    const missing = await answer(ada.request('/where', { headers: { 'x-tenant-id': 'nobody' } }))
    stop()

    expect([own, named]).toEqual(['acme', 'acme'])
    expect([other, missing]).toEqual(['403 TENANCY_TENANT_FOREIGN', '403 TENANCY_TENANT_FOREIGN'])
    expect(refused.filter(({ type, principalId }) => type === 'tenancy.foreign' && principalId === 'ada')).toHaveLength(
      2,
    )
  })

  it('needs the word of the directory for callers that are of no tenant', async () => {
    await using app = await boot()
    const as = (id: string): Promise<string> =>
      answer(app.as({ id }).request('/where', { headers: { 'x-tenant-id': 'acme' } }))

    expect([await as('stranger'), await as('member')]).toEqual(['403 TENANCY_TENANT_FOREIGN', 'acme'])
  })

  it("is found in the host name, the path and by a function of one's own", async () => {
    await using byHost = await boot({ from: ['subdomain'], domain: 'Desk.example' })
    await using byPath = await boot({ from: ['path'] })
    await using byFunction = await boot({ from: [], resolve: (context) => context.header('x-org')?.toLowerCase() })
    const atHost = async (host: string): Promise<string> => {
      const { request } = await import('node:http')
      const url = new URL('/where', await byHost.url())
      return new Promise((resolve, reject) => {
        request(url, { headers: { host } }, (response) => {
          response.setEncoding('utf8')
          let text = ''
          response.on('data', (part: string) => (text += part))
          response.on('end', () => resolve(`${response.statusCode} ${text}`))
        })
          .on('error', reject)
          .end()
      })
    }

    expect(await atHost('acme.desk.example')).toBe('200 acme')
    expect(await atHost('acme.desk.example:8080')).toBe('200 acme')
    expect(await atHost('desk.example')).toContain('TENANCY_TENANT_MISSING')
    expect(await atHost('acme.other.example')).toContain('TENANCY_TENANT_MISSING')
    expect(await atHost('a.acme.desk.example')).toContain('TENANCY_TENANT_MISSING')
    expect(await answer(byPath.request('/of/globex/where'))).toBe('globex')
    expect(await answer(byFunction.request('/where', { headers: { 'x-org': 'ACME' } }))).toBe('acme')
  })

  it('is refused when two places name different ones', async () => {
    await using app = await boot({ from: ['header', 'path'] })

    const same = await answer(app.request('/of/acme/where', { headers: { 'x-tenant-id': 'acme' } }))
    const different = await answer(app.request('/of/acme/where', { headers: { 'x-tenant-id': 'globex' } }))

    expect([same, different]).toEqual(['acme', '400 TENANCY_TENANT_AMBIGUOUS'])
  })

  it('asks the directory once, and again when its answer has grown old', async () => {
    Directory.asked = 0
    const clock = new FakeClock()
    await using app = await testApp(WhereModule, TenancyModule.with({ directoryCacheMs: 1000 }))
      .override(TenantDirectory)
      .withClass(Directory)
      .clock(clock)
      .boot()
    const ask = (): Promise<string> => answer(app.request('/where', { headers: { 'x-tenant-id': 'acme' } }))

    const before = [await ask(), await ask(), Directory.asked]
    states.set('acme', 'suspended')
    const still = await ask()
    await clock.advance(1001)
    const late = await ask()

    expect([...before, still, late]).toEqual(['acme', 'acme', 1, 'acme', '403 TENANCY_TENANT_SUSPENDED'])
  })

  it('asks the directory once for calls that come together, and anew after a suspension', async () => {
    let named = 0
    const resolve = (): string => {
      named += 1
      return 'acme'
    }
    await using app = await testApp(WhereModule, TenancyModule.with({ from: [], resolve }))
      .override(TenantDirectory)
      .withClass(SlowDirectory)
      .boot()
    await app.get(Tenants).create({ id: 'acme' })
    const { asked } = SlowDirectory
    const arrived = async (calls: number): Promise<void> => {
      for (let turn = 0; named < calls && turn < 10_000; turn += 1) await setImmediate()
      await setImmediate()
    }
    const ask = (): Promise<string> => answer(app.request('/where'))

    const together = [ask(), ask()]
    await arrived(2)
    const questions = [asked.length]
    await app.get(Tenants).suspend('acme')
    const after = ask()
    await arrived(3)
    questions.push(asked.length)
    asked[1]!('suspended')
    asked[0]!('active')
    const answers = await Promise.all([...together, after])
    const later = await ask()

    expect(questions).toEqual([1, 2])
    expect(answers).toEqual(['acme', 'acme', '403 TENANCY_TENANT_SUSPENDED'])
    expect([later, asked.length]).toEqual(['403 TENANCY_TENANT_SUSPENDED', 2])
  })
})
