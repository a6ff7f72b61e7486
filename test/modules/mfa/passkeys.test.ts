import { AccountsModule, TokenEndpointsModule } from 'tenon/auth'
import { MfaModule } from 'tenon/mfa'

import { EMAIL, PASSWORD } from '../auth/accounts/accounts-app.ts'
import { onEveryDatabase } from '../data/on-every-database.ts'
import { addPasskey, bearer, json, logInByPasskey, mfaApp, ORIGIN, outcome, stepUp } from './mfa-app.ts'
import { SoftAuthenticator, type CreationOptions, type KeyKind, type RequestOptions } from './soft-authenticator.ts'

onEveryDatabase('Passkeys', (database) => {
  it.each<KeyKind>(['ES256', 'EdDSA', 'ML-DSA-44'])(
    'with %s are registered, and log in without a name',
    async (kind) => {
      await using at = await database.create()
      await using desk = await mfaApp({ env: { DATABASE_URL: at.url } })
      await desk.member()
      const key = new SoftAuthenticator(ORIGIN, { kind })

      const added = await json<{ recoveryCodes: string[]; passkey: object }>(
        await addPasskey(await desk.loggedIn(), key),
      )
      const browser = desk.browser()
      const login = await logInByPasskey(browser, key)

      expect(added.recoveryCodes).toHaveLength(10)
      expect(added.passkey).toMatchObject({ name: 'Key', method: 'hwk', lastUsedAt: null })
      expect(await json(login)).toMatchObject({ account: { email: EMAIL } })
      const caller = await json<{ authentication: object }>(await browser.call('/vault'))
      expect(caller.authentication).toMatchObject({ scheme: 'session', factors: [{ method: 'hwk' }] })
    },
  )

  it('follow the password as its second factor, by session and by token', async () => {
    await using at = await database.create()
    await using desk = await mfaApp({ env: { DATABASE_URL: at.url } })
    await desk.member()
    const key = new SoftAuthenticator(ORIGIN, { isBackedUp: true })
    await addPasskey(await desk.loggedIn(), key)
    const browser = desk.browser()

    for (const path of ['/auth/mfa/login', '/auth/mfa/token']) {
      const { ticket, methods } = await desk.ticket(browser)
      expect(methods).toEqual(['swk', 'recovery'])
      const options = await json<RequestOptions>(await browser.call('/auth/mfa/login/options', { json: { ticket } }))
      expect(options.allowCredentials).toHaveLength(1)
      const login = await browser.call(path, { json: { ticket, passkey: key.get(options) } })
      expect(login.status).toBe(200)
    }

    expect((await browser.call('/vault', { method: 'DELETE' })).status).toBe(200)
  })

  it('are proved again where one is wanted', async () => {
    await using at = await database.create()
    await using desk = await mfaApp({ env: { DATABASE_URL: at.url } })
    const { browser } = await desk.enrolled()
    const key = new SoftAuthenticator(ORIGIN)
    await addPasskey(browser, key)
    await desk.clock.advance(300_001)

    const refused = await browser.call('/vault', { method: 'DELETE' })
    expect(await refused.json()).toMatchObject({
      code: 'MFA_STEP_UP_REQUIRED',
      challenge: '/auth/mfa/step-up',
      methods: ['hwk', 'swk'],
      maxAgeSeconds: 300,
    })
    expect((await stepUp(browser, key)).status).toBe(200)
    expect((await browser.call('/vault', { method: 'DELETE' })).status).toBe(200)
  })
})

describe('Passkeys', () => {
  it('are offered with ML-DSA first, where the runtime verifies it', async () => {
    await using desk = await mfaApp()
    await desk.member()
    const browser = await desk.loggedIn()

    const options = await json<CreationOptions>(await browser.call('/auth/mfa/passkeys/options', { method: 'POST' }))

    expect(options.pubKeyCredParams.map(({ alg }) => alg)).toEqual([-48, -8, -7, -257])
    expect(options).toMatchObject({
      rp: { id: 'localhost', name: 'localhost' },
      attestation: 'none',
      authenticatorSelection: { residentKey: 'required', userVerification: 'preferred' },
    })
  })

  it('log programs in without a name', async () => {
    await using desk = await mfaApp()
    await desk.member()
    const key = new SoftAuthenticator(ORIGIN)
    await addPasskey(await desk.loggedIn(), key)
    const program = desk.browser()
    const options = await json<RequestOptions>(await program.call('/auth/mfa/passkey/options', { method: 'POST' }))

    const { accessToken } = await json<{ accessToken: string }>(
      await program.call('/auth/mfa/passkey/token', { json: { passkey: key.get(options) } }),
    )

    expect((await desk.app.request('/vault', { headers: bearer(accessToken) })).status).toBe(200)
  })

  it('are listed, renamed and removed, the last one only by those who can do without', async () => {
    await using desk = await mfaApp()
    await desk.member()
    const browser = await desk.loggedIn()
    const { passkey } = await json<{ passkey: { id: string } }>(
      await addPasskey(browser, new SoftAuthenticator(ORIGIN)),
    )
    const path = `/auth/mfa/passkeys/${passkey.id}`

    expect((await browser.call(path, { method: 'PATCH', json: { name: 'Telephone' } })).status).toBe(204)
    expect(await json(await browser.call('/auth/mfa'))).toMatchObject({ passkeys: [{ name: 'Telephone' }] })
    expect((await browser.call(path, { method: 'DELETE' })).status).toBe(204)
    expect(await outcome(await browser.call(path, { method: 'DELETE' }))).toBe('404 MFA_FACTOR_MISSING')
    expect((await desk.browser().logIn(EMAIL, PASSWORD)).status).toBe(200)
  })

  it('of a role that must have one are not removed to the last', async () => {
    const modules = [AccountsModule, TokenEndpointsModule, MfaModule.with({ requiredFor: ['user'] })]
    await using desk = await mfaApp({ modules })
    await desk.member()
    const browser = await desk.loggedIn()
    const { passkey } = await json<{ passkey: { id: string } }>(
      await addPasskey(browser, new SoftAuthenticator(ORIGIN)),
    )
    const remove = () => browser.call(`/auth/mfa/passkeys/${passkey.id}`, { method: 'DELETE' })

    expect(await outcome(await remove())).toBe('409 MFA_LAST_FACTOR')
    await desk.enrol(browser)
    expect((await remove()).status).toBe(204)
  })

  it('of one account have a limit', async () => {
    await using desk = await mfaApp({ env: { MFA_PASSKEYS: '1' } })
    await desk.member()
    const browser = await desk.loggedIn()
    await addPasskey(browser, new SoftAuthenticator(ORIGIN))

    const more = await browser.call('/auth/mfa/passkeys/options', { method: 'POST' })

    expect(await outcome(more)).toBe('409 MFA_PASSKEYS_TOO_MANY')
  })
})
