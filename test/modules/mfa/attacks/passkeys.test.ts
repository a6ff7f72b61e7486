/** Passkeys by an authenticator that lies, written from the specification. Each lie stands beside the truth. */
import { AccountAdministration } from 'tenon/auth'

import { OTHER_PASSWORD } from '../../auth/accounts/accounts-app.ts'
import type { Browser } from '../../auth/accounts/browser.ts'
import { onEveryDatabase } from '../../data/on-every-database.ts'
import { addPasskey, json, logInByPasskey, mfaApp, ORIGIN, outcome, stepUp, type MfaApp } from '../mfa-app.ts'
import {
  keyPair,
  SoftAuthenticator,
  type CreationOptions,
  type Lies,
  type RequestOptions,
} from '../soft-authenticator.ts'

const EVE = 'eve@example.org'
const REFUSED = '403 MFA_PASSKEY_REFUSED'

async function registered(desk: MfaApp): Promise<{ id: string; browser: Browser; key: SoftAuthenticator }> {
  const id = await desk.member()
  const browser = await desk.loggedIn()
  const key = new SoftAuthenticator(ORIGIN)
  await json(await addPasskey(browser, key))
  return { id, browser, key }
}

const LIES: readonly (readonly [string, Lies])[] = [
  ['of another origin', { origin: 'https://evil.example' }],
  ['of an origin that begins alike', { origin: 'http://localhost.evil.example' }],
  ['of a subdomain', { origin: 'http://app.localhost' }],
  ['of no origin', { origin: 'null' }],
  ['for another domain', { rpId: 'evil.example' }],
  ['inside a page of another site', { crossOrigin: true }],
  ['inside a page of another site that it names', { crossOrigin: true, topOrigin: 'https://evil.example' }],
  ['with a challenge of its own making', { challenge: Buffer.alloc(32, 7).toString('base64url') }],
  ['without a challenge', { challenge: '' }],
  ['of the wrong kind', { type: 'webauthn.create' }],
  ['without anybody there', { isPresent: false }],
  ['with a signature that was changed', { tampers: true }],
  ['signed with another key', { key: keyPair('ES256').privateKey }],
  ['of a credential that nobody has', { credentialId: Buffer.alloc(32, 9) }],
]

describe('A passkey that answers', () => {
  it.each([
    ...LIES,
    ['without verifying its user', { isVerified: false }] as const,
    ['for another account', { userHandle: Buffer.from('somebody-else').toString('base64url') }] as const,
    ['for no account', { userHandle: undefined }] as const,
  ])('%s does not log in', async (_lie, lies) => {
    await using desk = await mfaApp()
    const { key } = await registered(desk)
    const browser = desk.browser()

    expect(await outcome(await logInByPasskey(browser, key, lies))).toBe(REFUSED)
    expect((await browser.call('/notes')).status).toBe(401)
    expect((await logInByPasskey(browser, key)).status).toBe(200)
  })

  it.each(LIES)('%s proves nothing again', async (_lie, lies) => {
    await using desk = await mfaApp()
    const { browser, key } = await registered(desk)
    await desk.clock.advance(300_001)

    expect(await outcome(await stepUp(browser, key, lies))).toBe(REFUSED)
    expect((await browser.call('/vault', { method: 'DELETE' })).status).toBe(401)
    expect((await stepUp(browser, key)).status).toBe(200)
    expect((await browser.call('/vault', { method: 'DELETE' })).status).toBe(200)
  })

  it.each(LIES.filter(([lie]) => !/signature|signed|credential/.test(lie)))(
    '%s is not registered',
    async (_lie, lies) => {
      await using desk = await mfaApp()
      await desk.member()
      const browser = await desk.loggedIn()
      const wrong = lies.type === undefined ? lies : { type: 'webauthn.get' }

      expect(await outcome(await addPasskey(browser, new SoftAuthenticator(ORIGIN), wrong))).toBe(REFUSED)
      expect((await addPasskey(browser, new SoftAuthenticator(ORIGIN))).status).toBe(201)
    },
  )

  it('in parts, or not at all, is refused as input', async () => {
    await using desk = await mfaApp()
    const { browser, key } = await registered(desk)
    const whole = key.get(
      await json<RequestOptions>(await browser.call('/auth/mfa/step-up/options', { method: 'POST' })),
    )
    const { response: _left, ...rest } = whole as { readonly response: object }

    for (const passkey of [undefined, null, {}, rest, { ...rest, response: null }, { ...rest, response: {} }]) {
      const login = await desk.browser().call('/auth/mfa/passkey/token', { json: { passkey } })
      const added = await browser.call('/auth/mfa/passkeys', { json: { name: 'Key', passkey } })
      expect([login.status, added.status]).toEqual([400, 400])
    }
    expect((await browser.call('/auth/mfa/step-up', { json: { passkey: whole } })).status).toBe(200)
  })

  it('with a count that does not rise is a copy', async () => {
    await using desk = await mfaApp()
    const { key } = await registered(desk)
    expect((await logInByPasskey(desk.browser(), key)).status).toBe(200)

    expect(await outcome(await logInByPasskey(desk.browser(), key, { counter: 2 }))).toBe(REFUSED)
    expect(await outcome(await logInByPasskey(desk.browser(), key, { counter: 1 }))).toBe(REFUSED)
    expect(await outcome(await logInByPasskey(desk.browser(), key, { counter: 0 }))).toBe(REFUSED)
    expect(desk.events).toContainEqual(expect.objectContaining({ type: 'mfa.passkey-copied', reason: 'counter' }))
    expect((await logInByPasskey(desk.browser(), key)).status).toBe(200)
  })

  it('with a wrong signature and a high count raises no count', async () => {
    await using desk = await mfaApp()
    const { key } = await registered(desk)

    expect(await outcome(await logInByPasskey(desk.browser(), key, { counter: 1_000_000, tampers: true }))).toBe(
      REFUSED,
    )
    expect((await logInByPasskey(desk.browser(), key)).status).toBe(200)
  })

  it('where users must be verified for everything does not answer without', async () => {
    await using desk = await mfaApp({ env: { MFA_USER_VERIFICATION: 'required' } })
    const { browser, key } = await registered(desk)

    expect(await outcome(await stepUp(browser, key, { isVerified: false }))).toBe(REFUSED)
    expect((await stepUp(browser, key)).status).toBe(200)
  })
})

