import { AccountAdministration, AccountsModule, AccountStore, Invitations, TokenIssuer } from 'tenon/auth'

import { accountsApp, EMAIL, OTHER_PASSWORD, PASSWORD } from './accounts-app.ts'
import { onEveryDatabase } from '../../data/on-every-database.ts'
import { Migrations } from 'tenon/data'

onEveryDatabase('Accounts', (database) => {
  it('begin with a mail, and its link makes them', async () => {
    await using at = await database.create()
    await using desk = await accountsApp({ env: { DATABASE_URL: at.url } })
    const browser = desk.browser()

    const begun = await browser.call('/auth/sign-up', { json: { email: EMAIL, password: PASSWORD } })
    const early = await browser.logIn(EMAIL, PASSWORD)
    const verified = await browser.call('/auth/verify', { json: { code: await desk.codeFor(EMAIL) } })
    const login = await browser.logIn(EMAIL, PASSWORD)

    expect([begun.status, early.status, verified.status, login.status]).toEqual([202, 401, 204, 200])
    expect(await login.json()).toMatchObject({ account: { email: EMAIL, roles: ['user'], tenant: null } })
    expect(await (await browser.call('/auth/me')).json()).toMatchObject({ email: EMAIL })
  })

  it('have the schema that their entities say', async () => {
    await using at = await database.create()
    await using desk = await accountsApp({ env: { DATABASE_URL: at.url }, modules: [AccountsModule] })

    expect(await desk.app.get(Migrations).drift()).toEqual({ losses: [], statements: [] })
  })

  it('get a new password by mail, which ends every login', async () => {
    await using at = await database.create()
    await using desk = await accountsApp({ env: { DATABASE_URL: at.url } })
    await desk.member()
    const elsewhere = await desk.loggedIn()
    const browser = desk.browser()

    const asked = await browser.call('/auth/password/forgot', { json: { email: EMAIL } })
    const reset = await browser.call('/auth/password/reset', {
      json: { code: await desk.codeFor(EMAIL), password: OTHER_PASSWORD },
    })

    expect([asked.status, reset.status]).toEqual([202, 204])
    expect((await elsewhere.call('/notes')).status).toBe(401)
    expect((await desk.browser().logIn(EMAIL, PASSWORD)).status).toBe(401)
    expect((await desk.browser().logIn(EMAIL, OTHER_PASSWORD)).status).toBe(200)
    await desk.mailsSent()
    expect(desk.outbox.lastTo(EMAIL)?.subject).toBe('Your password was changed')
  })

  it('change their password, and this browser alone stays logged in', async () => {
    await using at = await database.create()
    await using desk = await accountsApp({ env: { DATABASE_URL: at.url } })
    await desk.member()
    const elsewhere = await desk.loggedIn()
    const browser = await desk.loggedIn()

    const changed = await browser.call('/auth/password/change', {
      json: { password: PASSWORD, newPassword: OTHER_PASSWORD },
    })

    expect(changed.status).toBe(200)
    expect((await elsewhere.call('/notes')).status).toBe(401)
    expect((await browser.call('/notes', { method: 'POST' })).status).toBe(201)
    expect((await desk.browser().logIn(EMAIL, OTHER_PASSWORD)).status).toBe(200)
  })

  it('move to another address once its mailbox has confirmed, and the old one is told', async () => {
    await using at = await database.create()
    await using desk = await accountsApp({ env: { DATABASE_URL: at.url } })
    await desk.member()
    const browser = await desk.loggedIn()
    const newEmail = 'ada.lovelace@example.org'

    const asked = await browser.call('/auth/email', { json: { password: PASSWORD, newEmail } })
    const code = await desk.codeFor(newEmail)
    expect(desk.outbox.lastTo(EMAIL)?.subject).toBe('Your e-mail address is to be changed')
    expect((await browser.call('/notes')).status).toBe(200)
    const confirmed = await browser.call('/auth/email/confirm', { json: { code } })

    expect([asked.status, confirmed.status]).toEqual([202, 204])
    expect((await browser.call('/notes')).status).toBe(401)
    expect((await desk.browser().logIn(newEmail, PASSWORD)).status).toBe(200)
    expect((await desk.browser().logIn(EMAIL, PASSWORD)).status).toBe(401)
  })

  it('list their sessions, end one, and sign out everywhere, tokens included', async () => {
    await using at = await database.create()
    await using desk = await accountsApp({ env: { DATABASE_URL: at.url } })
    const id = await desk.member()
    const phone = await desk.loggedIn(EMAIL, PASSWORD, { 'user-agent': 'Phone' })
    await desk.clock.advance(1000)
    const laptop = await desk.loggedIn(EMAIL, PASSWORD, { 'user-agent': 'Laptop' })
    const tokens = await (
      await desk.browser().call('/auth/token', { json: { email: EMAIL, password: PASSWORD } })
    ).json()
    const { accessToken } = tokens as { accessToken: string }
    const byToken = () => desk.app.request('/notes', { headers: { authorization: `Bearer ${accessToken}` } })

    const listed = (await (await laptop.call('/auth/sessions')).json()) as { id: string; agent: string }[]
    const ended = await laptop.call(`/auth/sessions/${listed[1]!.id}`, { method: 'DELETE' })

    expect(listed).toMatchObject([
      { agent: 'Laptop', isCurrent: true },
      { agent: 'Phone', isCurrent: false },
    ])
    expect(ended.status).toBe(204)
    expect((await phone.call('/notes')).status).toBe(401)
    expect((await byToken()).status).toBe(200)

    expect((await laptop.call('/auth/sessions', { method: 'DELETE' })).status).toBe(204)

    expect((await laptop.call('/notes')).status).toBe(401)
    expect((await byToken()).status).toBe(401)
    expect(await desk.app.get(TokenIssuer).familiesOf(id)).toEqual([])
  })

  it('carry roles and tenant into the caller, and lose them when they are taken away', async () => {
    await using at = await database.create()
    await using desk = await accountsApp({ env: { DATABASE_URL: at.url } })
    const administration = desk.app.get(AccountAdministration)
    await desk.app.get(Invitations).invite({ email: EMAIL, roles: ['agent'], tenant: 'acme' })
    const json = { code: await desk.codeFor(EMAIL), password: PASSWORD }
    await desk.browser().call('/auth/invitation/accept', { json })
    const browser = await desk.loggedIn()
    const { id } = (await desk.app.get(AccountStore).findByEmail(EMAIL))!

    expect(await (await browser.call('/notes')).json()).toMatchObject({ id, roles: ['agent'], tenant: 'acme' })

    await administration.setRoles(id, [])
    await desk.clock.advance(2001)
    expect(await (await browser.call('/notes')).json()).toMatchObject({ id, roles: [] })

    await administration.disable(id)
    expect((await browser.call('/notes')).status).toBe(401)
    expect((await desk.browser().logIn(EMAIL, PASSWORD)).status).toBe(401)
    expect((await desk.app.get(AccountStore).findById(id))?.disabledAt).not.toBeNull()
  })
})
