import { Controller, CurrentUser, Get, Module, Roles, tryCtx, type Principal } from 'tenon'
import { AccessModule } from 'tenon/access'
import { AccountAdministration, AccountsModule, Invitations, TokenIssuer, TokensModule } from 'tenon/auth'
import { SecurityModule } from 'tenon/security'
import { TenancyModule, Tenants, TenantScoped } from 'tenon/tenancy'

import { accountsApp, EMAIL, PASSWORD } from './accounts-app.ts'

@Controller('/queue')
class QueueController {
  @Get()
  @Roles('agent')
  work(@CurrentUser() caller: Principal): string {
    return caller.id
  }
}

@Module({ controllers: [QueueController] })
class QueueModule {}

const modules = [
  AccountsModule,
  TokensModule,
  SecurityModule,
  AccessModule.with({ roles: { agent: {}, user: {} } }),
  QueueModule,
]

describe('Accounts with access and security', () => {
  it('start: every endpoint has a decision', async () => {
    await using desk = await accountsApp({ modules })
    await desk.member()

    expect((await (await desk.loggedIn()).call('/auth/me')).status).toBe(200)
    expect((await desk.app.request('/auth/me')).status).toBe(401)
  })

  it('let in by the roles of the account, by session and by token', async () => {
    await using desk = await accountsApp({ modules })
    const id = await desk.member()
    const browser = await desk.loggedIn()
    expect((await browser.call('/queue')).status).toBe(403)

    await desk.app.get(AccountAdministration).setRoles(id, ['agent'])
    await desk.clock.advance(2000)

    expect(await (await browser.call('/queue')).text()).toBe(id)
    const login = await desk.browser().call('/auth/token', { json: { email: EMAIL, password: PASSWORD } })
    const { accessToken } = (await login.json()) as { accessToken: string }
    expect((await desk.app.request('/queue', { headers: { authorization: `Bearer ${accessToken}` } })).status).toBe(200)
  })

  it('end a login by token when the account is disabled, and renew it with the roles of today', async () => {
    await using desk = await accountsApp({ modules })
    const id = await desk.member()
    const issuer = desk.app.get(TokenIssuer)
    const login = await desk.browser().call('/auth/token', { json: { email: EMAIL, password: PASSWORD } })
    const { refreshToken } = (await login.json()) as { refreshToken: string }
    await desk.app.get(AccountAdministration).setRoles(id, ['agent'])

    const renewed = await issuer.refresh(refreshToken)

    const headers = { authorization: `Bearer ${renewed.accessToken}` }
    expect((await desk.app.request('/queue', { headers })).status).toBe(200)
    await desk.app.get(AccountAdministration).disable(id)
    expect((await desk.app.request('/queue', { headers })).status).toBe(401)
    await expect(issuer.refresh(renewed.refreshToken)).rejects.toMatchObject({ status: 401 })
  })
})

@Controller('/desk')
class DeskController {
  @Get()
  @Roles('agent')
  @TenantScoped()
  desk(): string {
    return String(tryCtx()?.tenant)
  }
}

@Module({ controllers: [DeskController] })
class DeskModule {}

describe('Accounts with tenants', () => {
  it('act for the tenant of their account, and for no other', async () => {
    await using desk = await accountsApp({
      modules: [AccountsModule, AccessModule.with({ roles: { agent: {} } }), TenancyModule, DeskModule],
      root: [],
    })
    await desk.app.get(Tenants).create({ id: 'acme', name: 'Acme' })
    await desk.app.get(Invitations).invite({ email: EMAIL, roles: ['agent'], tenant: 'acme' })
    const json = { code: await desk.codeFor(EMAIL), password: PASSWORD }
    await desk.browser().call('/auth/invitation/accept', { json })
    const browser = await desk.loggedIn()

    expect(await (await browser.call('/desk')).text()).toBe('acme')
    expect((await browser.call('/desk', { headers: { 'x-tenant-id': 'initech' } })).status).toBe(403)
    expect(await (await browser.call('/auth/me')).json()).toMatchObject({ tenant: 'acme' })
  })
})