describe('A challenge', () => {
  it('counts once, right or wrong', async () => {
    await using desk = await mfaApp()
    const { browser, key } = await registered(desk)
    const ask = async () => json<RequestOptions>(await browser.call('/auth/mfa/step-up/options', { method: 'POST' }))
    const prove = async (passkey: object) => outcome(await browser.call('/auth/mfa/step-up', { json: { passkey } }))

    const options = await ask()
    const answer = key.get(options)
    expect([await prove(answer), await prove(answer), await prove(key.get(options))]).toEqual(['200', REFUSED, REFUSED])

    const spoilt = await ask()
    expect([await prove(key.get(spoilt, { tampers: true })), await prove(key.get(spoilt))]).toEqual([REFUSED, REFUSED])
  })

  it('expires', async () => {
    await using desk = await mfaApp()
    const { browser, key } = await registered(desk)
    const ask = async () => json<RequestOptions>(await browser.call('/auth/mfa/step-up/options', { method: 'POST' }))
    const [late, early] = [await ask(), await ask()]

    await desk.clock.advance(299_000)
    expect((await browser.call('/auth/mfa/step-up', { json: { passkey: key.get(early) } })).status).toBe(200)
    await desk.clock.advance(1000)
    expect(await outcome(await browser.call('/auth/mfa/step-up', { json: { passkey: key.get(late) } }))).toBe(REFUSED)
  })

  it('of one login does not count for another, nor for another purpose', async () => {
    await using desk = await mfaApp()
    const { browser, key } = await registered(desk)
    const elsewhere = desk.browser()
    expect((await logInByPasskey(elsewhere, key)).status).toBe(200)
    const ask = async (from: Browser, path: string) =>
      json<RequestOptions>(await from.call(`/auth/mfa/${path}/options`, { method: 'POST' }))
    const prove = async (options: RequestOptions) =>
      outcome(await browser.call('/auth/mfa/step-up', { json: { passkey: key.get(options) } }))

    expect(await prove(await ask(elsewhere, 'step-up'))).toBe(REFUSED)
    expect(await prove(await ask(browser, 'passkey'))).toBe(REFUSED)
    const login = await browser.call('/auth/mfa/passkey/login', {
      json: { passkey: key.get(await ask(browser, 'step-up')) },
    })
    expect(await outcome(login)).toBe(REFUSED)
    expect(await prove(await ask(browser, 'step-up'))).toBe('200')
  })

  it('for a new passkey counts in the login that has asked for it alone', async () => {
    await using desk = await mfaApp()
    await desk.member()
    const [mine, other] = [await desk.loggedIn(), await desk.loggedIn()]
    const options = await json<CreationOptions>(await other.call('/auth/mfa/passkeys/options', { method: 'POST' }))
    const add = async (browser: Browser, passkey: object) =>
      outcome(await browser.call('/auth/mfa/passkeys', { json: { name: 'Key', passkey } }))

    expect(await add(mine, new SoftAuthenticator(ORIGIN).create(options))).toBe(REFUSED)
    expect((await addPasskey(mine, new SoftAuthenticator(ORIGIN))).status).toBe(201)
  })
})

