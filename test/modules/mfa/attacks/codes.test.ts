/** Codes of authenticator apps and recovery codes: used twice, guessed, raced, taken from elsewhere. */
import { EMAIL, OTHER_PASSWORD, PASSWORD } from '../../auth/accounts/accounts-app.ts'
import type { Browser } from '../../auth/accounts/browser.ts'
import { onEveryDatabase } from '../../data/on-every-database.ts'
import { AuthenticatorApp, json, mfaApp, outcome, type MfaApp } from '../mfa-app.ts'

const EVE = 'eve@example.org'

/** A login by password and the proof. */
async function logIn(
  desk: MfaApp,
  proof: object,
  browser: Browser = desk.browser(),
  email = EMAIL,
  password = PASSWORD,
) {
  const { ticket } = await desk.ticket(browser, email, password)
  return outcome(await browser.call('/auth/mfa/login', { json: { ticket, ...proof } }))
}

async function stepUp(browser: Browser, proof: object): Promise<string> {
  return outcome(await browser.call('/auth/mfa/step-up', { json: proof }))
}

describe('A code of an authenticator app', () => {
  it('counts once: not for a second login, nor for step-up', async () => {
    await using desk = await mfaApp()
    const { phone } = await desk.enrolled()
    const browser = desk.browser()
    const code = await phone.nextCode()

    expect(await logIn(desk, { code }, browser)).toBe('200')
    expect(await logIn(desk, { code })).toBe('403 MFA_PROOF_WRONG')
    expect(await stepUp(browser, { code })).toBe('403 MFA_PROOF_WRONG')
    expect(await stepUp(browser, { code: await phone.nextCode() })).toBe('200')
  })

  it('that has confirmed the app does not log in', async () => {
    await using desk = await mfaApp()
    const { phone } = await desk.enrolled()

    expect(await logIn(desk, { code: phone.code() })).toBe('403 MFA_PROOF_WRONG')
    expect(await logIn(desk, { code: await phone.nextCode() })).toBe('200')
  })

  it('of the step before does not count once a newer one was used', async () => {
    await using desk = await mfaApp()
    const { phone } = await desk.enrolled()
    await desk.clock.advance(300_000)
    const older = phone.code(-1)

    expect(await logIn(desk, { code: phone.code() })).toBe('200')
    expect(await logIn(desk, { code: older })).toBe('403 MFA_PROOF_WRONG')
  })

  it('counts one step early or late, and no further', async () => {
    await using desk = await mfaApp()
    const { phone } = await desk.enrolled()
    await desk.clock.advance(300_000)

    expect(await logIn(desk, { code: phone.code(-2) })).toBe('403 MFA_PROOF_WRONG')
    expect(await logIn(desk, { code: phone.code(2) })).toBe('403 MFA_PROOF_WRONG')
    expect(await logIn(desk, { code: phone.code(-1) })).toBe('200')
    expect(await logIn(desk, { code: phone.code(1) })).toBe('200')
  })

  it('of an app that was not confirmed counts for nothing', async () => {
    await using desk = await mfaApp()
    const { browser, phone } = await desk.enrolled()
    const { secret } = await json<{ secret: string }>(await browser.call('/auth/mfa/totp', { json: {} }))
    const pending = new AuthenticatorApp(secret, desk.clock)
    await desk.clock.advance(60_000)

    expect(await logIn(desk, { code: pending.code() })).toBe('403 MFA_PROOF_WRONG')
    expect(await logIn(desk, { code: phone.code() })).toBe('200')
    await desk.clock.advance(15 * 60_000)
    const again = desk.browser()
    expect(await logIn(desk, { code: phone.code() }, again)).toBe('200')
    const late = await again.call('/auth/mfa/totp/confirm', { json: { code: pending.code() } })
    expect(await outcome(late)).toBe('403 MFA_PROOF_WRONG')
  })

  it('of somebody else does not count', async () => {
    await using desk = await mfaApp()
    const { phone } = await desk.enrolled()
    const eve = await desk.enrolled(EVE, OTHER_PASSWORD)
    await desk.clock.advance(60_000)

    expect(await logIn(desk, { code: eve.phone.code() })).toBe('403 MFA_PROOF_WRONG')
    expect(await logIn(desk, { code: phone.code() })).toBe('200')
  })

  it.each(['', ' ', '12345', '1234567', '١٢٣٤٥٦', '12 345', '-12345', '1e5000', '0x1234', 'null'])(
    'is six digits, and %j is none',
    async (code) => {
      await using desk = await mfaApp()
      const { phone } = await desk.enrolled()

      expect(await logIn(desk, { code })).toBe('403 MFA_PROOF_WRONG')
      expect(await logIn(desk, { code: await phone.nextCode() })).toBe('200')
    },
  )

  it('is a text, alone, and nothing else is looked at', async () => {
    await using desk = await mfaApp()
    const { phone, recoveryCodes } = await desk.enrolled()
    const code = await phone.nextCode()

    expect(await logIn(desk, { code: [code] })).toMatch(/^4\d\d VALIDATION/)
    expect(await logIn(desk, { code, recoveryCode: recoveryCodes[0] })).toBe('400 MFA_PROOF_UNCLEAR')
    expect(await logIn(desk, {})).toBe('400 MFA_PROOF_UNCLEAR')
    expect(await logIn(desk, { code })).toBe('200')
    expect(await logIn(desk, { recoveryCode: recoveryCodes[0] })).toBe('200')
  })
})

