/** Setting factors up, where the application is, and what goes with it. */
import { generateKeyPairSync, type KeyObject } from 'node:crypto'

import { URI } from 'otpauth'
import { AccessModule } from 'tenon/access'
import { AuditModule } from 'tenon/audit'
import { AccountsModule, TokenEndpointsModule, TokenIssuer } from 'tenon/auth'
import { MfaMails, MfaModule, type FactorMail } from 'tenon/mfa'
import { OpenApi, OpenApiModule, problemCodesOf } from 'tenon/openapi'
import { SecurityModule } from 'tenon/security'
import { TenancyModule } from 'tenon/tenancy'

import { EMAIL, PASSWORD } from '../auth/accounts/accounts-app.ts'
import { makeProof } from '../auth/dpop/proofs.ts'
import {
  addPasskey,
  AuthenticatorApp,
  json,
  logInByPasskey,
  mfaApp,
  outcome,
  VaultModule,
  type Ticket,
} from './mfa-app.ts'
import { SoftAuthenticator } from './soft-authenticator.ts'

describe('An authenticator app', () => {
  it('is set up by address or picture, which say the application and the account', async () => {
    await using desk = await mfaApp({ env: { MFA_NAME: 'Service desk' } })
    await desk.member()
    const browser = await desk.loggedIn()
    const begin = async (body: object) =>
      json<{ secret: string; uri: string; qr?: string }>(await browser.call('/auth/mfa/totp', { json: body }))

    const plain = await begin({})
    const [svg, png] = [await begin({ qr: 'svg' }), await begin({ qr: 'png' })]

    expect(URI.parse(plain.uri)).toMatchObject({
      issuer: 'Service desk',
      label: EMAIL,
      algorithm: 'SHA1',
      digits: 6,
      period: 30,
    })
    expect(plain.uri).toContain(plain.secret)
    expect(plain).not.toHaveProperty('qr')
    expect(svg.qr).toMatch(/^<svg /)
    expect(Buffer.from(png.qr!.replace('data:image/png;base64,', ''), 'base64').subarray(1, 4).toString()).toBe('PNG')
    expect(new Set([plain.secret, svg.secret, png.secret]).size).toBe(3)
  })

  it('is replaced by a second one once its code has come, and the first one counts until then', async () => {
    await using desk = await mfaApp()
    const { browser, phone } = await desk.enrolled()
    const { secret } = await json<{ secret: string }>(await browser.call('/auth/mfa/totp', { json: {} }))
    const next = new AuthenticatorApp(secret, desk.clock)
    const prove = async (code: string) => outcome(await browser.call('/auth/mfa/step-up', { json: { code } }))

    expect(await prove(await phone.nextCode())).toBe('200')
    const confirmed = await json<object>(await browser.call('/auth/mfa/totp/confirm', { json: { code: next.code() } }))
    expect(confirmed).not.toHaveProperty('recoveryCodes')
    await desk.clock.advance(30_000)
    expect([await prove(phone.code()), await prove(next.code())]).toEqual(['403 MFA_PROOF_WRONG', '200'])
  })
})

describe('Passkeys of an application', () => {
  it('belong to its domain, and to the pages that it names', async () => {
    const env = {
      PUBLIC_URL: 'https://desk.example.org/app',
      MFA_RP_ID: 'example.org',
      MFA_ORIGINS: 'https://app.example.org',
    }
    await using desk = await mfaApp({ env })
    await desk.member()
    const own = { origin: 'https://desk.example.org', 'sec-fetch-site': 'same-origin' }
    const browser = await desk.loggedIn(EMAIL, PASSWORD, own)
    const statuses: number[] = []
    for (const origin of [
      'https://desk.example.org',
      'https://app.example.org',
      'https://evil.example.org',
      'http://desk.example.org',
      'http://localhost',
    ]) {
      const key = new SoftAuthenticator(origin)
      statuses.push((await addPasskey(browser, key)).status)
      if (origin.includes('app')) expect((await logInByPasskey(desk.browser(), key)).status).toBe(200)
    }

    expect(statuses).toEqual([201, 201, 403, 403, 403])
  })
})

