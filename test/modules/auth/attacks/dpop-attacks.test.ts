import { createHmac, generateKeyPairSync, randomUUID, type KeyObject } from 'node:crypto'

import { Clock } from 'tenon'
import { TokenEndpointsModule, TokensModule, type IssuedTokens } from 'tenon/auth'
import type { FakeClock, TestApp } from 'tenon/testing'

import { makeProof } from '../dpop/proofs.ts'
import { deskApp, logIn, sharedDatabase } from '../tokens/desk.ts'
import { encode } from './forge.ts'

interface Caller {
  readonly app: TestApp
  readonly key: KeyObject
  readonly tokens: IssuedTokens
  /** Of `/desk/me`. */
  readonly address: string
}

interface Call {
  readonly scheme?: 'Bearer' | 'DPoP'
  readonly proof?: string
}

const newKey = (): KeyObject => generateKeyPairSync('ed25519').privateKey

async function caller(app: TestApp): Promise<Caller> {
  const key = newKey()
  const proof = makeProof({ key, method: 'POST', address: `${await app.url()}/desk/login` })
  return { app, key, tokens: await logIn(app, {}, { dpop: proof }), address: `${await app.url()}/desk/me` }
}

function call({ app, tokens }: Caller, { scheme = 'DPoP', proof }: Call): Promise<Response> {
  return app.request('/desk/me', {
    headers: { authorization: `${scheme} ${tokens.accessToken}`, ...(proof === undefined ? {} : { dpop: proof }) },
  })
}

function proofOf({ key, address, tokens }: Caller, changes: Partial<Parameters<typeof makeProof>[0]> = {}): string {
  return makeProof({ key, address, token: tokens.accessToken, ...changes })
}

const NOON = Date.parse('2026-06-01T12:00:00Z') / 1000

const ATTACKS: Readonly<Record<string, (caller: Caller) => Call>> = {
  'as a bearer token, without a proof': () => ({ scheme: 'Bearer' }),
  'as a bearer token, with a proof': (me) => ({ scheme: 'Bearer', proof: proofOf(me) }),
  'without a proof': () => ({}),
  "with the proof of somebody else's key": (me) => ({ proof: proofOf(me, { key: newKey() }) }),
  'with a proof for another method': (me) => ({ proof: proofOf(me, { method: 'POST' }) }),
  'with a proof for another path': (me) => ({ proof: proofOf(me, { address: me.address.replace('/me', '/you') }) }),
  'with a proof for another host': (me) => ({ proof: proofOf(me, { address: 'https://evil.example/desk/me' }) }),
  'with a proof for no address': (me) => ({ proof: proofOf(me, { address: 'nowhere' }) }),
  'with a proof that is too old': (me) => ({ proof: proofOf(me, { at: NOON - 91 }) }),
  'with a proof from the future': (me) => ({ proof: proofOf(me, { at: NOON + 31 }) }),
  'with a proof without a time': (me) => ({ proof: proofOf(me, { claims: { iat: undefined } }) }),
  'with a proof without an id': (me) => ({ proof: proofOf(me, { claims: { jti: undefined } }) }),
  'with a proof whose id is very long': (me) => ({ proof: proofOf(me, { claims: { jti: 'x'.repeat(300) } }) }),
  'with a proof for another token': (me) => ({ proof: proofOf(me, { token: 'another' }) }),
  'with a proof for no token': (me) => ({ proof: proofOf(me, { claims: { ath: undefined } }) }),
  'with a proof of another type': (me) => ({ proof: proofOf(me, { header: { typ: 'JWT' } }) }),
  'with a proof without a signature': (me) => ({ proof: `${proofOf(me).split('.').slice(0, 2).join('.')}.` }),
  'with a proof of alg none': (me) => ({ proof: proofOf(me, { header: { alg: 'none' } }) }),
  'with a proof that carries its private key': (me) => ({
    proof: proofOf(me, { header: { jwk: me.key.export({ format: 'jwk' }) } }),
  }),
  'with a proof signed by a shared secret': (me) => {
    const jwk = { kty: 'oct', k: Buffer.from('secret').toString('base64url') }
    const input = `${encode({ typ: 'dpop+jwt', alg: 'HS256', jwk })}.${encode({ jti: randomUUID(), htm: 'GET', htu: me.address, iat: NOON })}`
    return { proof: `${input}.${createHmac('sha256', 'secret').update(input).digest('base64url')}` }
  },
  'with a proof without a key': (me) => ({ proof: proofOf(me, { header: { jwk: undefined } }) }),
  'with a proof whose key is no key': (me) => ({
    proof: proofOf(me, { header: { jwk: { kty: 'OKP', crv: 'x', x: 1 } } }),
  }),
  'with two proofs': (me) => ({ proof: `${proofOf(me)}, ${proofOf(me)}` }),
  'with a proof of 10 kB': (me) => ({ proof: proofOf(me, { claims: { x: 'x'.repeat(9000) } }) }),
  'with a changed proof': (me) => {
    const [head, , signature] = proofOf(me).split('.')
    return { proof: `${head}.${encode({ jti: 'x', htm: 'GET', htu: me.address, iat: NOON })}.${signature}` }
  },
}