describe('Guessing codes', () => {
  it('waits after five, over however many logins, and the right code waits too', async () => {
    await using desk = await mfaApp()
    const { phone } = await desk.enrolled()
    const found: string[] = []
    for (let count = 0; count < 6; count += 1) found.push(await logIn(desk, { code: '000000' }))

    expect(found).toEqual([...Array<string>(5).fill('403 MFA_PROOF_WRONG'), '429 AUTH_TOO_MANY_ATTEMPTS'])
    expect(await logIn(desk, { code: phone.code(1) })).toBe('429 AUTH_TOO_MANY_ATTEMPTS')
    expect(await logIn(desk, { code: await phone.nextCode() })).toBe('200')
  })

  it('waits ever longer, up to a quarter of an hour', async () => {
    await using desk = await mfaApp()
    const { browser, phone } = await desk.enrolled()
    const waits: number[] = []
    for (let count = 0; count < 14; count += 1) {
      await stepUp(browser, { code: '000000' })
      const refused = await browser.call('/auth/mfa/step-up', { json: { code: '000000' } })
      const wait = Number(refused.headers.get('retry-after') ?? 0)
      if (refused.status === 429) waits.push(wait)
      await desk.clock.advance(wait * 1000)
    }

    expect(waits.slice(0, 4)).toEqual([30, 60, 120, 240])
    expect(waits.at(-1)).toBe(900)
    expect(await stepUp(browser, { code: phone.code() })).toBe('200')
  })

  it('by recovery codes and by step-up counts together', async () => {
    await using desk = await mfaApp()
    const { browser, recoveryCodes } = await desk.enrolled()

    for (let count = 0; count < 3; count += 1) await logIn(desk, { recoveryCode: '0000-0000-0000-0000' })
    for (let count = 0; count < 2; count += 1) await stepUp(browser, { code: '000000' })

    expect(await logIn(desk, { recoveryCode: recoveryCodes[0] })).toBe('429 AUTH_TOO_MANY_ATTEMPTS')
    await desk.clock.advance(30_000)
    expect(await logIn(desk, { recoveryCode: recoveryCodes[0] })).toBe('200')
  })

  it("does not make others wait, nor is it cleared by one's own right codes", async () => {
    await using desk = await mfaApp()
    const { phone } = await desk.enrolled()
    const eve = await desk.enrolled(EVE, OTHER_PASSWORD)
    for (let count = 0; count < 4; count += 1) await logIn(desk, { code: '000000' })

    const own = await eve.phone.nextCode()
    expect(await logIn(desk, { code: own }, desk.browser(), EVE, OTHER_PASSWORD)).toBe('200')
    expect(await logIn(desk, { code: '000000' })).toBe('403 MFA_PROOF_WRONG')
    expect(await logIn(desk, { code: phone.code() })).toBe('429 AUTH_TOO_MANY_ATTEMPTS')
    expect(await logIn(desk, { code: await phone.nextCode() })).toBe('200')
  })
})

