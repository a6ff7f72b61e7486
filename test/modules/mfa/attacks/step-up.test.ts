/** Ways around a second factor that is wanted again, and to factors that are not one's own. */
import { Body, Controller, Get, Module, Post, Roles, type Principal } from 'tenon'
import { AccessModule } from 'tenon/access'
import {
  AccessTokens,
  AccountAdministration,
  AccountsModule,
  ApiKeys,
  ApiKeysModule,
  grantEndpoint,
  Postman,
  ServiceAccounts,
  ServiceAccountsModule,
  TokenEndpointsModule,
} from 'tenon/auth'
import { Mfa, MfaModule } from 'tenon/mfa'
import { IsString } from 'tenon/validation'

import { EMAIL, NotesModule, OTHER_PASSWORD, PASSWORD } from '../../auth/accounts/accounts-app.ts'
import type { Browser } from '../../auth/accounts/browser.ts'
import { ACCESS_TOKEN, EXCHANGE } from '../../auth/service-accounts/backstage.ts'
import { addPasskey, bearer, json, mfaApp, ORIGIN, outcome, VaultModule, type MfaApp } from '../mfa-app.ts'
import { SoftAuthenticator } from '../soft-authenticator.ts'

const WANTED = '401 MFA_STEP_UP_REQUIRED'

function open(browser: Browser): Promise<string> {
  return browser.call('/vault/open', { method: 'POST' }).then(outcome)
}

function prove(browser: Browser, code: string): Promise<string> {
  return browser.call('/auth/mfa/step-up', { json: { code } }).then(outcome)
}