describe('A stolen token that is bound to a key is refused:', () => {
  it.each(Object.entries(ATTACKS))('%s', async (_, attack) => {
    await using app = await deskApp().boot()
    const me = await caller(app)

    const refused = await call(me, attack(me))
    const legitimate = await call(me, { proof: proofOf(me) })

    expect(refused.status).toBe(401)
    expect(refused.headers.get('www-authenticate')).toMatch(/^DPoP error=/)
    expect(((await refused.json()) as { readonly code: string }).code).toMatch(/^AUTH_DPOP_(INVALID|MISSING)$/)
    expect(await legitimate.json()).toMatchObject({ id: 'ada' })
  })

  it('with a proof that was used before', async () => {
    await using app = await deskApp().boot()
    const me = await caller(app)
    const proof = proofOf(me)

    const answers = [await call(me, { proof }), await call(me, { proof }), await call(me, { proof: proofOf(me) })]

    expect(answers.map(({ status }) => status)).toEqual([200, 401, 200])
  })

  it('with a proof that was used at another process', async () => {
    await using database = await sharedDatabase()
    const env = { DATABASE_URL: database.url, PUBLIC_URL: 'https://api.example' }
    await using one = await deskApp().env(env).boot()
    await using other = await deskApp().env(env).boot()
    const key = newKey()
    const login = makeProof({ key, method: 'POST', address: 'https://api.example/desk/login' })
    const me = { app: one, key, tokens: await logIn(one, {}, { dpop: login }), address: 'https://api.example/desk/me' }
    const proof = proofOf(me)

    const answers = [await call(me, { proof }), await call({ ...me, app: other }, { proof })]

    expect(answers.map(({ status }) => status)).toEqual([200, 401])
    expect((await call({ ...me, app: other }, { proof: proofOf(me) })).status).toBe(200)
  })

  it('many times at once with one proof: one gets through', async () => {
    await using app = await deskApp().boot()
    const me = await caller(app)
    const proof = proofOf(me)

    const answers = await Promise.all(Array.from({ length: 8 }, () => call(me, { proof })))

    expect(answers.map(({ status }) => status).filter((status) => status === 200)).toHaveLength(1)
  })

  it('an unbound token in the place of a bound one', async () => {
    await using app = await deskApp().boot()
    const me = await caller(app)
    const unbound = { ...me, tokens: await logIn(app) }

    const refused = await call(unbound, { proof: proofOf(unbound) })

    expect(await refused.json()).toMatchObject({ status: 401, code: 'AUTH_TOKEN_INVALID' })
    expect((await call(unbound, { scheme: 'Bearer' })).status).toBe(200)
  })

  it('a bound refresh token without its key, and stays good for who has the key', async () => {
    await using app = await deskApp(TokenEndpointsModule).boot()
    const me = await caller(app)
    const address = `${await app.url()}/auth/token/refresh`
    const refresh = (key?: KeyObject) =>
      app.request('/auth/token/refresh', {
        json: { refreshToken: me.tokens.refreshToken },
        headers: key ? { dpop: makeProof({ key, method: 'POST', address }) } : {},
      })

    const answers = [await refresh(), await refresh(newKey()), await refresh(me.key)]

    expect(answers.map(({ status }) => status)).toEqual([401, 401, 200])
    expect(await answers[2]!.json()).toMatchObject({ tokenType: 'DPoP' })
  })
})

describe('Tokens bound to a key', () => {
  it('are demanded where proofs are required', async () => {
    await using app = await deskApp(TokensModule.with({ dpop: 'required' })).boot()

    const unbound = await app.request('/desk/login', { json: { id: 'ada' } })
    const me = await caller(app)

    expect(await unbound.json()).toMatchObject({ status: 401, code: 'AUTH_DPOP_MISSING' })
    expect(me.tokens.tokenType).toBe('DPoP')
    expect((await call(me, { proof: proofOf(me) })).status).toBe(200)
    const challenge = (await app.request('/desk/me')).headers.get('www-authenticate')
    expect(challenge).toBe('DPoP algs="EdDSA Ed25519 ES256 RS256 PS256 ML-DSA-65"')
  })

  it('are not made where proofs are off', async () => {
    await using app = await deskApp(TokensModule.with({ dpop: 'off' })).boot()

    expect((await caller(app)).tokens.tokenType).toBe('Bearer')
    expect((await app.request('/desk/me')).headers.get('www-authenticate')).toBe('Bearer')
  })

  it('need a nonce of ours in each proof where that is switched on', async () => {
    await using app = await deskApp(TokensModule.with({ dpopNonce: true })).boot()
    const address = `${await app.url()}/desk/me`
    const key = newKey()
    const login = (nonce?: string) =>
      app.request('/desk/login', {
        json: { id: 'ada' },
        headers: {
          dpop: makeProof({ key, method: 'POST', address: address.replace('me', 'login'), claims: { nonce } }),
        },
      })

    const refused = await login()
    const nonce = refused.headers.get('dpop-nonce')!
    const tokens = (await (await login(nonce)).json()) as IssuedTokens
    const me = { app, key, tokens, address }

    expect(refused.headers.get('www-authenticate')).toBe('DPoP error="use_dpop_nonce"')
    expect((await call(me, { proof: proofOf(me, { claims: { nonce: 'made-up' } }) })).status).toBe(401)
    expect((await call(me, { proof: proofOf(me, { claims: { nonce } }) })).status).toBe(200)
    await (app.get(Clock) as FakeClock).advance(600_000)
    const late = await call(me, { proof: proofOf(me, { at: NOON + 600, claims: { nonce } }) })
    expect(late.status).toBe(401)
  })
})
