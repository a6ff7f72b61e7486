import { CallProbe, Routes, type ProbedPart } from 'tenon'
import { testApp, type TestApp } from 'tenon/testing'

import { Collector } from '../collector.ts'
import { DeskModule } from '../desk.ts'

function boot(setting: string, variables: Readonly<Record<string, string>> = {}): Promise<TestApp> {
  return testApp(DeskModule)
    .env({ SERVER_TIMING: setting, ...variables })
    .boot()
}

const ASKED = { headers: { 'x-server-timing': '1' } }

describe('Server-Timing', () => {
  it('tells the cost of each part, its phase, and of the statements', async () => {
    await using app = await boot('all')

    const response = await app.request('/notes')

    const timing = response.headers.get('server-timing')!
    expect(timing).toMatch(/^total;dur=[\d.]+, sql;dur=[\d.]+;desc="1 statement", /)
    expect(timing).toMatch(/TestIdentityInterceptor;dur=[\d.]+;desc="authenticate"/)
    expect(timing).toMatch(/handler;dur=[\d.]+;desc="NotesController\.list"/)
  })

  it('adds up to the whole: what is further inside is not counted twice', async () => {
    await using app = await boot('all')

    const response = await app.request('/notes')

    const [total, ...parts] = [...response.headers.get('server-timing')!.matchAll(/([\w.-]+);dur=([\d.]+)/g)]
    const sum = parts.filter(([, name]) => name !== 'sql').reduce((whole, [, , ms]) => whole + Number(ms), 0)
    expect(sum).toBeLessThanOrEqual(Number(total![2]))
    expect(sum).toBeGreaterThan(0)
  })

  it('stands on failures too', async () => {
    await using app = await boot('all')

    expect((await app.request('/notes/broken')).headers.get('server-timing')).toMatch(/^total;/)
    expect((await app.request('/notes', { json: { text: 1 } })).headers.get('server-timing')).toMatch(
      /argument-binding/,
    )
  })

  it('is told to operators who ask, and to nobody else', async () => {
    await using app = await boot('asked')
    const operator = app.as({ id: 'ada', roles: ['operator'] })

    const told = await Promise.all([
      operator.request('/notes', ASKED),
      operator.request('/notes'),
      app.request('/notes', ASKED),
      app.as({ id: 'bob', roles: ['user'] }).request('/notes', ASKED),
      app.as({ id: 'key', roles: ['operator'], scopes: ['notes:read'] }).request('/notes', ASKED),
      app.as({ id: 'key', roles: ['operator'], scopes: ['observe'] }).request('/notes', ASKED),
    ])

    expect(told.map(({ headers }) => headers.has('server-timing'))).toEqual([true, false, false, false, false, true])
  })

  it('is off where nothing says otherwise', async () => {
    await using app = await testApp(DeskModule).boot()

    const response = await app.as({ id: 'ada', roles: ['operator'] }).request('/notes', ASKED)

    expect(response.headers.has('server-timing')).toBe(false)
  })

  it('costs nothing where it is off: no endpoint is compiled with it', async () => {
    await using app = await testApp(DeskModule).boot()
    const probe = app.get(CallProbe)

    const { endpoints } = app.get(Routes)

    expect(endpoints.length).toBeGreaterThan(5)
    expect(endpoints.filter((endpoint) => probe.takesPart(endpoint))).toEqual([])
  })

  it('is not in what is compiled for traced calls either, unless it is on', async () => {
    await using collector = new Collector()
    const compiledWith = async (setting: string): Promise<string> => {
      await using app = await boot(setting, await collector.variables())
      const endpoint = app.get(Routes).endpoints.find(({ name }) => name === 'NotesController.list')!
      const parts = (['call', 'before', 'around', 'handler'] as const).map((kind): ProbedPart => ({
        kind,
        name: 'a part',
        phase: undefined,
      }))
      return parts.map((part) => String(app.get(CallProbe).around(part, endpoint))).join('\n')
    }

    expect(await compiledWith('all')).toMatch(/isTimed|tellTimes/)
    expect(await compiledWith('off')).not.toMatch(/isTimed|tellTimes|enter\(/)
  })
})