describe('A second factor that is wanted again', () => {
  it('was proved too long ago', async () => {
    await using desk = await mfaApp()
    const { browser, phone } = await desk.enrolled()
    expect(await open(browser)).toBe('201')
    await desk.clock.advance(300_000)
    expect(await open(browser)).toBe('201')
    await desk.clock.advance(1)

    expect(await open(browser)).toBe(WANTED)
    expect((await browser.call('/vault')).status).toBe(200)
    expect(await prove(browser, phone.code())).toBe('200')
    expect(await open(browser)).toBe('201')
  })

  it('was not proved by a remembered browser, with or without maxAge', async () => {
    await using desk = await mfaApp()
    const { phone } = await desk.enrolled()
    const browser = desk.browser()
    const { ticket } = await desk.ticket(browser)
    await browser.call('/auth/mfa/login', { json: { ticket, code: await phone.nextCode(), rememberDevice: true } })
    expect(await open(browser)).toBe('201')
    await browser.call('/auth/logout', { method: 'POST' })
    expect((await browser.logIn(EMAIL, PASSWORD)).status).toBe(200)

    expect(await open(browser)).toBe(WANTED)
    expect(await outcome(await browser.call('/vault'))).toBe(WANTED)
    expect(await prove(browser, await phone.nextCode())).toBe('200')
    expect(await open(browser)).toBe('201')
  })

  it('was proved by another session of the same person', async () => {
    await using desk = await mfaApp()
    const { browser, phone } = await desk.enrolled()
    const other = desk.browser()
    const { ticket } = await desk.ticket(other)
    await other.call('/auth/mfa/login', { json: { ticket, code: await phone.nextCode() } })
    await desk.clock.advance(300_001)

    expect(await prove(other, phone.code())).toBe('200')

    expect([await open(browser), await open(other)]).toEqual([WANTED, '201'])
  })

  it('was proved by another login of a program, and older tokens of the same one say no more than before', async () => {
    await using desk = await mfaApp()
    const { phone } = await desk.enrolled()
    const [one, two] = [await desk.tokens(phone), await desk.tokens(phone)]
    await desk.clock.advance(290_000)
    const renew = async (refreshToken: string) =>
      json<{ accessToken: string }>(await desk.browser().call('/auth/token/refresh', { json: { refreshToken } }))
    const [first, second] = [await renew(one.refreshToken), await renew(two.refreshToken)]
    await desk.clock.advance(60_000)
    const openWith = async (token: string) =>
      outcome(await desk.app.request('/vault/open', { method: 'POST', headers: bearer(token) }))

    const call = { json: { code: phone.code() }, headers: bearer(first.accessToken) }
    const stronger = await json<{ accessToken: string }>(await desk.browser().call('/auth/mfa/step-up', call))

    expect(await openWith(stronger.accessToken)).toBe('201')
    expect([await openWith(first.accessToken), await openWith(second.accessToken)]).toEqual([WANTED, WANTED])
  })

  it('is proved with a new secret: the cookie of before opens nothing', async () => {
    await using desk = await mfaApp()
    const { browser, phone } = await desk.enrolled()
    const copied = desk.browser()
    for (const [name, cookie] of browser.cookies) copied.cookies.set(name, { ...cookie })
    copied.csrfToken = browser.csrfToken
    expect(await open(copied)).toBe('201')

    expect(await prove(browser, await phone.nextCode())).toBe('200')

    expect(await outcome(await copied.call('/notes'))).toBe('401 AUTH_SESSION_INVALID')
    expect(await open(browser)).toBe('201')
  })

  it('is a passkey, where nothing else counts', async () => {
    await using desk = await mfaApp()
    const { browser, phone, recoveryCodes } = await desk.enrolled()
    const burn = () => browser.call('/vault', { method: 'DELETE' }).then(outcome)

    expect(await prove(browser, await phone.nextCode())).toBe('200')
    await browser.call('/auth/mfa/step-up', { json: { recoveryCode: recoveryCodes[0] } })
    expect(await burn()).toBe(WANTED)
    await addPasskey(browser, new SoftAuthenticator(ORIGIN))
    expect(await burn()).toBe('200')
  })

  it('is not given by what the caller says of itself', async () => {
    await using desk = await mfaApp()
    const { phone } = await desk.enrolled()
    const { accessToken } = await desk.tokens(phone)
    const [head, body, signature] = accessToken.split('.') as [string, string, string]
    const claims = JSON.parse(Buffer.from(body, 'base64url').toString()) as Record<string, unknown>
    const forged = Buffer.from(JSON.stringify({ ...claims, factors: [['otp', 1e15]] })).toString('base64url')

    const call = (token: string) => desk.app.request('/vault/open', { method: 'POST', headers: bearer(token) })
    expect((await call(`${head}.${forged}.${signature}`)).status).toBe(401)
    expect((await call(accessToken)).status).toBe(201)
  })

  it('may be the word of another issuer, but never a factor that is wanted by name', async () => {
    await using desk = await mfaApp()
    const at = desk.clock.now().getTime()
    const ask = async (method: string, verb: string) => {
      const authentication = { scheme: 'bearer', credentialId: 'x', factors: [{ method, at }] }
      return outcome(await desk.app.as({ id: 'ada', authentication }).request('/vault', { method: verb }))
    }

    expect([await ask('fed', 'GET'), await ask('pwd', 'GET'), await ask('device', 'GET')]).toEqual([
      WANTED,
      WANTED,
      WANTED,
    ])
    expect([await ask('mfa', 'DELETE'), await ask('otp', 'DELETE')]).toEqual([WANTED, WANTED])
    expect([await ask('mfa', 'GET'), await ask('otp', 'GET'), await ask('hwk', 'DELETE')]).toEqual([
      '200',
      '200',
      '200',
    ])
  })

  it('cannot be proved by an account that has none, which is told where to begin', async () => {
    await using desk = await mfaApp()
    await desk.member()
    const browser = await desk.loggedIn()

    expect(await open(browser)).toBe(WANTED)
    const refused = await browser.call('/auth/mfa/step-up', { json: { code: '000000' } })
    expect(await refused.json()).toMatchObject({ code: 'MFA_NOT_ENROLLED', status: 409, enrol: '/auth/mfa' })
    await desk.enrol(browser)
    expect(await open(browser)).toBe('201')
  })
})

