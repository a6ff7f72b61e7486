import { AccountAdministration, AccountStore, Invitations } from 'tenon/auth'
import { Database } from 'tenon/data'

import { accountsApp, EMAIL, OTHER_PASSWORD, PASSWORD, type AccountsApp } from '../accounts/accounts-app.ts'
import { onEveryDatabase } from '../../data/on-every-database.ts'

const BOB = 'bob@example.org'
const HOUR_MS = 3_600_000

function reset(desk: AccountsApp, code: string, password = OTHER_PASSWORD): Promise<Response> {
  return desk.browser().call('/auth/password/reset', { json: { code, password } })
}

async function resetCode(desk: AccountsApp, email = EMAIL): Promise<string> {
  await desk.browser().call('/auth/password/forgot', { json: { email } })
  return desk.codeFor(email)
}

async function signUpCode(desk: AccountsApp, email = EMAIL, password = PASSWORD): Promise<string> {
  await desk.browser().call('/auth/sign-up', { json: { email, password } })
  return desk.codeFor(email)
}

function verify(desk: AccountsApp, code: string): Promise<Response> {
  return desk.browser().call('/auth/verify', { json: { code } })
}

describe('A code of a mail', () => {
  it('to verify counts once', async () => {
    await using desk = await accountsApp()
    const code = await signUpCode(desk)

    expect((await verify(desk, code)).status).toBe(204)
    expect((await verify(desk, code)).status).toBe(400)
  })

  it('to verify counts for an hour', async () => {
    await using desk = await accountsApp()
    const late = await signUpCode(desk)
    await desk.clock.advance(HOUR_MS)
    const inTime = await signUpCode(desk, BOB)
    await desk.clock.advance(HOUR_MS - 1)

    const refused = await verify(desk, late)

    expect(await refused.json()).toMatchObject({ status: 400, code: 'AUTH_CODE_INVALID' })
    expect((await verify(desk, inTime)).status).toBe(204)
  })

  it('to reset counts once', async () => {
    await using desk = await accountsApp()
    await desk.member()
    const code = await resetCode(desk)

    expect((await reset(desk, code)).status).toBe(204)
    expect((await reset(desk, code, 'stolen-Password-4-everyone')).status).toBe(400)
    expect((await desk.browser().logIn(EMAIL, OTHER_PASSWORD)).status).toBe(200)
  })

  it('to reset counts for an hour', async () => {
    await using desk = await accountsApp()
    await desk.member()
    const code = await resetCode(desk)
    await desk.clock.advance(HOUR_MS)

    expect((await reset(desk, code)).status).toBe(400)
    expect((await reset(desk, await resetCode(desk))).status).toBe(204)
  })

  it('for one thing is none for another', async () => {
    await using desk = await accountsApp()
    await desk.member()
    const browser = await desk.loggedIn()
    const forReset = await resetCode(desk)
    const forSignUp = await signUpCode(desk, BOB)
    await browser.call('/auth/email', { json: { password: PASSWORD, newEmail: 'eve@example.org' } })
    const forEmail = await desk.codeFor('eve@example.org')
    const confirm = (code: string) => desk.browser().call('/auth/email/confirm', { json: { code } })

    const wrong = [
      verify(desk, forReset),
      verify(desk, forEmail),
      reset(desk, forSignUp),
      reset(desk, forEmail),
      confirm(forReset),
      confirm(forSignUp),
    ]
    expect((await Promise.all(wrong)).map(({ status }) => status)).toEqual(Array(6).fill(400))

    expect((await verify(desk, forSignUp)).status).toBe(204)
    expect((await reset(desk, forReset)).status).toBe(204)
  })

  it('of one account opens no other', async () => {
    await using desk = await accountsApp()
    await desk.member()
    await desk.member(BOB)

    expect((await reset(desk, await resetCode(desk, BOB))).status).toBe(204)

    expect((await desk.browser().logIn(EMAIL, OTHER_PASSWORD)).status).toBe(401)
    expect((await desk.browser().logIn(EMAIL, PASSWORD)).status).toBe(200)
  })

  it('that is older dies with the one that is used', async () => {
    await using desk = await accountsApp()
    await desk.member()
    const older = await resetCode(desk)
    const newer = await resetCode(desk)

    expect(older).not.toBe(newer)
    expect((await reset(desk, newer)).status).toBe(204)
    expect((await reset(desk, older, 'stolen-Password-4-everyone')).status).toBe(400)
  })

  it('to reset dies when the password is changed', async () => {
    await using desk = await accountsApp()
    await desk.member()
    const code = await resetCode(desk)
    const browser = await desk.loggedIn()

    await browser.call('/auth/password/change', { json: { password: PASSWORD, newPassword: OTHER_PASSWORD } })

    expect((await reset(desk, code, 'stolen-Password-4-everyone')).status).toBe(400)
    expect((await desk.browser().logIn(EMAIL, OTHER_PASSWORD)).status).toBe(200)
  })

  it('in an old mailbox opens nothing once the address was changed', async () => {
    await using desk = await accountsApp()
    await desk.member()
    const browser = await desk.loggedIn()
    await browser.call('/auth/email', { json: { password: PASSWORD, newEmail: BOB } })
    const confirmation = await desk.codeFor(BOB)
    const old = await resetCode(desk)
    await desk.browser().call('/auth/email/confirm', { json: { code: confirmation } })

    expect((await reset(desk, old)).status).toBe(400)
    expect((await reset(desk, await resetCode(desk, BOB))).status).toBe(204)
  })

  it('opens nothing when the application itself has changed the address', async () => {
    await using desk = await accountsApp()
    const id = await desk.member()
    const old = await resetCode(desk)
    await desk.app.get(AccountStore).change(id, { email: BOB })

    expect((await reset(desk, old)).status).toBe(400)
    expect((await reset(desk, await resetCode(desk, BOB))).status).toBe(204)
  })

  it('opens no account that was disabled since', async () => {
    await using desk = await accountsApp()
    const id = await desk.member()
    const code = await resetCode(desk)
    await desk.app.get(AccountAdministration).disable(id)

    expect((await reset(desk, code)).status).toBe(400)

    await desk.app.get(AccountAdministration).enable(id)
    expect((await reset(desk, await resetCode(desk))).status).toBe(204)
  })

  it('cannot be guessed from another, cut short or made longer', async () => {
    await using desk = await accountsApp()
    await desk.member()
    const code = await resetCode(desk)
    const forgeries = [
      code.slice(1),
      `${code}A`,
      code.toLowerCase(),
      `${code.slice(0, -2)}${code.endsWith('AA') ? 'EE' : 'AA'}`,
      '',
      '%',
      "' OR '1'='1",
    ]

    for (const forgery of forgeries) expect((await reset(desk, forgery)).status).toBe(400)
    expect((await reset(desk, code)).status).toBe(204)
  })

  it('is kept as a hash', async () => {
    await using desk = await accountsApp()
    await desk.member()
    const code = await resetCode(desk)

    const rows = JSON.stringify(await desk.app.get(Database).source.query('SELECT * FROM auth_codes'))

    expect(rows).toContain('reset')
    expect(rows).not.toContain(code)
  })

  it('does not give an account to who has signed up with the address of another before', async () => {
    await using desk = await accountsApp()
    await signUpCode(desk, EMAIL, 'password-Of-the-7-thieves')
    const mine = await signUpCode(desk, EMAIL, PASSWORD)

    expect((await verify(desk, mine)).status).toBe(204)

    expect((await desk.browser().logIn(EMAIL, 'password-Of-the-7-thieves')).status).toBe(401)
    expect((await desk.browser().logIn(EMAIL, PASSWORD)).status).toBe(200)
  })

  it('does not take over an account that was made by invitation in the meantime', async () => {
    await using desk = await accountsApp()
    const code = await signUpCode(desk)
    await desk.app.get(Invitations).invite({ email: EMAIL, roles: ['admin'] })
    const json = { code: await desk.codeFor(EMAIL), password: OTHER_PASSWORD }
    expect((await desk.browser().call('/auth/invitation/accept', { json })).status).toBe(204)

    expect((await verify(desk, code)).status).toBe(400)

    expect((await desk.browser().logIn(EMAIL, PASSWORD)).status).toBe(401)
    expect((await desk.browser().logIn(EMAIL, OTHER_PASSWORD)).status).toBe(200)
  })
})

