/** What attackers try at the authorization server. Each attack stands beside the flow that works. */
import { hash } from 'node:crypto'

import { decodeJwt } from 'jose'

import { AccountStore, SignOuts, TokenIssuer } from 'tenon/auth'
import { Database } from 'tenon/data'
import { OidcClients } from 'tenon/oidc'
import { SecurityModule } from 'tenon/security'

import { PASSWORD, problemOf } from '../desk.ts'
import { openHouse, type House, type HouseSettings } from '../house.ts'
import {
  ask,
  authorize,
  authorizeUrl,
  BACK,
  bearer,
  challenge,
  exchange,
  isBack,
  userInfo,
  WIKI,
} from '../relying-party.ts'
import { Surfer } from '../surfer.ts'

const OTHER = { id: 'other', secret: 'the-secret-of-another-one-0123456789', redirectUris: [BACK] }

async function openWith(client: object = {}, more: HouseSettings = {}): Promise<House> {
  const house = await openHouse({ ...more, settings: { ...more.settings, clients: [{ ...WIKI, ...client }, OTHER] } })
  await house.member()
  return house
}

const errorOf = (location: URL | undefined): string | null | undefined => location?.searchParams.get('error')

describe('Asking for a code', () => {
  it.each([
    ['without PKCE', { code_challenge: '', code_challenge_method: '' }],
    ['with PKCE that hides nothing', { code_challenge: 'x'.repeat(43), code_challenge_method: 'plain' }],
    ['for a token in the address', { response_type: 'token' }],
    ['for an ID token in the address', { response_type: 'id_token' }],
    ['for a resource that is not ours', { resource: 'https://api.example' }],
  ] as readonly (readonly [string, Record<string, string>])[])('%s is refused', async (_name, changes) => {
    await using house = await openWith()
    const surfer = new Surfer()
    const page = await surfer.open(authorizeUrl(house, changes), { until: isBack })
    const told = page.location
      ? (page.location.searchParams.get('error') ?? new URLSearchParams(page.location.hash.slice(1)).get('error'))
      : 'page'
    expect(told).toMatch(/^(invalid_request|unsupported_response_type|unauthorized_client|invalid_target|page)$/)
    expect(page.location?.href ?? '').not.toContain('code=')
    expect((await authorize(house, {}, surfer)).searchParams.get('code')).toHaveLength(43)
  })

  it.each([
    ['elsewhere', 'https://evil.example/back'],
    ['below the registered address', `${BACK}/../evil`],
    ['with the registered address in the query', 'https://evil.example/?x=http://localhost:9/back'],
    ['with a further query', `${BACK}?next=https://evil.example`],
    ['at another port', 'http://localhost:10/back'],
  ])('nobody is led %s', async (_name, redirect) => {
    await using house = await openWith()
    const page = await new Surfer().peek(authorizeUrl(house, { redirect_uri: redirect }), {
      headers: { accept: 'text/html' },
    })
    expect([page.status, page.location]).toEqual([400, undefined])
    expect(page.headers.get('content-security-policy')).toContain("default-src 'none'")
    expect((await authorize(house)).href).toContain(BACK)
  })

  it('a client that nobody knows gets an error page that shows nothing of what was sent as HTML', async () => {
    await using house = await openWith()
    const page = await new Surfer().peek(authorizeUrl(house, { client_id: '<script>alert(1)</script>' }), {
      headers: { accept: 'text/html' },
    })
    expect(page.status).toBe(400)
    expect(page.text).not.toContain('<script>')
    expect(page.text).toContain('This did not work')
  })

  it('what is silent stays silent: without a login, prompt=none answers an error', async () => {
    await using house = await openWith({ firstParty: true })
    const surfer = new Surfer()
    const page = await surfer.open(authorizeUrl(house, { prompt: 'none' }), { until: isBack })
    expect(errorOf(page.location)).toBe('login_required')
    await authorize(house, {}, surfer)
    const again = await surfer.open(authorizeUrl(house, { prompt: 'none' }), { until: isBack })
    expect(again.location?.searchParams.get('code')).toHaveLength(43)
  })
})