describe('Programs', () => {
  @Module({ controllers: [grantEndpoint('/oauth/token')] })
  class GrantModule {}

  const modules = [
    AccountsModule,
    TokenEndpointsModule,
    ApiKeysModule,
    ServiceAccountsModule,
    GrantModule,
    MfaModule.with({ requiredFor: ['admin'] }),
  ]

  it('have no second factor: keys and service accounts are refused, and told of no challenge', async () => {
    await using desk = await mfaApp({ modules })
    const { id, browser } = await desk.enrolled()
    const { secret } = await desk.app.get(ApiKeys).create({ owner: { id, kind: 'user', roles: ['user'] }, name: 'k' })

    const byKey = await desk.app.request('/vault/open', { method: 'POST', headers: { 'x-api-key': secret } })
    const byService = await desk.app.as({ id: 's', kind: 'service' }).request('/vault/open', { method: 'POST' })

    expect(await outcome(byKey)).toBe('403 MFA_PROGRAM_REFUSED')
    expect(await outcome(byService)).toBe('403 MFA_PROGRAM_REFUSED')
    expect((await desk.app.request('/notes', { headers: { 'x-api-key': secret } })).status).toBe(200)
    expect((await desk.app.request('/auth/mfa', { headers: { 'x-api-key': secret } })).status).toBe(401)
    expect(await open(browser)).toBe('201')
  })

  it('that act in the name of somebody who has proved one have proved none', async () => {
    await using desk = await mfaApp({ modules })
    const { phone } = await desk.enrolled()
    const { accessToken } = await desk.tokens(phone)
    const made = await desk.app.get(ServiceAccounts).create({ name: 'robot', mayActForOthers: true })
    const exchanged = await json<{ access_token: string }>(
      await desk.app.request('/oauth/token', {
        method: 'POST',
        headers: {
          'content-type': 'application/x-www-form-urlencoded',
          authorization: `Basic ${Buffer.from(`${made.account.id}:${made.clientSecret}`).toString('base64')}`,
        },
        body: new URLSearchParams({
          grant_type: EXCHANGE,
          subject_token: accessToken,
          subject_token_type: ACCESS_TOKEN,
        }).toString(),
      }),
    )
    const headers = bearer(exchanged.access_token)

    const opened = await desk.app.request('/vault/open', { method: 'POST', headers })
    const changed = await desk.app.request('/auth/mfa/recovery-codes', { method: 'POST', headers })

    expect([await outcome(opened), await outcome(changed)]).toEqual([
      '403 MFA_PROGRAM_REFUSED',
      '403 MFA_CALLER_UNSUITABLE',
    ])
    expect((await desk.app.request('/notes', { headers })).status).toBe(200)
    const own = await desk.app.request('/vault/open', { method: 'POST', headers: bearer(accessToken) })
    expect(own.status).toBe(201)
  })

  it('with a token that descends from no login here change no factors', async () => {
    await using desk = await mfaApp({ modules })
    const { id, browser } = await desk.enrolled()
    const at = desk.clock.now().getTime()
    const foreign = desk.app.as({
      id,
      authentication: { scheme: 'bearer', credentialId: 'elsewhere', factors: [{ method: 'otp', at }] },
    })

    expect(await outcome(await foreign.request('/auth/mfa/totp', { method: 'DELETE' }))).toBe(
      '403 MFA_CALLER_UNSUITABLE',
    )
    expect((await browser.call('/auth/mfa/totp', { method: 'DELETE' })).status).toBe(204)
  })
})