describe('The endpoints', () => {
  it('are where the application wants them, and problems say so', async () => {
    const modules = [AccountsModule.with({}, '/api/auth'), TokenEndpointsModule, MfaModule.with({}, '/api/auth')]
    await using desk = await mfaApp({ modules })
    const call = (path: string, json_: object, headers = {}) =>
      desk.app.request(`/api/auth${path}`, { json: json_, headers })
    await call('/sign-up', { email: EMAIL, password: PASSWORD })
    await call('/verify', { code: await desk.codeFor(EMAIL) })
    const { accessToken } = await json<{ accessToken: string }>(
      await call('/token', { email: EMAIL, password: PASSWORD }),
    )
    const headers = { authorization: `Bearer ${accessToken}` }

    const refused = await desk.app.request('/vault', { headers })
    expect(await refused.json()).toMatchObject({ challenge: '/api/auth/mfa/step-up' })
    const { secret } = await json<{ secret: string }>(await call('/mfa/totp', {}, headers))
    const phone = new AuthenticatorApp(secret, desk.clock)
    await json(await call('/mfa/totp/confirm', { code: phone.code() }, headers))
    const asked = (await (await call('/token', { email: EMAIL, password: PASSWORD })).json()) as Ticket
    expect(asked).toMatchObject({ code: 'MFA_REQUIRED', next: { tokens: '/api/auth/mfa/token' } })
    const { ticket } = asked
    expect((await call('/mfa/token', { ticket, code: await phone.nextCode() })).status).toBe(200)
  })

  it('start with everything else, and documents say what they want', async () => {
    const modules = [
      AccountsModule,
      TokenEndpointsModule,
      SecurityModule,
      TenancyModule,
      AuditModule,
      OpenApiModule,
      AccessModule.with({ roles: { user: {}, admin: {} } }),
      MfaModule.with({ requiredFor: ['admin'] }),
    ]
    await using desk = await mfaApp({ root: [VaultModule], modules })
    const { browser } = await desk.enrolled()
    expect((await browser.call('/vault')).status).toBe(200)

    const warned = JSON.stringify(desk.app.logs.lines)
    expect(warned).toContain('VaultController.')
    expect(warned).not.toContain('MfaPasskeys.')
    expect(warned).not.toContain('MfaLogin.')
    expect(warned).not.toContain('MfaStepUp.')
    const { paths } = JSON.parse(JSON.stringify(await desk.app.get(OpenApi).document())) as {
      paths: Record<string, Record<string, { responses: Record<string, unknown> }>>
    }
    const responses = paths['/vault/open']!['post']!.responses
    expect(JSON.stringify(responses['401'])).toContain('MFA_STEP_UP_REQUIRED')
    expect(JSON.stringify(responses['403'])).toContain('MFA_ENROLMENT_REQUIRED')
    expect(JSON.stringify(paths['/auth/mfa/step-up'])).not.toContain('MFA_ENROLMENT_REQUIRED')
  })
})

describe('Mails about factors', () => {
  it('are worded by the application', async () => {
    class GermanMails extends MfaMails {
      override factorsChanged({ change }: FactorMail) {
        return { subject: 'Ihr zweiter Faktor', text: change }
      }
    }
    await using desk = await mfaApp({ adjust: (builder) => builder.override(MfaMails).withClass(GermanMails) })
    await desk.enrolled()
    await desk.mailsSent()

    expect(desk.outbox.lastTo(EMAIL)).toMatchObject({ subject: 'Ihr zweiter Faktor', text: 'authenticator-added' })
  })
})

