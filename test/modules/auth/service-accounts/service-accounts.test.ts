import { decodeJwt } from 'jose'
import { Clock } from 'tenon'
import { AccessTokens, ServiceAccounts, TokenIssuer } from 'tenon/auth'
import type { FakeClock } from 'tenon/testing'

import { bearer, logIn } from '../tokens/desk.ts'
import { ACCESS_TOKEN, ask, backstageApp, exchangeOf, newClient } from './backstage.ts'

const CLIENT_CREDENTIALS = { grant_type: 'client_credentials' }

describe('ServiceAccounts', () => {
  it('get access tokens with their secret, in the header or in the body', async () => {
    await using app = await backstageApp().boot()
    const client = await newClient(app, { roles: ['robot'], scopes: ['a', 'b'], tenant: 'acme' })

    const inHeader = await ask(app, client, CLIENT_CREDENTIALS)
    const inBody = await ask(app, undefined, {
      ...CLIENT_CREDENTIALS,
      client_id: client.id,
      client_secret: client.secret,
      scope: 'b',
      whatever: 'is ignored',
    })

    expect(inHeader.headers.get('cache-control')).toBe('no-store')
    expect(inHeader.body).toEqual({
      access_token: expect.any(String),
      token_type: 'Bearer',
      expires_in: 300,
      scope: 'a b',
    })
    expect(inBody.body).toMatchObject({ scope: 'b' })
    const me = await app.request('/desk/me', bearer(String(inBody.body['access_token'])))
    expect(await me.json()).toMatchObject({
      id: client.id,
      kind: 'service',
      roles: ['robot'],
      scopes: ['b'],
      tenant: 'acme',
    })
  })

  it('are listed without their secrets', async () => {
    await using app = await backstageApp().boot()
    const client = await newClient(app, { roles: ['robot'], mayActForOthers: true })

    const listed = await app.get(ServiceAccounts).list()

    expect(listed).toMatchObject([{ id: client.id, name: 'robot', roles: ['robot'], mayActForOthers: true }])
    expect(JSON.stringify(listed)).not.toContain(client.secret)
  })

  it('get a new secret, and keep the old one for a day', async () => {
    await using app = await backstageApp().boot()
    const client = await newClient(app)
    const statusWith = async (secret: string) => (await ask(app, { ...client, secret }, CLIENT_CREDENTIALS)).status

    const secret = await app.get(ServiceAccounts).rotateSecret(client.id)

    expect([await statusWith(client.secret), await statusWith(secret)]).toEqual([200, 200])
    await (app.get(Clock) as FakeClock).advance(86_400_000)
    expect([await statusWith(client.secret), await statusWith(secret)]).toEqual([401, 200])
    const next = await app.get(ServiceAccounts).rotateSecret(client.id, 0)
    expect([await statusWith(secret), await statusWith(next)]).toEqual([401, 200])
  })
})

describe('The exchange of tokens', () => {
  it('keeps both identities: who calls, and who acts', async () => {
    await using app = await backstageApp().boot()
    const [inner, outer] = [
      await newClient(app, { mayActForOthers: true }),
      await newClient(app, { mayActForOthers: true }),
    ]
    const person = await logIn(app, { roles: ['agent'] })

    const once = await ask(app, inner, exchangeOf(person.accessToken))
    const twice = await ask(app, outer, exchangeOf(String(once.body['access_token'])))

    expect(once.body).toMatchObject({ token_type: 'Bearer', expires_in: 300, issued_token_type: ACCESS_TOKEN })
    expect(decodeJwt(String(twice.body['access_token']))).toMatchObject({
      sub: 'ada',
      client_id: outer.id,
      act: { sub: outer.id, kind: 'service', act: { sub: inner.id, kind: 'service' } },
    })
    const me = await app.request('/desk/me', bearer(String(twice.body['access_token'])))
    expect(await me.json()).toMatchObject({
      id: 'ada',
      roles: ['agent'],
      tenant: 'acme',
      actor: { id: outer.id, kind: 'service', actor: { id: inner.id } },
      authentication: { credentialId: person.familyId, factors: [{ method: 'pwd', at: 42_000 }] },
    })
  })

  it('allows no more than both may, for no longer than the token it was made of', async () => {
    await using app = await backstageApp().boot()
    const client = await newClient(app, { mayActForOthers: true, scopes: ['a', 'b'] })
    const { accessToken } = await app.get(AccessTokens).issue({ id: 'ada', scopes: ['b', 'c'] })
    await (app.get(Clock) as FakeClock).advance(100_000)

    const { body } = await ask(app, client, exchangeOf(accessToken))

    expect(body).toMatchObject({ scope: 'b', expires_in: 200 })
  })

  it('ends with the login of the caller', async () => {
    await using app = await backstageApp().boot()
    const client = await newClient(app, { mayActForOthers: true })
    const person = await logIn(app)
    const { body } = await ask(app, client, exchangeOf(person.accessToken))
    const status = async () => (await app.request('/desk/me', bearer(String(body['access_token'])))).status
    const before = await status()

    await app.get(TokenIssuer).revokeFamily(person.familyId)

    expect([before, await status()]).toEqual([200, 401])
  })
})

describe('tenon service-accounts', () => {
  it('makes an account whose secret gets a token, gives it a new one, lists and disables it', async () => {
    await using app = await backstageApp().boot()
    const run = (command: string, args: object = {}, options: object = {}): Promise<{ readonly data: unknown }> =>
      app.application.run(`service-accounts:${command}`, { arguments: { ...args }, options: { ...options } })
    const statusWith = async (id: string, secret: string) => (await ask(app, { id, secret }, CLIENT_CREDENTIALS)).status

    const made = (await run('create', { name: 'import' }, { roles: 'robot', scopes: 'a,b', tenant: 'acme' })).data as {
      id: string
      clientSecret: string
    }
    const next = (await run('rotate', { id: made.id }, { now: 'true' })).data as { clientSecret: string }

    expect(await statusWith(made.id, made.clientSecret)).toBe(401)
    expect(await statusWith(made.id, next.clientSecret)).toBe(200)
    expect((await run('list')).data).toMatchObject([
      { id: made.id, name: 'import', roles: ['robot'], scopes: ['a', 'b'], tenant: 'acme' },
    ])
    await run('disable', { id: made.id })
    expect(await statusWith(made.id, next.clientSecret)).toBe(401)
  })
})
