import { Controller, ctx, Get, Module, Post } from 'tenon'
import {
  AccountsModule,
  Authenticated,
  SESSION,
  Sessions,
  SessionStore,
  TokensModule,
  type SessionData,
  type SessionRecord,
} from 'tenon/auth'

import { Redis, RedisModule } from 'tenon/redis'

import { accountsApp, EMAIL, PASSWORD } from '../accounts/accounts-app.ts'
import { onEveryDatabase } from '../../data/on-every-database.ts'
import { describeWithRedis, RedisServer } from '../../redis/redis-server.ts'

declare module 'tenon/auth' {
  interface SessionData {
    theme?: string
  }
}

const MINUTE_MS = 60_000
const secretHash = (digit: string): string => digit.repeat(64)

function record(changes: Partial<SessionRecord>, now: number): SessionRecord {
  return {
    id: 'one',
    secretHash: secretHash('1'),
    accountId: 'ada',
    createdAt: now,
    lastSeenAt: now,
    expiresAt: now + 60 * MINUTE_MS,
    factors: [{ method: 'pwd', at: now }],
    address: '192.0.2.1',
    agent: 'Browser',
    data: {},
    ...changes,
  }
}

@Controller('/theme')
@Authenticated('session')
class ThemeController {
  constructor(private readonly sessions: Sessions) {}

  @Post('/dark')
  async dark(): Promise<void> {
    await this.sessions.save(ctx(), { theme: 'dark' })
  }

  @Post('/huge')
  async huge(): Promise<void> {
    await this.sessions.save(ctx(), { theme: 'x'.repeat(4096) })
  }

  @Get()
  read(): SessionData {
    return ctx().require(SESSION).data
  }
}

@Module({ controllers: [ThemeController] })
class ThemeModule {}

const modules = [AccountsModule, TokensModule, ThemeModule]