describe('A login that is strengthened', () => {
  it('stays bound to its key', async () => {
    await using desk = await mfaApp()
    const { phone } = await desk.enrolled()
    const { privateKey } = generateKeyPairSync('ed25519')
    const url = await desk.app.url()
    const proven = (path: string, token?: string, key: KeyObject = privateKey) => ({
      dpop: makeProof({
        key,
        method: 'POST',
        address: `${url}${path}`,
        at: desk.clock.now().getTime() / 1000,
        ...(token !== undefined && { token }),
      }),
      ...(token !== undefined && { authorization: `DPoP ${token}` }),
    })
    const ask = async (path: string, body: object, token?: string) =>
      desk.app.request(path, { json: body, headers: proven(path, token) })
    const { ticket } = (await (await ask('/auth/token', { email: EMAIL, password: PASSWORD })).json()) as Ticket
    const bound = await json<{ accessToken: string }>(
      await ask('/auth/mfa/token', { ticket, code: await phone.nextCode() }),
    )

    const stronger = await json<{ accessToken: string; tokenType: string }>(
      await ask('/auth/mfa/step-up', { code: await phone.nextCode() }, bound.accessToken),
    )

    expect(stronger.tokenType).toBe('DPoP')
    const thief = generateKeyPairSync('ed25519').privateKey
    const stolen = await desk.app.request('/vault/open', {
      method: 'POST',
      headers: proven('/vault/open', stronger.accessToken, thief),
    })
    expect(stolen.status).toBe(401)
    expect((await ask('/vault/open', {}, stronger.accessToken)).status).toBe(201)
  })

  it('is one that is not over, and of the one who asks', async () => {
    await using desk = await mfaApp()
    const id = await desk.member()
    const issuer = desk.app.get(TokenIssuer)
    const factors = [{ method: 'otp', at: desk.clock.now().getTime() }]
    const { familyId } = await issuer.issue({ id })
    const caller = (principalId: string) => ({
      id: principalId,
      authentication: { scheme: 'bearer', credentialId: familyId, factors: [] },
    })

    await expect(issuer.strengthen(caller('eve'), factors)).rejects.toMatchObject({ code: 'AUTH_REFRESH_INVALID' })
    await expect(issuer.strengthen({ id }, factors)).rejects.toMatchObject({ code: 'AUTH_REFRESH_INVALID' })
    expect(await issuer.strengthen(caller(id), factors)).toMatchObject({ tokenType: 'Bearer' })
    await issuer.revokeFamily(familyId)
    await expect(issuer.strengthen(caller(id), factors)).rejects.toMatchObject({ code: 'AUTH_REFRESH_INVALID' })
  })
})

describe('The document of logins', () => {
  const codesOf = async (desk: Awaited<ReturnType<typeof mfaApp>>, path: string): Promise<readonly string[]> => {
    const { paths } = await desk.app.get(OpenApi).document()
    const { responses } = paths[path]!.post!
    return Object.values(responses).flatMap((answer) =>
      'content' in answer ? problemCodesOf(answer.content?.['application/problem+json']?.schema) : [],
    )
  }

  it('has what the second factor asks for, where a password leads to it, and nowhere else', async () => {
    await using desk = await mfaApp({ modules: [AccountsModule, TokenEndpointsModule, MfaModule, OpenApiModule] })

    expect(await codesOf(desk, '/auth/login')).toContain('MFA_REQUIRED')
    expect(await codesOf(desk, '/auth/token')).toContain('MFA_REQUIRED')
    expect(await codesOf(desk, '/auth/email')).toEqual(expect.arrayContaining(['MFA_STEP_UP_REQUIRED']))
    expect(await codesOf(desk, '/auth/email')).not.toContain('MFA_REQUIRED')
    expect(await codesOf(desk, '/auth/mfa/login')).not.toContain('MFA_REQUIRED')
    expect(await codesOf(desk, '/auth/password/change')).not.toContain('MFA_REQUIRED')
  })

  it('has nothing of it where nobody asks for a second factor', async () => {
    await using desk = await mfaApp({ modules: [AccountsModule, TokenEndpointsModule, OpenApiModule], root: [] })

    expect(await codesOf(desk, '/auth/login')).toContain('AUTH_LOGIN_FAILED')
    expect(await codesOf(desk, '/auth/login')).not.toContain('MFA_REQUIRED')
  })
})
