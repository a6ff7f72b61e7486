import { randomBytes } from 'node:crypto'

import { Controller, Ctx, ctx, Get, HttpContext, Module, Post, Public, type AuthenticationFactor } from 'tenon'
import {
  AccountAdministration,
  AccountsModule,
  Authenticated,
  CsrfTokens,
  SESSION,
  Sessions,
  TokensModule,
} from 'tenon/auth'
import { Database } from 'tenon/data'

import { accountsApp, EMAIL, OTHER_PASSWORD, PASSWORD, type AccountsApp } from '../accounts/accounts-app.ts'
import type { Browser } from '../accounts/browser.ts'
import { onEveryDatabase } from '../../data/on-every-database.ts'

const MINUTE_MS = 60_000
const PRODUCTION = {
  TENON_ENV: 'production',
  PUBLIC_URL: 'https://desk.example.org',
  MAIL_OUTBOX: '/nowhere/outbox',
  DATABASE_URL: 'sqlite::memory:',
}

/** A call with nothing but this secret as its cookie. */
function callWith(desk: AccountsApp, secret: string, path = '/notes'): Promise<Response> {
  return desk.app.request(path, { headers: { cookie: `session=${secret}` } })
}

function secretOf(browser: Browser): string {
  return browser.cookies.get('session')?.value ?? 'none'
}

@Controller('/step-up')
class StepUpController {
  constructor(
    private readonly sessions: Sessions,
    private readonly csrf: CsrfTokens,
  ) {}

  @Post()
  @Authenticated('session')
  async prove(@Ctx() context: HttpContext): Promise<{ csrfToken: string }> {
    const factor: AuthenticationFactor = { method: 'otp', at: Date.now() }
    return { csrfToken: this.csrf.issue(context, await this.sessions.rotate(context, [factor])) }
  }

  @Get()
  @Authenticated('session')
  session(): unknown {
    return ctx()
      .require(SESSION)
      .factors.map(({ method }) => method)
  }

  @Post('/anonymous')
  @Public('To see what happens without a session.')
  async without(@Ctx() context: HttpContext): Promise<void> {
    await this.sessions.rotate(context)
  }
}

@Module({ controllers: [StepUpController] })
class StepUpModule {}

const withStepUp = { modules: [AccountsModule, TokensModule, StepUpModule] }

