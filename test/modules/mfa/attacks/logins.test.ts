/** Ways around the second factor at login: tickets, remembered browsers, other doors. */
import { AccountAdministration } from 'tenon/auth'

import { EMAIL, OTHER_PASSWORD, PASSWORD } from '../../auth/accounts/accounts-app.ts'
import type { Browser } from '../../auth/accounts/browser.ts'
import { json, mfaApp, outcome, type AuthenticatorApp, type MfaApp, type Ticket } from '../mfa-app.ts'

const EVE = 'eve@example.org'
const INVALID = '401 MFA_TICKET_INVALID'

function finish(browser: Browser, ticket: string, code: string): Promise<string> {
  return browser.call('/auth/mfa/login', { json: { ticket, code } }).then(outcome)
}

/** A browser that is remembered, and not logged in. */
async function remembered(desk: MfaApp, phone: AuthenticatorApp): Promise<Browser> {
  const browser = desk.browser()
  const { ticket } = await desk.ticket(browser)
  const body = { ticket, code: await phone.nextCode(), rememberDevice: true }
  await json(await browser.call('/auth/mfa/login', { json: body }))
  await browser.call('/auth/logout', { method: 'POST' })
  return browser
}

function deviceCookie(browser: Browser): string {
  return [...browser.cookies.keys()].find((name) => name.includes('-device-'))!
}

describe('A password alone', () => {
  it('opens neither a session nor tokens, and the answer gives nothing to go on with', async () => {
    await using desk = await mfaApp()
    const { phone } = await desk.enrolled()
    const browser = desk.browser()

    const login = await browser.logIn(EMAIL, PASSWORD)
    const token = await browser.call('/auth/token', { json: { email: EMAIL, password: PASSWORD } })

    expect([await outcome(login), await outcome(token)]).toEqual(['401 MFA_REQUIRED', '401 MFA_REQUIRED'])
    expect(browser.cookies.has('session')).toBe(false)
    expect(login.headers.get('cache-control')).toContain('no-store')
    const { ticket } = (await login.json()) as Ticket
    for (const headers of [{ authorization: `Bearer ${ticket}` }, { cookie: `session=${ticket}` }]) {
      expect((await desk.app.request('/notes', { headers })).status).toBe(401)
    }
    expect(await finish(browser, ticket, await phone.nextCode())).toBe('200')
  })

  it('is not told to be right to those who do not know it', async () => {
    await using desk = await mfaApp()
    await desk.enrolled()

    expect(await outcome(await desk.browser().logIn(EMAIL, OTHER_PASSWORD))).toBe('401 AUTH_LOGIN_FAILED')
    expect(await outcome(await desk.browser().logIn(EMAIL, PASSWORD))).toBe('401 MFA_REQUIRED')
  })

  it('that is new, by mail, does not get around the second factor', async () => {
    await using desk = await mfaApp()
    const { phone } = await desk.enrolled()
    const browser = desk.browser()
    await browser.call('/auth/password/forgot', { json: { email: EMAIL } })
    await browser.call('/auth/password/reset', { json: { code: await desk.codeFor(EMAIL), password: OTHER_PASSWORD } })

    const { ticket } = await desk.ticket(browser, EMAIL, OTHER_PASSWORD)
    expect(await finish(browser, ticket, await phone.nextCode())).toBe('200')
  })
})