describe('Changing factors', () => {
  const attempts = (id: string): readonly (readonly [string, string, object?])[] => [
    ['DELETE', '/auth/mfa/totp'],
    ['POST', '/auth/mfa/totp', {}],
    ['POST', '/auth/mfa/totp/confirm', { code: '000000' }],
    ['POST', '/auth/mfa/recovery-codes'],
    ['POST', '/auth/mfa/passkeys/options'],
    ['DELETE', `/auth/mfa/passkeys/${id}`],
  ]

  it('wants one that was proved a moment ago: no way to turn them off, add or replace without', async () => {
    await using desk = await mfaApp()
    const { browser, phone } = await desk.enrolled()
    const { passkey } = await json<{ passkey: { id: string } }>(
      await addPasskey(browser, new SoftAuthenticator(ORIGIN)),
    )
    await desk.clock.advance(600_001)

    for (const [method, path, body] of attempts(passkey.id)) {
      expect([path, await outcome(await browser.call(path, { method, json: body }))]).toEqual([path, WANTED])
    }
    expect(await prove(browser, phone.code())).toBe('200')
    expect((await browser.call(`/auth/mfa/passkeys/${passkey.id}`, { method: 'DELETE' })).status).toBe(204)
    expect((await browser.call('/auth/mfa/totp', { method: 'DELETE' })).status).toBe(204)
  })

  it('by a remembered browser wants one as well', async () => {
    await using desk = await mfaApp()
    const { phone } = await desk.enrolled()
    const browser = desk.browser()
    const { ticket } = await desk.ticket(browser)
    await browser.call('/auth/mfa/login', { json: { ticket, code: await phone.nextCode(), rememberDevice: true } })
    await browser.call('/auth/logout', { method: 'POST' })
    await browser.logIn(EMAIL, PASSWORD)

    expect(await outcome(await browser.call('/auth/mfa/totp', { method: 'DELETE' }))).toBe(WANTED)
    expect(await prove(browser, await phone.nextCode())).toBe('200')
    expect((await browser.call('/auth/mfa/totp', { method: 'DELETE' })).status).toBe(204)
  })

  it('for the first time wants a login of a moment ago: a session that was stolen later takes nothing over', async () => {
    await using desk = await mfaApp()
    await desk.member()
    const browser = await desk.loggedIn()
    await desk.clock.advance(600_001)

    const stolen = await browser.call('/auth/mfa/totp', { json: {} })
    expect(await outcome(stolen)).toBe('401 MFA_LOGIN_TOO_OLD')
    expect(await outcome(await browser.call('/auth/mfa/passkeys/options', { method: 'POST' }))).toBe(
      '401 MFA_LOGIN_TOO_OLD',
    )
    expect((await (await desk.loggedIn()).call('/auth/mfa/totp', { json: {} })).status).toBe(200)
  })

  it('for the first time ends all other logins: whoever had stolen one loses it', async () => {
    await using desk = await mfaApp()
    await desk.member()
    const thief = await desk.loggedIn()
    const program = await json<{ accessToken: string }>(
      await desk.browser().call('/auth/token', { json: { email: EMAIL, password: PASSWORD } }),
    )
    const browser = await desk.loggedIn()
    expect((await thief.call('/notes')).status).toBe(200)

    await desk.enrol(browser)

    expect((await thief.call('/notes')).status).toBe(401)
    expect((await desk.app.request('/notes', { headers: bearer(program.accessToken) })).status).toBe(401)
    expect((await browser.call('/notes')).status).toBe(200)
  })

  it('is told to the owner by mail, each of them', async () => {
    await using desk = await mfaApp()
    const { browser } = await desk.enrolled()
    await addPasskey(browser, new SoftAuthenticator(ORIGIN))
    await browser.call('/auth/mfa/recovery-codes', { method: 'POST' })
    await desk.mailsSent()

    const texts = desk.outbox.mails.filter(({ to }) => to === EMAIL).map(({ text }) => text.split('\n')[0])
    expect(texts.slice(-3)).toEqual([
      'An authenticator app was set up for your account.',
      'A passkey was added to your account.',
      'Your account has new recovery codes; the old ones count no more.',
    ])
  })

  it('for somebody who has lost hers is done by the application, and ends all logins', async () => {
    await using desk = await mfaApp()
    const { id, browser } = await desk.enrolled()
    const mfa = desk.app.get(Mfa)
    expect(await mfa.methodsOf(id)).toEqual(['otp', 'recovery'])

    await mfa.reset(id)

    expect(await mfa.methodsOf(id)).toEqual([])
    expect((await browser.call('/notes')).status).toBe(401)
    expect((await desk.browser().logIn(EMAIL, PASSWORD)).status).toBe(200)
  })

  it('is refused to pages of other sites', async () => {
    await using desk = await mfaApp()
    const { browser } = await desk.enrolled()

    const forged = await browser.callFrom('https://evil.example', '/auth/mfa/totp', { method: 'DELETE' })
    expect(forged.status).toBe(403)
    expect((await browser.call('/auth/mfa/totp', { method: 'DELETE' })).status).toBe(204)
  })
})

class Wish {
  @IsString() readonly wish!: string
}

@Controller('/office')
class OfficeController {
  @Get()
  @Roles('admin')
  read(): string {
    return 'secrets'
  }

  @Post()
  @Roles('admin')
  write(@Body() { wish }: Wish): string {
    return wish
  }
}

@Module({ controllers: [OfficeController] })
class OfficeModule {}