describe('The passkey', () => {
  it('of somebody else proves nothing for me', async () => {
    await using desk = await mfaApp()
    const { browser, key } = await registered(desk)
    await desk.member(EVE, OTHER_PASSWORD)
    const stranger = new SoftAuthenticator(ORIGIN)
    await addPasskey(await desk.loggedIn(EVE, OTHER_PASSWORD), stranger)

    expect(await outcome(await stepUp(browser, stranger))).toBe(REFUSED)
    expect(await outcome(await stepUp(browser, stranger, { userHandle: undefined }))).toBe(REFUSED)
    expect((await stepUp(browser, key)).status).toBe(200)
  })

  it('of somebody else cannot be registered for me, and is not renamed or removed by me', async () => {
    await using desk = await mfaApp()
    const { browser, key } = await registered(desk)
    await desk.member(EVE, OTHER_PASSWORD)
    const eve = await desk.loggedIn(EVE, OTHER_PASSWORD)

    expect(await outcome(await addPasskey(eve, key))).toBe('409 MFA_PASSKEY_KNOWN')
    expect((await addPasskey(eve, new SoftAuthenticator(ORIGIN))).status).toBe(201)
    const { passkeys } = await json<{ passkeys: { id: string }[] }>(await browser.call('/auth/mfa'))
    const path = `/auth/mfa/passkeys/${passkeys[0]!.id}`
    expect((await eve.call(path, { method: 'PATCH', json: { name: 'Mine' } })).status).toBe(404)
    expect((await eve.call(path, { method: 'DELETE' })).status).toBe(404)
    expect((await browser.call(path, { method: 'PATCH', json: { name: 'Mine' } })).status).toBe(204)
  })

  it('that was removed, or whose account is closed, does not log in', async () => {
    await using desk = await mfaApp()
    const { id, browser, key } = await registered(desk)
    const second = new SoftAuthenticator(ORIGIN)
    await json(await addPasskey(browser, second))
    const { passkeys } = await json<{ passkeys: { id: string }[] }>(await browser.call('/auth/mfa'))
    expect((await logInByPasskey(desk.browser(), key)).status).toBe(200)

    await browser.call(`/auth/mfa/passkeys/${passkeys[0]!.id}`, { method: 'DELETE' })
    const which =
      (await logInByPasskey(desk.browser(), key)).status + (await logInByPasskey(desk.browser(), second)).status
    expect(which).toBe(403 + 200)

    await desk.app.get(AccountAdministration).disable(id)
    expect((await logInByPasskey(desk.browser(), key)).status).toBe(403)
    expect((await logInByPasskey(desk.browser(), second)).status).toBe(403)
  })

  it('is asked for by strangers only so often from one network', async () => {
    await using desk = await mfaApp({ env: { MFA_CHALLENGES_PER_HOUR: '3' } })
    const ask = (address: string) =>
      desk.browser({ 'x-forwarded-for': address }).call('/auth/mfa/passkey/options', { method: 'POST' })

    const found: number[] = []
    for (let count = 0; count < 4; count += 1) found.push((await ask('203.0.113.7')).status)

    expect(found).toEqual([200, 200, 200, 429])
    expect((await ask('203.0.113.8')).status).toBe(200)
  })

  it.each([
    ['no JSON', { clientDataJSON: Buffer.from('{').toString('base64url') }],
    ['null', { clientDataJSON: Buffer.from('null').toString('base64url') }],
    ['bytes that mean nothing', { authenticatorData: 'AAAA' }],
    ['no signature', { signature: '' }],
  ])('in an answer of %s is refused, and nothing breaks', async (_kind, changes) => {
    await using desk = await mfaApp()
    const { browser, key } = await registered(desk)
    const options = await json<RequestOptions>(await browser.call('/auth/mfa/step-up/options', { method: 'POST' }))
    const answer = key.get(options) as { response: object }

    const broken = { ...answer, response: { ...answer.response, ...changes } }

    expect(await outcome(await browser.call('/auth/mfa/step-up', { json: { passkey: broken } }))).toBe(REFUSED)
    expect((await stepUp(browser, key)).status).toBe(200)
  })
})

onEveryDatabase('A passkey raced', (database) => {
  it('gets one answer through: eight uses of one challenge at once, and eight answers with one count', async () => {
    await using at = await database.create()
    await using desk = await mfaApp({ env: { DATABASE_URL: at.url } })
    const { key } = await registered(desk)
    const program = desk.browser()
    const ask = async () => json<RequestOptions>(await program.call('/auth/mfa/passkey/options', { method: 'POST' }))
    const answer = key.get(await ask())
    const challenges = await Promise.all(Array.from({ length: 8 }, ask))
    const raced = async (answers: readonly object[]) =>
      (
        await Promise.all(
          answers.map(async (passkey) => program.call('/auth/mfa/passkey/token', { json: { passkey } })),
        )
      )
        .map(({ status }) => status)
        .toSorted((a, b) => a - b)

    expect(await raced(Array<object>(8).fill(answer))).toEqual([200, ...Array<number>(7).fill(403)])
    expect(await raced(challenges.map((each) => key.get(each, { counter: 77 })))).toEqual([
      200,
      ...Array<number>(7).fill(403),
    ])
  })
})