describe('A ticket', () => {
  it('counts once', async () => {
    await using desk = await mfaApp()
    const { phone } = await desk.enrolled()
    const { ticket } = await desk.ticket(desk.browser())
    const browser = desk.browser()
    await browser.call('/auth/csrf')

    expect(await finish(browser, ticket, await phone.nextCode())).toBe('200')
    expect(await finish(browser, ticket, await phone.nextCode())).toBe(INVALID)
  })

  it('expires', async () => {
    await using desk = await mfaApp()
    const { phone } = await desk.enrolled()
    const browser = desk.browser()
    const { ticket } = await desk.ticket(browser)
    await desk.clock.advance(270_000)
    const other = await desk.ticket(browser)

    expect(await finish(browser, ticket, await phone.nextCode())).toBe(INVALID)
    expect(await finish(browser, other.ticket, phone.code())).toBe('200')
  })

  it.each(['', 'x', 'A'.repeat(43), '%00', '__proto__'])('that was made up is none: %j', async (made) => {
    await using desk = await mfaApp()
    const { phone } = await desk.enrolled()
    const browser = desk.browser()
    const { ticket } = await desk.ticket(browser)
    const code = await phone.nextCode()

    expect(await finish(browser, made, code)).toBe(INVALID)
    expect(await finish(browser, ticket, code)).toBe('200')
  })

  it('of somebody else wants the factor of that one', async () => {
    await using desk = await mfaApp()
    const { phone } = await desk.enrolled()
    const eve = await desk.enrolled(EVE, OTHER_PASSWORD)
    const browser = desk.browser()
    const { ticket } = await desk.ticket(browser)
    await desk.clock.advance(60_000)

    expect(await finish(browser, ticket, eve.phone.code())).toBe('403 MFA_PROOF_WRONG')
    expect(await finish(browser, ticket, phone.code())).toBe('200')
    expect(await json(await browser.call('/auth/me'))).toMatchObject({ email: EMAIL })
  })

  it('ends with the password that it was made by, and with its account', async () => {
    await using desk = await mfaApp()
    const { id, browser: owner, phone } = await desk.enrolled()
    const browser = desk.browser()
    const { ticket } = await desk.ticket(browser)
    await owner.call('/auth/password/change', { json: { password: PASSWORD, newPassword: OTHER_PASSWORD } })

    expect(await finish(browser, ticket, await phone.nextCode())).toBe(INVALID)
    const next = await desk.ticket(browser, EMAIL, OTHER_PASSWORD)
    await desk.app.get(AccountAdministration).disable(id)
    expect(await finish(browser, next.ticket, phone.code())).toBe(INVALID)
    await desk.app.get(AccountAdministration).enable(id)
    const last = await desk.ticket(browser, EMAIL, OTHER_PASSWORD)
    expect(await finish(browser, last.ticket, phone.code())).toBe('200')
  })

  it('is not finished by a page of another site, which would log its visitor into the account of the attacker', async () => {
    await using desk = await mfaApp()
    const { phone } = await desk.enrolled()
    const browser = desk.browser()
    const { ticket } = await desk.ticket(browser)
    const code = await phone.nextCode()

    const forged = await browser.callFrom('https://evil.example', '/auth/mfa/login', { json: { ticket, code } })
    expect(await outcome(forged)).toBe('403 AUTH_CSRF_ORIGIN')
    expect(await finish(browser, ticket, code)).toBe('200')
  })
})