/** The same for every store. */
function storeSuite(open: () => Promise<{ readonly env: Record<string, string> } & AsyncDisposable>): void {
  it('finds a session by its secret, until it is deleted', async () => {
    await using at = await open()
    await using desk = await accountsApp({ env: at.env, modules })
    const store = desk.app.get(SessionStore)
    const now = desk.clock.now().getTime()
    const session = record({}, now)

    await store.insert(session)

    expect(await store.findBySecretHash(session.secretHash)).toEqual(session)
    expect(await store.findBySecretHash(secretHash('2'))).toBeUndefined()
    expect([
      await store.delete('eve', 'one'),
      await store.delete('ada', 'one'),
      await store.delete('ada', 'one'),
    ]).toEqual([false, true, false])
    expect(await store.findBySecretHash(session.secretHash)).toBeUndefined()
  })

  it('lists those of an account, the latest first, and deletes all but one', async () => {
    await using at = await open()
    await using desk = await accountsApp({ env: at.env, modules })
    const store = desk.app.get(SessionStore)
    const now = desk.clock.now().getTime()
    await store.insert(record({ id: 'one', secretHash: secretHash('1') }, now))
    await store.insert(
      record({ id: 'two', secretHash: secretHash('2'), createdAt: now + 1, expiresAt: now + 2 * MINUTE_MS }, now),
    )
    await store.insert(record({ id: 'hers', secretHash: secretHash('3'), accountId: 'eve' }, now))

    expect((await store.list('ada', now)).map(({ id }) => id)).toEqual(['two', 'one'])
    expect((await store.list('ada', now + 2 * MINUTE_MS)).map(({ id }) => id)).toEqual(['one'])
    expect(await store.deleteAll('ada', 'two')).toBe(1)
    expect((await store.list('ada', now)).map(({ id }) => id)).toEqual(['two'])
    expect(await store.deleteAll('ada')).toBe(1)
    expect((await store.list('eve', now)).map(({ id }) => id)).toEqual(['hers'])
  })

  it('notes use without bringing back what is gone', async () => {
    await using at = await open()
    await using desk = await accountsApp({ env: at.env, modules })
    const store = desk.app.get(SessionStore)
    const session = record({}, desk.clock.now().getTime())
    await store.insert(session)

    await store.touch(session, session.lastSeenAt + 5)
    expect((await store.findBySecretHash(session.secretHash))?.lastSeenAt).toBe(session.lastSeenAt + 5)

    await store.deleteAll('ada')
    await store.touch(session, session.lastSeenAt + 6)
    expect(await store.findBySecretHash(session.secretHash)).toBeUndefined()
    expect(await store.list('ada', session.createdAt)).toEqual([])
  })

  it('changes a session for the one who has read it as it is', async () => {
    await using at = await open()
    await using desk = await accountsApp({ env: at.env, modules })
    const store = desk.app.get(SessionStore)
    const session = record({}, desk.clock.now().getTime())
    await store.insert(session)

    const both = await Promise.all(['4', '5'].map((digit) => store.change(session, { secretHash: secretHash(digit) })))

    expect(both.filter((changed) => changed)).toEqual([true])
    expect(await store.findBySecretHash(session.secretHash)).toBeUndefined()
    expect(await store.list('ada', session.createdAt)).toHaveLength(1)
    expect(await store.delete('ada', 'one')).toBe(true)
  })

  it('keeps small and typed data of the application, and refuses large ones', async () => {
    await using at = await open()
    await using desk = await accountsApp({ env: at.env, modules })
    await desk.member()
    const browser = await desk.loggedIn()

    expect((await browser.call('/theme/dark', { method: 'POST' })).status).toBe(204)
    expect(await (await browser.call('/theme')).json()).toEqual({ theme: 'dark' })
    expect((await browser.call('/theme/huge', { method: 'POST' })).status).toBe(500)
    expect(await (await browser.call('/theme')).json()).toEqual({ theme: 'dark' })
    expect(desk.app.logs.at('error').map(({ fields }) => String(fields['error']))).toContainEqual(
      expect.stringContaining('4108 bytes; at most 4096'),
    )
  })

  it('authenticates, ends, and forgets as it should', async () => {
    await using at = await open()
    await using desk = await accountsApp({ env: at.env, modules })
    await desk.member()
    const one = await desk.loggedIn()
    const two = await desk.loggedIn()

    expect((await two.call('/auth/logout', { method: 'POST' })).status).toBe(204)
    expect([(await one.call('/notes')).status, (await two.call('/notes')).status]).toEqual([200, 401])
    await desk.clock.advance(59 * MINUTE_MS)
    expect((await one.call('/notes')).status).toBe(200)
    await desk.clock.advance(61 * MINUTE_MS)
    expect((await one.call('/notes')).status).toBe(401)
    expect((await desk.browser().logIn(EMAIL, PASSWORD)).status).toBe(200)
  })
}

onEveryDatabase('Sessions', (database) => {
  storeSuite(async () => {
    const at = await database.create()
    return { env: { DATABASE_URL: at.url }, [Symbol.asyncDispose]: () => at[Symbol.asyncDispose]() }
  })

  it('that have ended are removed within the hour', async () => {
    await using at = await database.create()
    await using desk = await accountsApp({ env: { DATABASE_URL: at.url, SESSION_IDLE_MINUTES: '10' } })
    const store = desk.app.get(SessionStore)
    const now = desk.clock.now().getTime()
    await store.insert(record({ id: 'ended', secretHash: secretHash('1'), expiresAt: now + 1 }, now))
    await store.insert(record({ id: 'idle', secretHash: secretHash('2') }, now))
    await store.insert(
      record(
        { id: 'busy', secretHash: secretHash('3'), lastSeenAt: now + 55 * MINUTE_MS, expiresAt: now + 99 * MINUTE_MS },
        now,
      ),
    )

    await desk.clock.advance(60 * MINUTE_MS)
    const ids = async () => (await store.list('ada', 0)).map(({ id }) => id)
    while ((await ids()).length > 1) await new Promise(setImmediate)

    expect(await ids()).toEqual(['busy'])
  })
})

