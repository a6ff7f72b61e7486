import { decodeJwt, decodeProtectedHeader } from 'jose'

import { TokensModule } from 'tenon/auth'

import { openTown } from './desk.ts'
import { openHouse } from './house.ts'
import { ask, authorize, authorizeUrl, exchange, userInfo, WIKI, type Tokens } from './relying-party.ts'
import { Surfer } from './surfer.ts'

const ADA = { sub: 'ada', email: 'ada@example.org', email_verified: true, org: 'acme-inc' }

describe('What may be chosen about logging in with others', () => {
  it('tokens in place of a session', async () => {
    await using town = await openTown(ADA, {}, { modules: [TokensModule], settings: { result: 'tokens' } })
    const { desk } = town
    const surfer = new Surfer()
    const page = await surfer.open(`${desk.url}/auth/oidc/acme/login`)
    const { accessToken } = JSON.parse(page.text) as { accessToken: string }
    expect(surfer.cookie('localhost', 'session')).toBeUndefined()
    const me = await new Surfer().open(`${desk.url}/me`, { headers: { authorization: `Bearer ${accessToken}` } })
    expect(JSON.parse(me.text)).toMatchObject({ roles: ['user'], authentication: { scheme: 'bearer' } })
  })

  it('the tenant by a list of the settings, and a page for what is refused', async () => {
    const tenants = { claim: 'org', tenantOf: { 'acme-inc': 'acme' } }
    await using town = await openTown(ADA, { tenants }, { settings: { errorPath: '/login' } })
    const { desk, idp } = town
    const page = await new Surfer().open(`${desk.url}/auth/oidc/acme/login?returnTo=/me`)
    expect(JSON.parse(page.text)).toMatchObject({ tenant: 'acme' })
    idp.person = { ...ADA, sub: 'eve', email: 'eve@example.org', org: 'constructor' }
    const refused = await new Surfer().open(`${desk.url}/auth/oidc/acme/login`, {
      until: ({ pathname }) => pathname === '/login',
    })
    expect(refused.location?.search).toBe('?error=OIDC_ACCOUNT_UNKNOWN')
  })
})

describe('What may be chosen about being the identity provider', () => {
  const api = { resource: 'https://api.example/v1', scopes: ['orders:read'] }

  it('access tokens of an API are signed, for people and for services', async () => {
    const clients = [{ ...WIKI, firstParty: true, service: true }]
    await using house = await openHouse({ settings: { clients, resources: [api] } })
    const { id } = await house.member()
    const { resource } = api
    const { tokens } = await exchange(house, await authorize(house, { resource, scope: 'openid orders:read' }), {
      resource,
    })
    expect(decodeProtectedHeader(tokens.access_token)).toMatchObject({ alg: 'EdDSA', typ: 'at+jwt' })
    expect(decodeJwt(tokens.access_token)).toMatchObject({
      iss: house.issuer,
      sub: id,
      aud: resource,
      scope: 'orders:read',
    })
    const own = await ask(house, '/token', { grant_type: 'client_credentials', resource, scope: 'orders:read' })
    expect(decodeJwt(own.tokens.access_token)).toMatchObject({
      client_id: WIKI.id,
      aud: resource,
      scope: 'orders:read',
    })
  })

  it('claims of the application, by scope', async () => {
    await using house = await openHouse({
      settings: {
        clients: [WIKI],
        scopes: { profile: ['name'] },
        claims: ({ email }) => ({ name: email.split('@')[0], secret: 'is not asked for by any scope' }),
      },
    })
    const { id } = await house.member({ tenant: 'acme' })
    const claimsBy = async (scope: string): Promise<unknown> => {
      const { tokens }: { tokens: Tokens } = await exchange(house, await authorize(house, { scope }))
      return (await userInfo(house, tokens.access_token)).json()
    }
    expect(await claimsBy('openid')).toEqual({ sub: id })
    expect(await claimsBy('openid profile roles tenant')).toEqual({
      sub: id,
      name: 'ada',
      roles: ['user', 'agent'],
      tenant: 'acme',
    })
  })

  it('a login page of the application', async () => {
    await using house = await openHouse({ settings: { clients: [WIKI], loginPath: '/log-in-here' } })
    const page = await new Surfer().open(authorizeUrl(house), { until: ({ pathname }) => pathname === '/log-in-here' })
    expect(page.location?.searchParams.get('returnTo')).toMatch(/^\/oidc\/interaction\/[\w-]+$/)
  })

  it('pages of public clients may ask from their own origin alone', async () => {
    const { id, redirectUris } = WIKI
    await using house = await openHouse({ settings: { clients: [{ id, redirectUris }] } })
    await house.member()
    const back = await authorize(house)
    const { tokens, status } = await exchange(house, back, { client_id: id }, '')
    expect([status, typeof tokens.id_token]).toEqual([200, 'string'])
    const allowed = async (origin: string): Promise<string | null> => {
      const headers = { authorization: `Bearer ${tokens.access_token}`, origin }
      return (await fetch(`${house.issuer}/me`, { headers })).headers.get('access-control-allow-origin')
    }
    expect(await allowed('http://localhost:9')).toBe('http://localhost:9')
    expect(await allowed('https://evil.example')).toBeNull()
  })
})