describe('A remembered browser', () => {
  it('is known by its cookie, which nobody makes up', async () => {
    await using desk = await mfaApp()
    const { phone } = await desk.enrolled()
    const browser = await remembered(desk, phone)
    const name = deviceCookie(browser)
    const cookie = browser.cookies.get(name)!
    expect(cookie).toMatchObject({ httpOnly: true, sameSite: 'lax', path: '/' })

    for (const value of [
      'x',
      `${'A'.repeat(43)}.${'A'.repeat(43)}`,
      cookie.value!.replace(/^./, (first) => (first === 'A' ? 'B' : 'A')),
      `${cookie.value!.split('.')[0]}.${'A'.repeat(43)}`,
    ]) {
      const forger = desk.browser()
      forger.cookies.set(name, { ...cookie, value })
      expect(await outcome(await forger.logIn(EMAIL, PASSWORD))).toBe('401 MFA_REQUIRED')
    }
    expect((await browser.logIn(EMAIL, PASSWORD)).status).toBe(200)
  })

  it('still wants the password', async () => {
    await using desk = await mfaApp()
    const { phone } = await desk.enrolled()
    const browser = await remembered(desk, phone)

    expect(await outcome(await browser.logIn(EMAIL, OTHER_PASSWORD))).toBe('401 AUTH_LOGIN_FAILED')
    expect((await browser.call('/notes')).status).toBe(401)
    expect((await browser.logIn(EMAIL, PASSWORD)).status).toBe(200)
  })

  it('of one account is none for another', async () => {
    await using desk = await mfaApp()
    const { phone } = await desk.enrolled()
    const eve = await desk.enrolled(EVE, OTHER_PASSWORD)
    const browser = await remembered(desk, phone)
    const own = deviceCookie(browser)
    const thief = desk.browser()
    const { ticket } = await desk.ticket(thief, EVE, OTHER_PASSWORD)
    await thief.call('/auth/mfa/login', { json: { ticket, code: eve.phone.code(), rememberDevice: true } })
    const others = deviceCookie(thief)

    thief.cookies.set(own, { ...thief.cookies.get(others)!, name: own })
    await thief.call('/auth/logout', { method: 'POST' })

    expect(await outcome(await thief.logIn(EMAIL, PASSWORD))).toBe('401 MFA_REQUIRED')
    expect((await thief.logIn(EVE, OTHER_PASSWORD)).status).toBe(200)
  })

  it('whose cookie was copied is one browser: what was used before counts no more', async () => {
    await using desk = await mfaApp()
    const { phone } = await desk.enrolled()
    const browser = await remembered(desk, phone)
    const copy = { ...browser.cookies.get(deviceCookie(browser))! }
    expect((await browser.logIn(EMAIL, PASSWORD)).status).toBe(200)

    const thief = desk.browser()
    thief.cookies.set(copy.name, copy)

    expect(await outcome(await thief.logIn(EMAIL, PASSWORD))).toBe('401 MFA_REQUIRED')
    await browser.call('/auth/logout', { method: 'POST' })
    expect((await browser.logIn(EMAIL, PASSWORD)).status).toBe(200)
  })

  it('is forgotten after its days, with a new password, when a factor is removed, and everywhere at once', async () => {
    await using desk = await mfaApp()
    const { browser: owner, phone } = await desk.enrolled()

    const old = await remembered(desk, phone)
    await desk.clock.advance(30 * 86_400_000)
    expect(await outcome(await old.logIn(EMAIL, PASSWORD))).toBe('401 MFA_REQUIRED')

    const forgotten = await remembered(desk, phone)
    const { ticket } = await desk.ticket(owner)
    await owner.call('/auth/mfa/login', { json: { ticket, code: await phone.nextCode() } })
    expect((await owner.call('/auth/mfa/devices', { method: 'DELETE' })).status).toBe(204)
    expect(await outcome(await forgotten.logIn(EMAIL, PASSWORD))).toBe('401 MFA_REQUIRED')

    const before = await remembered(desk, phone)
    await owner.call('/auth/password/change', { json: { password: PASSWORD, newPassword: OTHER_PASSWORD } })
    expect(await outcome(await before.logIn(EMAIL, OTHER_PASSWORD))).toBe('401 MFA_REQUIRED')
  })

  it('of somebody else is not forgotten by me, and is none where it is turned off', async () => {
    await using desk = await mfaApp()
    const { phone } = await desk.enrolled()
    const eve = await desk.enrolled(EVE, OTHER_PASSWORD)
    const browser = await remembered(desk, phone)
    await browser.logIn(EMAIL, PASSWORD)
    const { rememberedDevices } = await json<{ rememberedDevices: { id: string }[] }>(await browser.call('/auth/mfa'))
    const path = `/auth/mfa/devices/${rememberedDevices[0]!.id}`

    expect((await eve.browser.call(path, { method: 'DELETE' })).status).toBe(404)
    expect((await browser.call(path, { method: 'DELETE' })).status).toBe(204)

    await using strict = await mfaApp({ env: { MFA_REMEMBER_DAYS: '0' } })
    const other = await strict.enrolled()
    const unremembered = await remembered(strict, other.phone)
    expect(deviceCookie(unremembered)).toBeUndefined()
    expect(await outcome(await unremembered.logIn(EMAIL, PASSWORD))).toBe('401 MFA_REQUIRED')
  })
})
