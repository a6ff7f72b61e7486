import { AccountAdministration, AccountStore, normalizeEmail, PasswordHasher } from 'tenon/auth'
import { Database } from 'tenon/data'
import fc from 'fast-check'

import { networkOf } from '../../../../modules/auth/accounts/caller-origin.ts'
import { accountsApp, EMAIL, OTHER_PASSWORD, PASSWORD } from './accounts-app.ts'

describe('normalizeEmail', () => {
  it.each([
    [' Ada@Example.ORG ', 'ada@example.org'],
    ['ada+desk@example.org', 'ada+desk@example.org'],
    ['ada@B\u00DCCHER.example', 'ada@xn--bcher-kva.example'],
    ['\u212Aim@example.org', '\u212Aim@example.org'],
    ['no address', 'no address'],
    ['@example.org', '@example.org'],
  ])('makes %j into %j', (typed, normalized) => {
    expect(normalizeEmail(typed)).toBe(normalized)
  })

  it('changes nothing the second time, and never makes one mailbox out of two', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        const once = normalizeEmail(`${text}@example.org`)
        expect(normalizeEmail(once)).toBe(once)
        // What comes out differs from what was typed in the case of ASCII letters alone.
        expect(once.toLowerCase()).toBe(`${text}@example.org`.trim().toLowerCase())
      }),
    )
  })
})

describe('The network of an address', () => {
  it.each([
    ['192.0.2.7', '192.0.2.7'],
    ['::ffff:192.0.2.7', '192.0.2.7'],
    ['2001:db8:1:2:3:4:5:6', '2001:db8:1:2'],
    ['2001:0db8:0001:0002::9', '2001:db8:1:2'],
    ['2001:db8::1', '2001:db8:0:0'],
    ['::1', '0:0:0:0'],
    ['fe80::1%eth0', 'fe80:0:0:0'],
    [undefined, ''],
  ])('of %s is %s', (address, network) => {
    expect(networkOf(address)).toBe(network)
  })
})

describe('Administration of accounts', () => {
  it('knows no account that is not there', async () => {
    await using desk = await accountsApp()
    const administration = desk.app.get(AccountAdministration)

    for (const change of [administration.setRoles('nobody', []), administration.disable('nobody')]) {
      await expect(change).rejects.toMatchObject({ code: 'AUTH_ACCOUNT_MISSING' })
    }
  })

  it('tells what it does to whoever watches', async () => {
    await using desk = await accountsApp()
    const administration = desk.app.get(AccountAdministration)
    const id = await desk.member()
    await administration.setRoles(id, ['admin'])
    await administration.disable(id)
    await administration.enable(id)

    expect(desk.events.filter(({ subject }) => subject === id).map(({ type }) => type)).toEqual([
      'accounts.verified',
      'accounts.roles-changed',
      'sessions.revoked-all',
      'accounts.disabled',
      'accounts.enabled',
    ])
  })
})

type Texts = Readonly<Record<string, string | string[]>>

describe('tenon accounts', () => {
  it('invites, gives roles, disables and enables by the address', async () => {
    await using desk = await accountsApp()
    const run = (command: string, args: Texts, options: Texts = {}): Promise<{ readonly data: unknown }> =>
      desk.app.application.run(`accounts:${command}`, { arguments: { email: EMAIL, ...args }, options })
    const logIn = async (): Promise<number> => (await desk.browser().logIn(EMAIL, PASSWORD)).status

    const { data } = await run('invite', {}, { tenant: 'acme' })
    const json = { code: await desk.codeFor(EMAIL), password: PASSWORD }
    const accepted = await desk.browser().call('/auth/invitation/accept', { json })

    expect(data).toEqual({
      id: expect.any(String),
      email: EMAIL,
      roles: ['user'],
      tenant: 'acme',
      expiresAt: '2026-03-08T12:00:00.000Z',
    })
    expect(accepted.status).toBe(204)
    expect(await logIn()).toBe(200)
    await run('roles', { roles: ['agent', 'admin'] })
    expect(await desk.app.get(AccountStore).findByEmail(EMAIL)).toMatchObject({ roles: ['agent', 'admin'] })
    await run('disable', {})
    expect(await logIn()).toBe(401)
    await run('enable', {})
    expect(await logIn()).toBe(200)
    await expect(run('enable', { email: 'eve@example.org' })).rejects.toMatchObject({ code: 'AUTH_ACCOUNT_MISSING' })
  })
})

describe('An account whose address was never confirmed', () => {
  it('is told so with the right password alone', async () => {
    await using desk = await accountsApp()
    const id = await desk.member()
    const passwordHash = await desk.app.get(PasswordHasher).hash(PASSWORD)
    await desk.app.get(AccountStore).change(id, { passwordHash, verifiedAt: null })

    expect(await (await desk.browser().logIn(EMAIL, OTHER_PASSWORD)).json()).toMatchObject({
      code: 'AUTH_LOGIN_FAILED',
    })
    expect(await (await desk.browser().logIn(EMAIL, PASSWORD)).json()).toMatchObject({
      status: 403,
      code: 'AUTH_EMAIL_UNVERIFIED',
    })
  })
})

describe('Rows that nobody can use any more', () => {
  it('are removed within the hour', async () => {
    await using desk = await accountsApp()
    const { source } = desk.app.get(Database)
    const count = async (table: string): Promise<number> =>
      (await source.query<unknown[]>(`SELECT * FROM ${table}`)).length
    await desk.browser().call('/auth/sign-up', { json: { email: EMAIL, password: PASSWORD } })
    await desk.browser().logIn(EMAIL, 'wrong')
    await desk.mailsSent()
    expect([await count('auth_codes'), (await count('auth_attempts')) > 2]).toEqual([1, true])

    await desk.clock.advance(25 * 3_600_000)
    while ((await count('auth_attempts')) + (await count('auth_codes')) > 0) await new Promise(setImmediate)

    expect(await count('auth_codes')).toBe(0)
  })
})
