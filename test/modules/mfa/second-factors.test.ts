import { Migrations } from 'tenon/data'

import { EMAIL, PASSWORD } from '../auth/accounts/accounts-app.ts'
import { onEveryDatabase } from '../data/on-every-database.ts'
import { bearer, json, mfaApp, outcome } from './mfa-app.ts'

onEveryDatabase('Second factors', (database) => {
  it('are asked for after the password, once an authenticator app is set up', async () => {
    await using at = await database.create()
    await using desk = await mfaApp({ env: { DATABASE_URL: at.url } })
    const { phone, recoveryCodes } = await desk.enrolled()
    const browser = desk.browser()

    const { ticket, methods } = await desk.ticket(browser)
    const wrong = await browser.call('/auth/mfa/login', { json: { ticket, code: '000000' } })
    const login = await browser.call('/auth/mfa/login', { json: { ticket, code: await phone.nextCode() } })

    expect(recoveryCodes).toHaveLength(10)
    expect(methods).toEqual(['otp', 'recovery'])
    expect(await outcome(wrong)).toBe('403 MFA_PROOF_WRONG')
    expect(await json(login)).toMatchObject({ account: { email: EMAIL }, csrfToken: expect.any(String) })
    const caller = await json<{ authentication: object }>(await browser.call('/notes'))
    expect(caller.authentication).toMatchObject({ factors: [{ method: 'pwd' }, { method: 'otp' }] })
  })

  it('have the schema that their entities say', async () => {
    await using at = await database.create()
    await using desk = await mfaApp({ env: { DATABASE_URL: at.url } })

    expect(await desk.app.get(Migrations).drift()).toEqual({ losses: [], statements: [] })
  })

  it('log programs in, and renew what their tokens say', async () => {
    await using at = await database.create()
    await using desk = await mfaApp({ env: { DATABASE_URL: at.url } })
    const { phone } = await desk.enrolled()

    const { accessToken, refreshToken } = await desk.tokens(phone)
    const open = (token: string) => desk.app.request('/vault/open', { method: 'POST', headers: bearer(token) })
    expect((await open(accessToken)).status).toBe(201)
    await desk.clock.advance(280_000)
    const renewed = await json<{ accessToken: string }>(
      await desk.browser().call('/auth/token/refresh', { json: { refreshToken } }),
    )
    expect((await open(renewed.accessToken)).status).toBe(201)
    await desk.clock.advance(60_000)

    const refused = await open(renewed.accessToken)
    expect(await outcome(refused)).toBe('401 MFA_STEP_UP_REQUIRED')
    expect(refused.headers.get('www-authenticate')).toBe(
      'Bearer error="insufficient_user_authentication", error_description="A second factor is needed", max_age="300"',
    )
    const stronger = await json<{ accessToken: string; tokenType: string; expiresInSeconds: number }>(
      await desk.browser().call('/auth/mfa/step-up', {
        json: { code: await phone.nextCode() },
        headers: bearer(renewed.accessToken),
      }),
    )
    expect(stronger).toMatchObject({ tokenType: 'Bearer', expiresInSeconds: 300 })
    expect((await open(stronger.accessToken)).status).toBe(201)
  })

  it('are replaced by a recovery code, and counted down', async () => {
    await using at = await database.create()
    await using desk = await mfaApp({ env: { DATABASE_URL: at.url } })
    const { recoveryCodes } = await desk.enrolled()
    const browser = desk.browser()
    const { ticket } = await desk.ticket(browser)

    const written = recoveryCodes[3]!.toLowerCase().replaceAll('-', ' ')
    const login = await browser.call('/auth/mfa/login', { json: { ticket, recoveryCode: written } })

    expect(login.status).toBe(200)
    expect(await json(await browser.call('/auth/mfa'))).toMatchObject({
      recoveryCodesLeft: 9,
      methods: ['otp', 'recovery'],
      passkeys: [],
    })
    const renewed = await json<{ recoveryCodes: string[] }>(
      await browser.call('/auth/mfa/recovery-codes', { method: 'POST' }),
    )
    expect(new Set([...renewed.recoveryCodes, ...recoveryCodes]).size).toBe(20)
    expect(await json(await browser.call('/auth/mfa'))).toMatchObject({ recoveryCodesLeft: 10 })
  })

  it('are not asked for by a browser that is remembered', async () => {
    await using at = await database.create()
    await using desk = await mfaApp({ env: { DATABASE_URL: at.url } })
    const { phone } = await desk.enrolled()
    const browser = desk.browser({ 'user-agent': 'Laptop' })
    const { ticket } = await desk.ticket(browser)
    const body = { ticket, code: await phone.nextCode(), rememberDevice: true }
    await json(await browser.call('/auth/mfa/login', { json: body }))
    await browser.call('/auth/logout', { method: 'POST' })

    expect((await browser.logIn(EMAIL, PASSWORD)).status).toBe(200)
    expect((await browser.call('/notes')).status).toBe(200)
    expect(await outcome(await browser.call('/vault'))).toBe('401 MFA_STEP_UP_REQUIRED')

    const { rememberedDevices } = await json<{ rememberedDevices: { id: string; agent: string }[] }>(
      await browser.call('/auth/mfa'),
    )
    expect(rememberedDevices).toMatchObject([{ agent: 'Laptop' }])
    const forgotten = await browser.call(`/auth/mfa/devices/${rememberedDevices[0]!.id}`, { method: 'DELETE' })
    expect(forgotten.status).toBe(204)
    expect(await outcome(await browser.logIn(EMAIL, PASSWORD))).toBe('401 MFA_REQUIRED')
  })

  it('are turned off by removing the last one, which the owner is told', async () => {
    await using at = await database.create()
    await using desk = await mfaApp({ env: { DATABASE_URL: at.url } })
    const { browser } = await desk.enrolled()

    expect((await browser.call('/auth/mfa/totp', { method: 'DELETE' })).status).toBe(204)

    expect(await json(await browser.call('/auth/mfa'))).toMatchObject({ methods: [], recoveryCodesLeft: 0 })
    expect((await desk.browser().logIn(EMAIL, PASSWORD)).status).toBe(200)
    await desk.mailsSent()
    expect(desk.outbox.mails.slice(-3).map(({ text }) => text.split('\n')[0])).toEqual([
      'An authenticator app was set up for your account.',
      'The authenticator app of your account was removed.',
      'Your account has no second factor any more: the password alone opens it.',
    ])
  })
})