describe('Another e-mail address of an account with a second factor', () => {
  const NEW_EMAIL = 'ada@elsewhere.example'
  const move = async (browser: Browser, password = PASSWORD): Promise<string> =>
    outcome(await browser.call('/auth/email', { json: { password, newEmail: NEW_EMAIL } }))

  it('wants one that was proved a moment ago, besides the password', async () => {
    await using desk = await mfaApp()
    const { browser, phone } = await desk.enrolled()
    await desk.clock.advance(600_001)

    expect(await move(browser, OTHER_PASSWORD)).toBe('403 AUTH_PASSWORD_WRONG')
    expect(await move(browser)).toBe(WANTED)
    await desk.app.get(Postman).settled()
    expect(desk.outbox.lastTo(NEW_EMAIL)).toBeUndefined()
    expect(await prove(browser, phone.code())).toBe('200')
    expect(await move(browser)).toBe('202')
    await desk.app.get(Postman).settled()
    expect(desk.outbox.lastTo(NEW_EMAIL)).toBeDefined()
  })

  it('is not moved by a remembered browser, nor by a program that acts in the name of the owner', async () => {
    await using desk = await mfaApp()
    const { id, phone } = await desk.enrolled()
    const browser = desk.browser()
    const { ticket } = await desk.ticket(browser)
    await browser.call('/auth/mfa/login', { json: { ticket, code: await phone.nextCode(), rememberDevice: true } })
    await browser.call('/auth/logout', { method: 'POST' })
    await browser.logIn(EMAIL, PASSWORD)
    const factors = [{ method: 'otp', at: desk.clock.now().getTime() }]
    const principal = { id, authentication: { scheme: 'bearer', factors } }
    const moveBy = async (caller: Principal): Promise<string> => {
      const { accessToken } = await desk.app.get(AccessTokens).issue(caller)
      const body = { password: PASSWORD, newEmail: NEW_EMAIL }
      return outcome(await desk.browser().call('/auth/email', { json: body, headers: bearer(accessToken) }))
    }

    expect(await move(browser)).toBe(WANTED)
    expect(await moveBy({ ...principal, actor: { id: 'robot', kind: 'service' } })).toBe('403 MFA_PROGRAM_REFUSED')
    expect(await moveBy(principal)).toBe('202')
  })
})

describe('A role that must have a second factor', () => {
  const root = [NotesModule, VaultModule, OfficeModule]
  const modules = [
    AccountsModule,
    TokenEndpointsModule,
    AccessModule.with({ roles: { admin: {}, user: {} } }),
    MfaModule.with({ requiredFor: ['admin'] }),
  ]
  const NONE = '403 MFA_ENROLMENT_REQUIRED'

  async function admin(desk: MfaApp): Promise<Browser> {
    const id = await desk.member()
    await desk.app.get(AccountAdministration).setRoles(id, ['admin'])
    return desk.loggedIn()
  }

  it('reaches nothing without, whatever is asked for, but where it is set up', async () => {
    await using desk = await mfaApp({ root, modules })
    const browser = await admin(desk)

    for (const [method, path] of [
      ['GET', '/office'],
      ['POST', '/office'],
      ['GET', '/notes'],
      ['GET', '/auth/me'],
      ['GET', '/auth/sessions'],
      ['POST', '/auth/password/change'],
      ['GET', '/vault'],
    ] as const) {
      expect([path, await outcome(await browser.call(path, { method }))]).toEqual([path, NONE])
    }
    expect((await browser.call('/auth/mfa')).status).toBe(200)
    await desk.enrol(browser)
    expect(await (await browser.call('/office')).text()).toBe('secrets')
    expect((await browser.call('/auth/me')).status).toBe(200)
  })

  it('reaches nothing by token either, and others reach what they may', async () => {
    await using desk = await mfaApp({ root, modules })
    await admin(desk)
    await desk.member('bob@example.org', OTHER_PASSWORD)
    const log = async (email: string, password: string) =>
      json<{ accessToken: string }>(await desk.browser().call('/auth/token', { json: { email, password } }))
    const ask = async (token: string) => outcome(await desk.app.request('/notes', { headers: bearer(token) }))

    expect(await ask((await log(EMAIL, PASSWORD)).accessToken)).toBe(NONE)
    expect(await ask((await log('bob@example.org', OTHER_PASSWORD)).accessToken)).toBe('200')
  })

  it('given to somebody with a session of before wants it there as well', async () => {
    await using desk = await mfaApp({ root, modules })
    const id = await desk.member()
    const browser = await desk.loggedIn()
    expect((await browser.call('/notes')).status).toBe(200)
    await desk.app.get(AccountAdministration).setRoles(id, ['admin'])
    await desk.clock.advance(2001)

    expect(await outcome(await browser.call('/office'))).toBe(NONE)
    await desk.enrol(browser)
    expect((await browser.call('/office')).status).toBe(200)
  })

  it('logs out all the same', async () => {
    await using desk = await mfaApp({ root, modules })
    const browser = await admin(desk)

    expect((await browser.call('/auth/logout', { method: 'POST' })).status).toBe(204)
    expect((await browser.call('/auth/mfa')).status).toBe(401)
  })
})
