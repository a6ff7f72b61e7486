/** Invitations: nothing is made for an address before its owner says so, and nobody else can say it. */
import { AccountAdministration, AccountStore, Invitations } from 'tenon/auth'
import { Database } from 'tenon/data'

import { onEveryDatabase } from '../../data/on-every-database.ts'
import { accountsApp, EMAIL, OTHER_PASSWORD, PASSWORD, type AccountsApp } from '../accounts/accounts-app.ts'

const BOB = 'bob@example.org'
const DAY_MS = 86_400_000
const TO_ACME = { email: EMAIL, roles: ['agent'], tenant: 'acme' }

/** @returns The code of the mail. */
async function invite(desk: AccountsApp, changes: object = {}): Promise<string> {
  const { email } = await desk.app.get(Invitations).invite({ ...TO_ACME, ...changes })
  return desk.codeFor(email)
}

function accept(desk: AccountsApp, code: string, password = PASSWORD): Promise<Response> {
  return desk.browser().call('/auth/invitation/accept', { json: { code, password } })
}

const accountOf = (desk: AccountsApp, email = EMAIL) => desk.app.get(AccountStore).findByEmail(email)

onEveryDatabase('An invitation', (database) => {
  it('makes an account when it is accepted, with the password of its owner', async () => {
    await using at = await database.create()
    await using desk = await accountsApp({ env: { DATABASE_URL: at.url } })
    const code = await invite(desk)

    expect(await accountOf(desk)).toBeUndefined()
    const read = await desk.browser().call('/auth/invitation', { json: { code } })
    const accepted = await accept(desk, code)
    const login = await desk.browser().logIn(EMAIL, PASSWORD)

    expect(await read.json()).toEqual({
      email: EMAIL,
      tenant: 'acme',
      roles: ['agent'],
      expiresAt: '2026-03-08T12:00:00.000Z',
      hasAccount: false,
    })
    expect([accepted.status, login.status]).toEqual([204, 200])
    expect(await login.json()).toMatchObject({ account: { email: EMAIL, roles: ['agent'], tenant: 'acme' } })
    expect(await desk.app.get(Invitations).list('acme')).toEqual([])
  })

  it('lets somebody with an account join once she is logged in, and ends her other logins', async () => {
    await using at = await database.create()
    await using desk = await accountsApp({ env: { DATABASE_URL: at.url } })
    const id = await desk.member()
    const elsewhere = await desk.loggedIn()
    const browser = await desk.loggedIn()
    const code = await invite(desk)

    const read = await browser.call('/auth/invitation', { json: { code } })
    const anonymous = await accept(desk, code, OTHER_PASSWORD)
    const joined = await browser.call('/auth/invitation/join', { json: { code } })

    expect(await read.json()).toMatchObject({ hasAccount: true })
    expect(await anonymous.json()).toMatchObject({ status: 409, code: 'AUTH_INVITATION_FOR_ACCOUNT' })
    expect(joined.status).toBe(200)
    expect(await (await browser.call('/notes')).json()).toMatchObject({ id, roles: ['agent'], tenant: 'acme' })
    expect((await browser.call('/notes', { method: 'POST' })).status).toBe(201)
    expect((await elsewhere.call('/notes')).status).toBe(401)
    expect((await desk.browser().logIn(EMAIL, OTHER_PASSWORD)).status).toBe(401)
  })

  it('that is accepted many times at once is accepted once', async () => {
    await using at = await database.create()
    await using desk = await accountsApp({ env: { DATABASE_URL: at.url } })
    const code = await invite(desk)
    const passwords = Array.from({ length: 4 }, (_, index) => `${PASSWORD}-${index}`)

    const answers = await Promise.all(passwords.map((password) => accept(desk, code, password)))

    const statuses = answers.map(({ status }) => status)
    expect(statuses.filter((status) => status === 204)).toHaveLength(1)
    expect(statuses.every((status) => [204, 400, 409].includes(status))).toBe(true)
    expect((await desk.browser().logIn(EMAIL, passwords[statuses.indexOf(204)]!)).status).toBe(200)
  })
})