describeWithRedis('Sessions in Redis', () => {
  storeSuite(async () => {
    const server = await RedisServer.start()
    return {
      env: { SESSION_STORE: 'redis', REDIS_URL: server.url },
      [Symbol.asyncDispose]: () => server.stop(),
    }
  })

  it('leave nothing behind that Redis would keep for ever', async () => {
    await using server = await RedisServer.start()
    await using desk = await accountsApp({
      env: { SESSION_STORE: 'redis', REDIS_URL: server.url },
      modules: [...modules, RedisModule],
    })
    const store = desk.app.get(SessionStore)
    const redis = desk.app.get(Redis)
    const session = record({}, desk.clock.now().getTime())
    await store.insert(session)
    const keys = (await redis.send('KEYS', '*')) as string[]
    for (const key of keys) expect(Number(await redis.send('PTTL', key))).toBeGreaterThan(0)
    expect(keys).toHaveLength(2)

    await store.deleteAll('ada')
    await store.touch(session, session.lastSeenAt + 6)

    expect(await redis.send('KEYS', '*')).toEqual([])
  })

  it('end everywhere, for all processes', async () => {
    await using server = await RedisServer.start()
    const env = { SESSION_STORE: 'redis', REDIS_URL: server.url, SESSION_CACHE_MS: '0' }
    await using one = await accountsApp({ env })
    await one.member()
    const browser = await one.loggedIn()
    await using two = await accountsApp({ env })
    const cookie = browser.cookieHeader
    const { id } = (
      await one.app.get(Sessions).list(((await (await browser.call('/auth/me')).json()) as { id: string }).id)
    )[0]!

    expect(id).toMatch(/^[0-9a-f-]{36}$/)
    expect((await browser.call('/auth/sessions', { method: 'DELETE' })).status).toBe(204)
    expect((await two.app.request('/notes', { headers: { cookie } })).status).toBe(401)
  })

  it('are asked for in vain while Redis is away: nobody gets in, and the problem says nothing inside', async () => {
    await using server = await RedisServer.start()
    await using desk = await accountsApp({
      env: { SESSION_STORE: 'redis', REDIS_URL: server.url, SESSION_CACHE_MS: '0' },
    })
    await desk.member()
    const browser = await desk.loggedIn()
    expect((await browser.call('/notes')).status).toBe(200)

    await server.stop()
    expect((await browser.call('/notes')).status).toBe(503)
    await server.start()
    expect([401, 503]).toContain((await browser.call('/notes')).status)
  })
})

describe('Known sessions', () => {
  it('spare the store for two seconds', async () => {
    await using desk = await accountsApp({ env: { DATABASE_LOG: 'true' } })
    await desk.member()
    const browser = await desk.loggedIn()
    const asked = async (calls: number): Promise<number> => {
      const before = desk.app.logs.lines.length
      for (let count = 0; count < calls; count += 1) await browser.call('/notes')
      return desk.app.logs.lines.slice(before).filter(({ message }) => /FROM "auth_sessions"/.test(message)).length
    }

    expect(await asked(10)).toBe(1)
    await desk.clock.advance(1999)
    expect(await asked(10)).toBe(0)
    await desk.clock.advance(1)
    expect(await asked(10)).toBe(1)
  })

  it('are asked for with each call where SESSION_CACHE_MS is 0', async () => {
    await using desk = await accountsApp({ env: { DATABASE_LOG: 'true', SESSION_CACHE_MS: '0' } })
    await desk.member()
    const browser = await desk.loggedIn()
    const before = desk.app.logs.lines.length
    for (let count = 0; count < 5; count += 1) expect((await browser.call('/notes')).status).toBe(200)

    expect(
      desk.app.logs.lines.slice(before).filter(({ message }) => /FROM "auth_sessions"/.test(message)),
    ).toHaveLength(5)
  })
})
