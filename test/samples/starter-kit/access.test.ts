import { Controller, Get, Module, Public } from 'tenon'
import { Roles } from 'tenon/access'
import { TenantScoped } from 'tenon/tenancy'
import { FakeClock, testApp } from 'tenon/testing'

import { AppModule } from '../../../samples/starter-kit/app-module.ts'
import { answer, Desk, PRODUCTION } from './desk.ts'

const bearing = (token: string) => ({ headers: { authorization: `Bearer ${token}` } })

describe('Access to the service desk', () => {
  it('lets strangers in where they begin, and says 404 for what is not there', async () => {
    await using desk = await Desk.open()

    expect((await desk.app.request('/')).status).toBe(200)
    expect((await desk.app.request('/health/ready')).status).toBe(200)
    expect((await desk.app.request('/api/nothing')).status).toBe(404)
  })

  it('answers 401 with a challenge where somebody must log in, and 200 to a token', async () => {
    await using desk = await Desk.open()
    const { customer } = await desk.team('acme')

    const refused = await desk.app.request('/api/tickets')

    expect(refused.status).toBe(401)
    expect(refused.headers.get('www-authenticate')).toContain('Bearer')
    expect(await refused.json()).toMatchObject({ code: 'AUTH_REQUIRED' })
    expect((await desk.app.request('/api/tickets', bearing(customer.token))).status).toBe(200)
  })

  it.each([
    ['no token at all', () => 'nonsense', 'AUTH_TOKEN_INVALID'],
    ['a token that was changed', (token: string) => `${token.slice(0, -4)}AAAA`, 'AUTH_TOKEN_INVALID'],
    ['a token that is signed by nobody', (token: string) => unsigned(token), 'AUTH_TOKEN_INVALID'],
  ])('refuses %s', async (_what, forge, code) => {
    await using desk = await Desk.open()
    const { customer } = await desk.team('acme')

    const refused = await desk.app.request('/api/me', bearing(forge(customer.token)))

    expect(refused.headers.get('www-authenticate')).toContain('error="invalid_token"')
    expect(await answer(Promise.resolve(refused))).toMatchObject({ status: 401, body: { code } })
    expect((await desk.app.request('/api/me', bearing(customer.token))).status).toBe(200)
  })

  it('takes a token until it expires', async () => {
    const clock = new FakeClock()
    await using desk = await Desk.open((builder) => builder.clock(clock).env({ AUTH_ACCESS_TOKEN_SECONDS: '120' }))
    const { customer } = await desk.team('acme')
    const ask = async () => (await desk.app.request('/api/me', bearing(customer.token))).status

    await clock.advance(119_000)
    expect(await ask()).toBe(200)

    // Clocks may differ by half a minute.
    await clock.advance(32_000)
    expect(await ask()).toBe(401)
  })

  it('refuses a token that another desk signed', async () => {
    await using elsewhere = await Desk.open()
    await using desk = await Desk.open()
    const { customer: stranger } = await elsewhere.team('acme')
    await desk.team('acme')

    expect((await desk.app.request('/api/me', bearing(stranger.token))).status).toBe(401)
    expect((await elsewhere.app.request('/api/me', bearing(stranger.token))).status).toBe(200)
  })

  it('holds callers to their roles, and tells admins why', async () => {
    await using desk = await Desk.open()
    const { admin, agent, customer } = await desk.team('acme')

    expect(await answer(customer.app.request('/api/users'))).toMatchObject({
      status: 403,
      body: { code: 'ACCESS_REFUSED' },
    })
    expect((await agent.app.request('/api/users')).status).toBe(403)
    expect((await admin.app.request('/api/users')).status).toBe(200)
    const own = await answer(admin.app.request(`/api/users/${admin.id}`, { method: 'DELETE' }))
    expect(own.body.explanation).toMatchObject({ reason: 'an organisation must not lose its last admin by a slip' })
    expect((await answer(customer.app.request('/api/users'))).body).not.toHaveProperty('explanation')
  })

  it('does not start with an endpoint of which nobody said who may call it', async () => {
    const booting = testApp(AppModule, UndecidedModule).boot()

    const refusal = await booting.then(
      () => '',
      (error: Error) => error.message,
    )

    expect(refusal).toContain('UndecidedController.neither')
    expect(refusal).toContain('UndecidedController.both')
    expect(refusal).not.toContain('UndecidedController.decided')
  })

  it('does not start in production without its secrets, nor with a short one', async () => {
    const start = (variables: Record<string, string | undefined>) =>
      testApp(AppModule)
        .env({ ...PRODUCTION, ...variables })
        .boot()

    await expect(start({ AUTH_KEY_SECRET: undefined })).rejects.toMatchObject({ code: 'AUTH_KEY_SECRET_MISSING' })
    await expect(start({ AUTH_KEY_SECRET: 'too short' })).rejects.toThrow('AUTH_KEY_SECRET')
    await expect(start({ AUTH_ISSUER: undefined })).rejects.toThrow('AUTH_ISSUER')
    await expect(start({ PUBLIC_URL: undefined })).rejects.toThrow('where browsers find this application')
    await using desk = await start({})
    expect((await desk.request('/')).status).toBe(200)
  })
})

/** The same statement under the algorithm that needs no key. */
function unsigned(token: string): string {
  const header = Buffer.from(JSON.stringify({ alg: 'none', typ: 'at+jwt' })).toString('base64url')
  return `${header}.${token.split('.')[1]}.`
}

@Controller('/undecided')
@TenantScoped()
class UndecidedController {
  @Get('/neither')
  neither(): string {
    return 'open'
  }

  @Get('/both')
  @Public('A mistake.')
  @Roles('admin')
  both(): string {
    return 'open'
  }

  @Get('/decided')
  @Roles('admin')
  decided(): string {
    return 'closed'
  }
}

@Module({ controllers: [UndecidedController] })
class UndecidedModule {}