describe('A session', () => {
  it('that was planted before the login does not become the one of who logs in', async () => {
    await using desk = await accountsApp()
    await desk.member()
    await desk.member('eve@example.org', OTHER_PASSWORD)
    const eve = await desk.loggedIn('eve@example.org', OTHER_PASSWORD)
    const planted = secretOf(eve)
    const victim = desk.browser()
    victim.cookies.set('session', { name: 'session', value: planted })

    expect((await victim.logIn(EMAIL, PASSWORD)).status).toBe(200)

    expect(secretOf(victim)).not.toBe(planted)
    expect((await callWith(desk, planted)).status).toBe(401)
    expect(await (await victim.call('/auth/me')).json()).toMatchObject({ email: EMAIL })
  })

  it("with a secret of the attacker's choice is never made", async () => {
    await using desk = await accountsApp()
    await desk.member()
    const chosen = randomBytes(32).toString('base64url')
    const victim = desk.browser()
    victim.cookies.set('session', { name: 'session', value: chosen })

    expect((await victim.logIn(EMAIL, PASSWORD)).status).toBe(200)

    expect(secretOf(victim)).not.toBe(chosen)
    expect((await callWith(desk, chosen)).status).toBe(401)
    expect((await victim.call('/notes')).status).toBe(200)
  })

  it('ends with the logout, also for who has copied its cookie', async () => {
    await using desk = await accountsApp()
    await desk.member()
    const browser = await desk.loggedIn()
    const copied = secretOf(browser)
    expect((await callWith(desk, copied)).status).toBe(200)

    expect((await browser.call('/auth/logout', { method: 'POST' })).status).toBe(204)

    expect(browser.cookies.has('session')).toBe(false)
    expect((await callWith(desk, copied)).status).toBe(401)
  })

  it('has a new secret after the password was changed; the copied one is worth nothing', async () => {
    await using desk = await accountsApp()
    await desk.member()
    const browser = await desk.loggedIn()
    const copied = secretOf(browser)

    await browser.call('/auth/password/change', { json: { password: PASSWORD, newPassword: OTHER_PASSWORD } })

    expect((await callWith(desk, copied)).status).toBe(401)
    expect((await browser.call('/notes')).status).toBe(200)
  })

  it('has a new secret after a step-up; the copied one does not become more', async () => {
    await using desk = await accountsApp(withStepUp)
    await desk.member()
    const browser = await desk.loggedIn()
    const copied = secretOf(browser)

    expect((await browser.call('/step-up', { method: 'POST' })).status).toBe(201)

    expect((await callWith(desk, copied)).status).toBe(401)
    expect(await (await browser.call('/step-up')).json()).toEqual(['pwd', 'otp'])
    expect((await browser.call('/notes', { method: 'POST' })).status).toBe(201)
  })

  it('is not rotated for a call that has none', async () => {
    await using desk = await accountsApp(withStepUp)

    const response = await desk.browser().call('/step-up/anonymous', { method: 'POST' })

    expect(await response.json()).toMatchObject({ status: 409, code: 'AUTH_SESSION_NOT_HERE' })
  })

  it('ends when it is not used for an hour', async () => {
    await using desk = await accountsApp()
    await desk.member()
    const browser = await desk.loggedIn()
    await desk.clock.advance(59 * MINUTE_MS)
    expect((await browser.call('/notes')).status).toBe(200)
    await desk.clock.advance(59 * MINUTE_MS)
    expect((await browser.call('/notes')).status).toBe(200)

    await desk.clock.advance(60 * MINUTE_MS)

    const ended = await browser.call('/notes')
    expect(await ended.json()).toMatchObject({ status: 401, code: 'AUTH_SESSION_INVALID' })
    expect((await browser.logIn(EMAIL, PASSWORD)).status).toBe(200)
  })

  it('ends after a day, however busy it is', async () => {
    await using desk = await accountsApp()
    await desk.member()
    const browser = await desk.loggedIn()
    const found: number[] = []

    for (let halfHour = 0; halfHour < 49; halfHour += 1) {
      found.push((await browser.call('/notes')).status)
      await desk.clock.advance(30 * MINUTE_MS)
    }

    expect(found.slice(0, 48)).toEqual(Array(48).fill(200))
    expect(found[48]).toBe(401)
  })

  it('of somebody else cannot be ended', async () => {
    await using desk = await accountsApp()
    await desk.member()
    await desk.member('eve@example.org', OTHER_PASSWORD)
    const ada = await desk.loggedIn()
    const eve = await desk.loggedIn('eve@example.org', OTHER_PASSWORD)
    const [{ id }] = (await (await ada.call('/auth/sessions')).json()) as [{ id: string }]

    const refused = await eve.call(`/auth/sessions/${id}`, { method: 'DELETE' })

    expect(await refused.json()).toMatchObject({ status: 404, code: 'AUTH_SESSION_MISSING' })
    expect((await ada.call('/notes')).status).toBe(200)
    expect((await ada.call(`/auth/sessions/${id}`, { method: 'DELETE' })).status).toBe(204)
    expect((await ada.call('/notes')).status).toBe(401)
  })

  it('of somebody else is in no list', async () => {
    await using desk = await accountsApp()
    await desk.member()
    await desk.member('eve@example.org', OTHER_PASSWORD)
    await desk.loggedIn()
    const eve = await desk.loggedIn('eve@example.org', OTHER_PASSWORD)

    expect(await (await eve.call('/auth/sessions')).json()).toHaveLength(1)
  })

  it('cannot be guessed, and what is no secret is not looked for', async () => {
    await using desk = await accountsApp({ env: { DATABASE_LOG: 'true' } })
    await desk.member()
    const browser = await desk.loggedIn()
    const secret = secretOf(browser)
    const lines = desk.app.logs.lines.length
    for (const forged of ['', '%', '*', `${secret}A`, secret.slice(1), "' OR 1=1 --", 'A'.repeat(4000)]) {
      expect((await callWith(desk, encodeURIComponent(forged))).status).toBe(401)
    }
    expect(JSON.stringify(desk.app.logs.lines.slice(lines))).not.toContain('auth_sessions')

    expect((await callWith(desk, `${secret.slice(0, -1)}${secret.endsWith('A') ? 'Q' : 'A'}`)).status).toBe(401)
    expect((await callWith(desk, secret)).status).toBe(200)
  })

  it('is known to the database by a hash alone, and its id opens nothing', async () => {
    await using desk = await accountsApp()
    await desk.member()
    const browser = await desk.loggedIn()
    const [{ id }] = (await (await browser.call('/auth/sessions')).json()) as [{ id: string }]

    const rows = JSON.stringify(await desk.app.get(Database).source.query('SELECT * FROM auth_sessions'))

    expect(rows).toContain(id)
    expect(rows).not.toContain(secretOf(browser))
    expect((await callWith(desk, id)).status).toBe(401)
  })

  it('does not stand in for a token that does not hold', async () => {
    await using desk = await accountsApp()
    await desk.member()
    const browser = await desk.loggedIn()

    expect((await browser.call('/notes', { headers: { authorization: 'Bearer forged' } })).status).toBe(401)
    expect((await browser.call('/notes')).status).toBe(200)
  })

  it('of a disabled account ends at once', async () => {
    await using desk = await accountsApp()
    const id = await desk.member()
    const browser = await desk.loggedIn()
    expect((await browser.call('/notes')).status).toBe(200)

    await desk.app.get(AccountAdministration).disable(id)

    expect((await browser.call('/notes')).status).toBe(401)
  })

  it('has a cookie that scripts, other sites and plain HTTP do not get', async () => {
    await using desk = await accountsApp({ env: { SESSION_SECURE: 'true' } })
    await desk.member()
    const browser = await desk.loggedIn()

    const cookie = browser.cookies.get('__Host-session')

    expect(cookie).toMatchObject({ httpOnly: true, secure: true, sameSite: 'lax', path: '/', maxAge: 86_400 })
    expect(cookie?.domain).toBeUndefined()
    expect((await browser.call('/notes')).status).toBe(200)
  })

  it('is not taken from a cookie without the prefix where cookies are secure', async () => {
    await using desk = await accountsApp({ env: { SESSION_SECURE: 'true' } })
    await desk.member()
    const browser = await desk.loggedIn()
    const { value } = browser.cookies.get('__Host-session')!

    expect((await callWith(desk, value!)).status).toBe(401)
    expect((await desk.app.request('/notes', { headers: { cookie: `__Host-session=${value}` } })).status).toBe(200)
  })

  it('has a cookie for development that is marked all the same', async () => {
    await using desk = await accountsApp()
    await desk.member()
    const browser = await desk.loggedIn()

    expect(browser.cookies.get('session')).toMatchObject({ httpOnly: true, sameSite: 'lax', path: '/' })
    expect(browser.cookies.get('session')?.secure).toBeUndefined()
  })

  it('is secure in production, or nothing starts', async () => {
    const modules = [AccountsModule]

    await expect(accountsApp({ modules, env: { ...PRODUCTION, SESSION_SECURE: 'false' } })).rejects.toThrow(
      'Session cookies are not secure in production',
    )
    await using desk = await accountsApp({ modules, env: PRODUCTION })
    const response = await desk.browser().call('/auth/csrf')
    expect(response.headers.getSetCookie()).toEqual([expect.stringMatching(/^__Host-session-csrf=.+; Secure/)])
  })
})

onEveryDatabase('A session', (database) => {
  if (database.name === 'SQLite in memory') return

  it('that one process ends is ended in another after two seconds at the latest', async () => {
    await using at = await database.create()
    await using one = await accountsApp({ env: { DATABASE_URL: at.url } })
    await using two = await accountsApp({ env: { DATABASE_URL: at.url } })
    await one.member()
    const browser = await one.loggedIn()
    const secret = secretOf(browser)
    expect((await callWith(two, secret)).status).toBe(200)

    await browser.call('/auth/logout', { method: 'POST' })

    expect((await callWith(one, secret)).status).toBe(401)
    await two.clock.advance(2001)
    expect((await callWith(two, secret)).status).toBe(401)
  })
})