onEveryDatabase('A code of a mail', (database) => {
  it('that is sent many times at once is used once', async () => {
    await using at = await database.create()
    await using desk = await accountsApp({ env: { DATABASE_URL: at.url } })
    const code = await signUpCode(desk)

    const found = await Promise.all(Array.from({ length: 8 }, () => verify(desk, code)))

    expect(found.map(({ status }) => status).toSorted((a, b) => a - b)).toEqual([204, ...Array(7).fill(400)])
    expect((await desk.browser().logIn(EMAIL, PASSWORD)).status).toBe(200)
  })

  it('that sets a password many times at once sets one', async () => {
    await using at = await database.create()
    await using desk = await accountsApp({ env: { DATABASE_URL: at.url } })
    await desk.member()
    const code = await resetCode(desk)
    const passwords = Array.from({ length: 6 }, (_, index) => `${OTHER_PASSWORD}-${index}`)

    const found = await Promise.all(passwords.map((password) => reset(desk, code, password)))

    expect(found.map(({ status }) => status).toSorted((a, b) => a - b)).toEqual([204, ...Array(5).fill(400)])
    const winner = passwords[found.findIndex(({ status }) => status === 204)]!
    expect((await desk.browser().logIn(EMAIL, winner)).status).toBe(200)
  })
})