describe('The pages', () => {
  it('take no form of another site', async () => {
    await using house = await openWith()
    const surfer = new Surfer()
    const login = await surfer.open(authorizeUrl(house))
    const fields = { email: 'ada@example.org', password: PASSWORD }
    const foreign = { headers: { origin: 'https://evil.example', 'sec-fetch-site': 'cross-site' } }
    const refused = await surfer.submit(login, fields, foreign)
    expect([refused.status, problemOf(refused)]).toEqual([403, 'AUTH_CSRF_ORIGIN'])
    const consent = await surfer.submit(login, fields)
    expect((await surfer.submit(consent, {}, foreign)).status).toBe(403)
    expect((await surfer.submit(consent, {}, { until: isBack })).location?.searchParams.get('code')).toHaveLength(43)
  })

  it('answer in the browser that the login was begun in alone', async () => {
    await using house = await openWith()
    const surfer = new Surfer()
    const login = await surfer.open(authorizeUrl(house))
    const eve = new Surfer()
    const peeked = await eve.open(login.url)
    expect([peeked.status, problemOf(peeked)]).toEqual([400, 'OIDC_INTERACTION_INVALID'])
    const own = await eve.open(authorizeUrl(house))
    const uid = login.url.pathname.split('/').at(-1)!
    const name = 'oidc-op-interaction'
    // With a cookie that she has made herself, for the path of another's login.
    for (const [key, cookie] of eve.cookies.get('127.0.0.1')!) eve.setCookie('127.0.0.1', key, cookie.value ?? '')
    eve.setCookie('127.0.0.1', name, uid)
    expect((await eve.open(login.url)).status).toBe(400)
    expect((await eve.submit(login, { email: 'ada@example.org', password: PASSWORD })).status).toBe(400)
    expect(own.status).toBe(200)
    expect((await surfer.submit(login, { email: 'ada@example.org', password: PASSWORD })).text).toContain('/confirm')
  })

  it('are agreed to by whoever logged in: another account in the same browser cannot', async () => {
    await using house = await openWith()
    await house.member({ email: 'eve@example.org' })
    const surfer = new Surfer()
    const login = await surfer.open(authorizeUrl(house))
    const consent = await surfer.submit(login, { email: 'ada@example.org', password: PASSWORD })
    const session = surfer.cookie('127.0.0.1', 'session')!
    surfer.setCookie('127.0.0.1', 'session', 'x'.repeat(43))
    expect((await surfer.submit(consent)).status).toBe(400)
    surfer.setCookie('127.0.0.1', 'session', session)
    expect((await surfer.submit(consent, {}, { until: isBack })).location?.href).toContain(BACK)
  })

  it('count wrong passwords, as every login does, and show nothing of what was typed as HTML', async () => {
    await using house = await openWith({ title: '<b>Wiki</b>' })
    const surfer = new Surfer()
    let page = await surfer.open(authorizeUrl(house, { login_hint: '"><script>alert(1)</script>' }))
    expect(page.text).not.toContain('<script>')
    expect(page.text).not.toContain('<b>Wiki')
    const told: (string | undefined)[] = []
    for (let tries = 0; tries < 6; tries += 1) {
      page = await surfer.submit(page, { email: '"><script>x', password: 'wrong' })
      told.push(/role="alert">(.{10})/.exec(page.text)?.[1])
    }
    expect(told).toEqual([...Array<string>(5).fill('The e-mail'), 'This was t'])
    expect(page.text).not.toContain('<script>')
    const right = await surfer.submit(page, { email: 'ada@example.org', password: PASSWORD })
    expect(right.text).toContain('/confirm')
  })

  it('may load nothing, run nothing, and send forms home and to the client alone', async () => {
    await using house = await openWith()
    const { headers } = await new Surfer().open(authorizeUrl(house))
    expect(headers.get('content-security-policy')).toMatch(
      /^default-src 'none'; style-src 'nonce-[^']+'; form-action 'self' http:\/\/localhost:9; base-uri 'none'; frame-ancestors 'none'$/,
    )
    expect(headers.get('cache-control')).toBe('no-store')
  })
})

describe('A code', () => {
  it.each<readonly [string, Record<string, string>, string | undefined, string | undefined]>([
    ['without its verifier', { code_verifier: '' }, undefined, undefined],
    ['with the verifier of another login', { code_verifier: 'y'.repeat(43) }, undefined, undefined],
    ['with the challenge as verifier', { code_verifier: challenge }, undefined, undefined],
    ['from another address', { redirect_uri: 'http://localhost:9/other' }, undefined, undefined],
    ['by another client', {}, OTHER.secret, OTHER.id],
    ['with a wrong secret', {}, `${WIKI.secret}x`, undefined],
    ['with the hash of the secret', {}, 'hash', undefined],
    ['without the secret', { client_id: WIKI.id }, '', undefined],
    ['that was made up', { code: 'z'.repeat(43) }, undefined, undefined],
  ])('%s gives no token', async (_name, changes, secret, id) => {
    await using house = await openWith()
    const sent = secret === 'hash' ? hash('sha256', WIKI.secret, 'base64url') : secret
    const refused = await exchange(house, await authorize(house), changes, sent, id)
    expect([400, 401]).toContain(refused.status)
    expect(refused.tokens.access_token).toBeUndefined()
    const right = await exchange(house, await authorize(house))
    expect([right.status, decodeJwt(right.tokens.id_token)['iss']]).toEqual([200, house.issuer])
  })

  it('counts once; the second use ends what the first one gave', async () => {
    await using house = await openWith()
    const back = await authorize(house)
    const first = await exchange(house, back)
    expect((await userInfo(house, first.tokens.access_token)).status).toBe(200)
    const second = await exchange(house, back)
    expect([second.status, second.tokens.error]).toEqual([400, 'invalid_grant'])
    expect((await userInfo(house, first.tokens.access_token)).status).toBe(401)
  })

  it('counts once even for calls at the same time', async () => {
    await using house = await openWith()
    const back = await authorize(house)
    const all = await Promise.all(Array.from({ length: 8 }, () => exchange(house, back)))
    expect(all.filter(({ status }) => status === 200).length).toBeLessThanOrEqual(1)
    expect(all.filter(({ status }) => status === 400).length).toBeGreaterThanOrEqual(7)
    expect((await exchange(house, await authorize(house))).status).toBe(200)
  })
})

