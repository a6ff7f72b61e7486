import { Controller, Get, Module, Public } from 'tenon'
import { FakeClock, testApp } from 'tenon/testing'

import { Roles } from '../../../samples/starter-kit/access/roles.ts'
import { UserRepository } from '../../../samples/starter-kit/accounts/user-repository.ts'
import { AppModule } from '../../../samples/starter-kit/app-module.ts'
import { answer, Desk } from './desk.ts'

const bearing = (token: string) => ({ headers: { authorization: `Bearer ${token}` } })

describe('Access to the service desk', () => {
  it('lets strangers in where they begin, and says 404 for what is not there', async () => {
    await using desk = await Desk.open()

    expect(await answer(desk.app.request('/'))).toMatchObject({ status: 200, body: { name: 'Service desk' } })
    expect((await desk.app.request('/health/ready')).status).toBe(200)
    expect((await desk.app.request('/api/nothing')).status).toBe(404)
  })

  it('answers 401 with a challenge where somebody must log in, and 200 to a token', async () => {
    await using desk = await Desk.open()
    const { customer } = await desk.team('acme')

    const refused = await desk.app.request('/api/tickets')

    expect(refused.status).toBe(401)
    expect(refused.headers.get('www-authenticate')).toBe('Bearer realm="service desk"')
    expect(await refused.json()).toMatchObject({ code: 'DESK_LOGIN_REQUIRED' })
    expect((await desk.app.request('/api/tickets', bearing(customer.token))).status).toBe(200)
  })

  it.each([
    ['no token at all', () => 'nonsense'],
    ['a token that was changed', (token: string) => `${token.slice(0, -4)}AAAA`],
    ['a token that is signed by nobody', (token: string) => unsigned(token)],
  ])('refuses %s', async (_what, forge) => {
    await using desk = await Desk.open()
    const { customer } = await desk.team('acme')

    const refused = await desk.app.request('/api/me', bearing(forge(customer.token)))

    expect(refused.headers.get('www-authenticate')).toContain('error="invalid_token"')
    expect(await answer(Promise.resolve(refused))).toMatchObject({ status: 401, body: { code: 'DESK_TOKEN_INVALID' } })
    expect((await desk.app.request('/api/me', bearing(customer.token))).status).toBe(200)
  })

  it('takes a token until it expires', async () => {
    const clock = new FakeClock()
    await using desk = await Desk.open((builder) => builder.clock(clock).env({ TOKEN_HOURS: '2' }))
    const { customer } = await desk.team('acme')
    const ask = async () => (await desk.app.request('/api/me', bearing(customer.token))).status

    await clock.advance(2 * 3_600_000 - 1000)
    expect(await ask()).toBe(200)

    await clock.advance(1000)
    expect(await ask()).toBe(401)
  })

  it('refuses a token that another secret signed', async () => {
    await using elsewhere = await Desk.open()
    await using desk = await Desk.open()
    const { customer: stranger } = await elsewhere.team('acme')
    await desk.team('acme')

    expect((await desk.app.request('/api/me', bearing(stranger.token))).status).toBe(401)
    expect((await elsewhere.app.request('/api/me', bearing(stranger.token))).status).toBe(200)
  })

  it('asks for the account at each call: a change of role holds at once, and a token of nobody is refused', async () => {
    await using desk = await Desk.open()
    const { admin } = await desk.team('acme')
    const users = desk.app.get(UserRepository)
    const ask = async () => (await desk.app.request('/api/users', bearing(admin.token))).status

    expect(await ask()).toBe(200)
    await users.update(admin.id, { role: 'customer' })
    expect(await ask()).toBe(403)
    await users.delete(admin.id)
    expect(await ask()).toBe(401)
  })

  it('holds callers to their roles', async () => {
    await using desk = await Desk.open()
    const { admin, agent, customer } = await desk.team('acme')

    expect(await answer(customer.app.request('/api/users'))).toMatchObject({
      status: 403,
      body: { code: 'DESK_ROLE_MISSING', detail: 'This is for: admin.' },
    })
    expect((await agent.app.request('/api/users')).status).toBe(403)
    expect((await admin.app.request('/api/users')).status).toBe(200)
  })

  it('does not start with an endpoint of which nobody said who may call it', async () => {
    const booting = testApp(AppModule, UndecidedModule).boot()

    const refusal = await booting.then(
      () => '',
      (error: Error) => error.message,
    )

    expect(refusal).toContain('UndecidedController.neither has neither @Public nor @Roles')
    expect(refusal).toContain('UndecidedController.both has both @Public and @Roles')
    expect(refusal).not.toContain('UndecidedController.decided')
  })

  it('does not start in production without a secret, nor with a short one', async () => {
    const start = (secret?: string) =>
      testApp(AppModule).env({ TENON_ENV: 'production', TOKEN_SECRET: secret, DATABASE_URL: 'sqlite::memory:' }).boot()

    await expect(start()).rejects.toThrow('TOKEN_SECRET')
    await expect(start('too short')).rejects.toThrow('TOKEN_SECRET')
    await using desk = await start('long enough to sign tokens with it')
    expect((await desk.request('/')).status).toBe(200)
  })
})

/** The same statement under the algorithm that needs no key. */
function unsigned(token: string): string {
  const header = Buffer.from(JSON.stringify({ alg: 'none', typ: 'JWT' })).toString('base64url')
  return `${header}.${token.split('.')[1]}.`
}

@Controller('/undecided')
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