describe('A recovery code', () => {
  it('counts once', async () => {
    await using desk = await mfaApp()
    const { recoveryCodes } = await desk.enrolled()
    const [recoveryCode, other] = recoveryCodes

    expect(await logIn(desk, { recoveryCode })).toBe('200')
    expect(await logIn(desk, { recoveryCode })).toBe('403 MFA_PROOF_WRONG')
    expect(await logIn(desk, { recoveryCode: recoveryCode!.replaceAll('-', '') })).toBe('403 MFA_PROOF_WRONG')
    expect(await logIn(desk, { recoveryCode: other })).toBe('200')
  })

  it('of before does not count once there are new ones', async () => {
    await using desk = await mfaApp()
    const { browser, recoveryCodes } = await desk.enrolled()
    const renewed = await json<{ recoveryCodes: string[] }>(
      await browser.call('/auth/mfa/recovery-codes', { method: 'POST' }),
    )

    expect(await logIn(desk, { recoveryCode: recoveryCodes[0] })).toBe('403 MFA_PROOF_WRONG')
    expect(await logIn(desk, { recoveryCode: renewed.recoveryCodes[0] })).toBe('200')
  })

  it('of somebody else does not count', async () => {
    await using desk = await mfaApp()
    await desk.enrolled()
    const eve = await desk.enrolled(EVE, OTHER_PASSWORD)
    const [recoveryCode] = eve.recoveryCodes

    expect(await logIn(desk, { recoveryCode })).toBe('403 MFA_PROOF_WRONG')
    expect(await logIn(desk, { recoveryCode }, desk.browser(), EVE, OTHER_PASSWORD)).toBe('200')
  })

  it('that was used is told to its owner', async () => {
    await using desk = await mfaApp()
    const { recoveryCodes } = await desk.enrolled()
    await logIn(desk, { recoveryCode: recoveryCodes[0] })
    await desk.mailsSent()

    expect(desk.outbox.lastTo(EMAIL)?.text).toContain('A recovery code of your account was used.')
  })
})

onEveryDatabase('Codes raced', (database) => {
  it('get one through: ten uses of one code at once, and ten of one recovery code', async () => {
    await using at = await database.create()
    await using desk = await mfaApp({ env: { DATABASE_URL: at.url, MFA_TRIES: '20' } })
    const { phone, recoveryCodes } = await desk.enrolled()
    const code = await phone.nextCode()
    for (const proof of [{ code }, { recoveryCode: recoveryCodes[0] }]) {
      const tickets: Awaited<ReturnType<typeof desk.ticket>>[] = []
      // One after the other: logins at once are slowed down themselves.
      for (let count = 0; count < 10; count += 1) tickets.push(await desk.ticket(desk.browser()))

      const found = await Promise.all(
        tickets.map(async ({ ticket }) =>
          outcome(await desk.browser().call('/auth/mfa/token', { json: { ticket, ...proof } })),
        ),
      )

      expect(found.toSorted()).toEqual(['200', ...Array<string>(9).fill('403 MFA_PROOF_WRONG')])
    }
  })

  it('get one ticket through: two right proofs of different kinds at once make one login', async () => {
    await using at = await database.create()
    await using desk = await mfaApp({ env: { DATABASE_URL: at.url } })
    const { phone, recoveryCodes } = await desk.enrolled()
    const { ticket } = await desk.ticket(desk.browser())
    const code = await phone.nextCode()

    const found = await Promise.all(
      [{ code }, { recoveryCode: recoveryCodes[0] }].map(async (proof) =>
        outcome(await desk.browser().call('/auth/mfa/token', { json: { ticket, ...proof } })),
      ),
    )

    expect(found.toSorted()).toEqual(['200', '401 MFA_TICKET_INVALID'])
  })

  if (database.name === 'SQLite in memory') return

  it('in another process count as used, and as wrong', async () => {
    await using at = await database.create()
    await using one = await mfaApp({ env: { DATABASE_URL: at.url } })
    await using two = await mfaApp({ env: { DATABASE_URL: at.url } })
    const { phone } = await one.enrolled()
    const code = await phone.nextCode()
    await two.clock.advance(30_000)

    expect(await logIn(one, { code })).toBe('200')
    expect(await logIn(two, { code })).toBe('403 MFA_PROOF_WRONG')
    for (let count = 0; count < 4; count += 1) await logIn(one, { code: '000000' })
    expect(await logIn(two, { code: phone.code(1) })).toBe('429 AUTH_TOO_MANY_ATTEMPTS')
    await two.clock.advance(30_000)
    expect(await logIn(two, { code: await phone.nextCode() })).toBe('200')
  })
})