describe('Tokens', () => {
  it('of clients are none for our own API', async () => {
    await using house = await openWith()
    const { tokens } = await exchange(house, await authorize(house))
    for (const token of [tokens.id_token, tokens.access_token])
      expect((await fetch(`${house.url}/me`, bearer(token))).status).toBe(401)
    const issued = await house.app
      .get(TokenIssuer)
      .issue({ id: (await house.app.get(AccountStore).findByEmail('ada@example.org'))!.id })
    expect((await fetch(`${house.url}/me`, bearer(issued.accessToken))).status).toBe(200)
  })

  it('a refresh token that comes twice ends them all', async () => {
    await using house = await openWith({ offline: true })
    const scope = { scope: 'openid offline_access', prompt: 'consent' }
    const { tokens } = await exchange(house, await authorize(house, scope))
    const refresh = (token: string) => ask(house, '/token', { grant_type: 'refresh_token', refresh_token: token })
    const next = await refresh(tokens.refresh_token!)
    expect(next.status).toBe(200)
    expect(next.tokens.refresh_token).not.toBe(tokens.refresh_token)
    expect((await refresh(tokens.refresh_token!)).tokens.error).toBe('invalid_grant')
    expect((await refresh(next.tokens.refresh_token!)).tokens.error).toBe('invalid_grant')
  })

  it('are revoked and looked at by the client they were given to alone', async () => {
    await using house = await openWith()
    const { tokens } = await exchange(house, await authorize(house))
    const token = { token: tokens.access_token }
    const introspect = async (client: typeof WIKI) =>
      (
        (await ask(house, '/token/introspection', token, client.secret, client.id)).tokens as unknown as {
          active: boolean
        }
      ).active
    expect([await introspect(OTHER), await introspect(WIKI)]).toEqual([false, true])
    await ask(house, '/token/revocation', token, OTHER.secret, OTHER.id)
    expect((await userInfo(house, tokens.access_token)).status).toBe(200)
    await ask(house, '/token/revocation', token)
    expect((await userInfo(house, tokens.access_token)).status).toBe(401)
  })

  it('of an account that was closed count no longer', async () => {
    await using house = await openWith({ offline: true })
    const { tokens } = await exchange(
      house,
      await authorize(house, { scope: 'openid offline_access', prompt: 'consent' }),
    )
    const refresh = { grant_type: 'refresh_token', refresh_token: tokens.refresh_token! }
    expect((await userInfo(house, tokens.access_token)).status).toBe(200)
    const store = house.app.get(AccountStore)
    await store.change((await store.findByEmail('ada@example.org'))!.id, { disabledAt: 1 })
    expect((await userInfo(house, tokens.access_token)).status).toBe(401)
    expect((await ask(house, '/token', refresh)).tokens.error).toBe('invalid_grant')
  })

  it('who signs out everywhere is asked again by clients', async () => {
    await using house = await openWith({ firstParty: true })
    const surfer = new Surfer()
    await authorize(house, {}, surfer)
    const silent = () => surfer.open(authorizeUrl(house, { prompt: 'none' }), { until: isBack })
    expect(errorOf((await silent()).location)).toBeNull()
    const account = await house.app.get(AccountStore).findByEmail('ada@example.org')
    await house.app.get(SignOuts).everywhere(account!.id)
    expect(errorOf((await silent()).location)).toBe('login_required')
  })

  it('lie in the database as hashes, and so do secrets of clients', async () => {
    await using house = await openWith({ offline: true })
    await house.app.get(OidcClients).register({ ...OTHER, id: 'registered' })
    const back = await authorize(house, { scope: 'openid offline_access', prompt: 'consent' })
    const { tokens } = await exchange(house, back)
    const rows = JSON.stringify(await house.app.get(Database).source.query('select * from oidc_records'))
    expect(rows.length).toBeGreaterThan(500)
    for (const secret of [
      back.searchParams.get('code')!,
      tokens.access_token,
      tokens.refresh_token!,
      OTHER.secret,
      WIKI.secret,
    ])
      expect(rows).not.toContain(secret)
  })
})

describe('As part of the application', () => {
  it('headers and rate limits hold for its endpoints', async () => {
    await using house = await openWith({}, { modules: [SecurityModule.with({ limits: [{ limit: 3, window: '1h' }] })] })
    const statuses: number[] = []
    for (let call = 0; call < 5; call += 1) {
      const response = await fetch(`${house.issuer}/.well-known/openid-configuration`)
      statuses.push(response.status)
      expect(response.headers.get('x-content-type-options')).toBe('nosniff')
    }
    expect(statuses).toEqual([200, 200, 200, 429, 429])
  })
})