describe('An invitation', () => {
  it('occupies no address: its owner signs up meanwhile, and joins all the same', async () => {
    await using desk = await accountsApp()
    const code = await invite(desk)

    const id = await desk.member()
    expect((await accountOf(desk))?.tenant).toBeNull()
    expect((await accept(desk, code, OTHER_PASSWORD)).status).toBe(409)
    const browser = await desk.loggedIn()

    expect((await browser.call('/auth/invitation/join', { json: { code } })).status).toBe(200)
    expect(await accountOf(desk)).toMatchObject({ id, tenant: 'acme', roles: ['agent'] })
  })

  it('does not keep a sign-up that was begun before from being finished', async () => {
    await using desk = await accountsApp()
    await desk.browser().call('/auth/sign-up', { json: { email: EMAIL, password: PASSWORD } })
    const signUp = await desk.codeFor(EMAIL)
    await invite(desk)

    expect((await desk.browser().call('/auth/verify', { json: { code: signUp } })).status).toBe(204)
    expect(await accountOf(desk)).toMatchObject({ tenant: null, roles: ['user'] })
  })

  it('is accepted once, and never again, by a login neither', async () => {
    await using desk = await accountsApp()
    const code = await invite(desk)
    expect((await accept(desk, code)).status).toBe(204)
    const browser = await desk.loggedIn()
    await desk.app.get(AccountAdministration).setRoles((await accountOf(desk))!.id, [])

    expect((await accept(desk, code, OTHER_PASSWORD)).status).toBe(400)
    expect((await browser.call('/auth/invitation/join', { json: { code } })).status).toBe(400)
    expect((await browser.call('/auth/invitation', { json: { code } })).status).toBe(400)
    expect((await accountOf(desk))?.roles).toEqual([])
  })

  it('to another address lets nobody join, who has the code or not, and still waits for its owner', async () => {
    await using desk = await accountsApp()
    await desk.member(BOB)
    const bob = await desk.loggedIn(BOB)
    const code = await invite(desk)

    const stolen = await bob.call('/auth/invitation/join', { json: { code } })

    expect(await stolen.json()).toMatchObject({ status: 400, code: 'AUTH_CODE_INVALID' })
    expect((await accountOf(desk, BOB))?.tenant).toBeNull()
    expect((await desk.browser().call('/auth/invitation/join', { json: { code } })).status).toBe(401)
    expect((await accept(desk, code)).status).toBe(204)
  })

  it('expires after a week, for those with an account too', async () => {
    await using desk = await accountsApp()
    await desk.member(BOB)
    const codes = [await invite(desk), await invite(desk, { email: BOB })]
    const early = await invite(desk, { email: 'eve@example.org' })
    await desk.clock.advance(7 * DAY_MS - 1)
    expect((await accept(desk, early)).status).toBe(204)
    await desk.clock.advance(1)

    const bob = await desk.loggedIn(BOB)
    expect((await accept(desk, codes[0]!)).status).toBe(400)
    expect((await bob.call('/auth/invitation/join', { json: { code: codes[1] } })).status).toBe(400)
    expect(await desk.app.get(Invitations).list('acme')).toEqual([])
  })

  it('is taken back by those who may, of their own tenant alone', async () => {
    await using desk = await accountsApp()
    const invitations = desk.app.get(Invitations)
    const code = await invite(desk)
    const [{ id } = { id: '' }] = await invitations.list('acme')

    for (const tenant of ['globex', undefined]) {
      expect(await invitations.list(tenant)).toEqual([])
      await expect(invitations.revoke(id, tenant)).rejects.toMatchObject({ code: 'AUTH_INVITATION_MISSING' })
    }
    expect((await desk.browser().call('/auth/invitation', { json: { code } })).status).toBe(200)
    await invitations.revoke(id, 'acme')

    expect((await accept(desk, code)).status).toBe(400)
    await expect(invitations.revoke(id, 'acme')).rejects.toMatchObject({ code: 'AUTH_INVITATION_MISSING' })
    expect((await accept(desk, await invite(desk))).status).toBe(204)
  })

  it('sent again takes the place of the one before; one of another tenant stays', async () => {
    await using desk = await accountsApp()
    const first = await invite(desk, { roles: ['admin'] })
    const other = await invite(desk, { tenant: 'globex' })
    const second = await invite(desk, { email: ' ADA@Example.org' })

    expect((await accept(desk, first)).status).toBe(400)
    expect((await desk.browser().call('/auth/invitation', { json: { code: other } })).status).toBe(200)
    expect((await accept(desk, second)).status).toBe(204)
    expect((await accountOf(desk))?.roles).toEqual(['agent'])
  })

  it('brings no role along from the tenant before, and takes none away in the same', async () => {
    await using desk = await accountsApp()
    const id = await desk.member()
    await desk.app.get(AccountStore).change(id, { tenant: 'acme', roles: ['admin'] })
    const join = async (code: string) => (await desk.loggedIn()).call('/auth/invitation/join', { json: { code } })

    expect((await join(await invite(desk, { roles: ['customer'] }))).status).toBe(200)
    expect(await accountOf(desk)).toMatchObject({ tenant: 'acme', roles: ['admin', 'customer'] })
    expect((await join(await invite(desk, { tenant: 'globex', roles: ['customer'] }))).status).toBe(200)
    expect(await accountOf(desk)).toMatchObject({ tenant: 'globex', roles: ['customer'] })
  })

  it('opens no account that is closed', async () => {
    await using desk = await accountsApp()
    const id = await desk.member()
    const browser = await desk.loggedIn()
    const code = await invite(desk)
    await desk.app.get(AccountAdministration).disable(id)

    expect((await accept(desk, code, OTHER_PASSWORD)).status).toBe(409)
    expect((await browser.call('/auth/invitation/join', { json: { code } })).status).toBe(401)
    expect((await desk.browser().logIn(EMAIL, OTHER_PASSWORD)).status).toBe(401)
  })

  it('is good for nothing else, nor is anything else good for it', async () => {
    await using desk = await accountsApp()
    await desk.member(BOB)
    const code = await invite(desk)
    await desk.browser().call('/auth/password/forgot', { json: { email: BOB } })
    const reset = await desk.codeFor(BOB)
    const call = (path: string, json: object) => desk.browser().call(`/auth${path}`, { json })

    const wrong = await Promise.all([
      call('/verify', { code }),
      call('/email/confirm', { code }),
      call('/password/reset', { code, password: PASSWORD }),
      call('/invitation/accept', { code: reset, password: PASSWORD }),
      call('/invitation/accept', { code, password: PASSWORD, roles: ['admin'] }),
      call('/invitation/accept', { code: `${code}A`, password: PASSWORD }),
      call('/invitation/accept', { code: '', password: PASSWORD }),
    ])

    expect(wrong.map(({ status }) => status)).toEqual(Array(7).fill(400))
    expect((await accept(desk, code, 'short')).status).toBe(400)
    expect((await accept(desk, code)).status).toBe(204)
  })

  it('is not accepted by the page of another site in the name of who is logged in', async () => {
    await using desk = await accountsApp()
    await desk.member()
    const browser = await desk.loggedIn()
    const code = await invite(desk)

    const forged = await browser.callFrom('https://evil.example', '/auth/invitation/join', { json: { code } })

    expect(forged.status).toBe(403)
    expect((await browser.call('/auth/invitation/join', { json: { code } })).status).toBe(200)
  })

  it('is kept without its code, and swept away when it has expired', async () => {
    await using desk = await accountsApp()
    const code = await invite(desk)
    const { source } = desk.app.get(Database)
    const rows = async () =>
      JSON.stringify([
        await source.query('SELECT * FROM auth_invitations'),
        await source.query('SELECT * FROM auth_codes'),
      ])

    expect(await rows()).toContain(EMAIL)
    expect(await rows()).not.toContain(code)
    expect(JSON.stringify([desk.events, desk.app.logs.lines])).not.toContain(code)
    expect(JSON.stringify(desk.events)).not.toContain(EMAIL)

    await desk.clock.advance(7 * DAY_MS + 3_600_000)
    while ((await rows()) !== '[[],[]]') await new Promise(setImmediate)
  })
})
