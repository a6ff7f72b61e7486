import { generateKeyPairSync } from 'node:crypto'

import { AccessTokens, KeySetsModule, TokenIssuer, TokensModule } from 'tenon/auth'
import { UnitOfWork } from 'tenon/data'
import { testApp, type FakeClock, type TestApp } from 'tenon/testing'
import { Clock } from 'tenon'

import { bearer, deskApp, logIn } from '../tokens/desk.ts'
import { ed25519, encode, es256, Forgery, hmac, jwt, type Signer } from './forge.ts'

interface Attack {
  readonly algorithm?: 'EdDSA' | 'ES256' | 'RS256' | 'HS256'
  readonly forge: (forgery: Forgery) => string | Promise<string>
  /** Default: `AUTH_TOKEN_INVALID`. */
  readonly code?: string
  /** What the answer says. */
  readonly detail?: RegExp
}

const SECRET = 'a shared secret of more than 32 characters'
const nothing: Signer = () => Buffer.alloc(0)
const stranger = generateKeyPairSync('ed25519')
const strangerJwk = stranger.publicKey.export({ format: 'jwk' })

const ATTACKS: Readonly<Record<string, Attack>> = {
  'alg none without a signature': {
    forge: ({ header, claims }) => `${encode({ ...header, alg: 'none' })}.${encode(claims)}.`,
  },
  'alg none with a signature': {
    forge: ({ header, claims }) => jwt({ ...header, alg: 'none' }, claims, () => Buffer.from('x')),
    detail: /algorithm/,
  },
  'alg None in another spelling': {
    forge: ({ header, claims }) => jwt({ ...header, alg: 'nOnE' }, claims, () => Buffer.from('x')),
    detail: /algorithm/,
  },
  'alg none without a kid': {
    forge: ({ claims }) => jwt({ alg: 'none', typ: 'at+jwt' }, claims, () => Buffer.from('x')),
    detail: /key is unknown/,
  },
  'no alg at all': {
    forge: ({ header, claims }) => {
      const { alg: _, ...rest } = header
      return jwt(rest, claims, () => Buffer.from('x'))
    },
    detail: /names no algorithm/,
  },
  'HS256 with the public key as PEM': {
    forge: ({ header, claims, publicKey }) =>
      jwt({ ...header, alg: 'HS256' }, claims, hmac(publicKey.export({ format: 'pem', type: 'spki' }))),
    detail: /algorithm/,
  },
  'HS256 with the public key as DER': {
    forge: ({ header, claims, publicKey }) =>
      jwt({ ...header, alg: 'HS256' }, claims, hmac(publicKey.export({ format: 'der', type: 'spki' }))),
    detail: /algorithm/,
  },
  'HS256 with the public key as JWK': {
    forge: ({ header, claims, publicKey }) =>
      jwt({ ...header, alg: 'HS256' }, claims, hmac(JSON.stringify(publicKey.export({ format: 'jwk' })))),
    detail: /algorithm/,
  },
  'HS256 with the x of the public key': {
    forge: ({ header, claims, publicKey }) =>
      jwt({ ...header, alg: 'HS256' }, claims, hmac(Buffer.from(publicKey.export({ format: 'jwk' }).x!, 'base64url'))),
    detail: /algorithm/,
  },
  'HS256 with the RSA public key as PEM': {
    algorithm: 'RS256',
    forge: ({ header, claims, publicKey }) =>
      jwt({ ...header, alg: 'HS256' }, claims, hmac(publicKey.export({ format: 'pem', type: 'spki' }))),
    detail: /algorithm/,
  },
  'HS256 with an empty secret': {
    algorithm: 'HS256',
    forge: ({ header, claims }) => jwt(header, claims, hmac('')),
    detail: /signature/,
  },
  'HS512 where HS256 is agreed on': {
    algorithm: 'HS256',
    forge: ({ header, claims }) => jwt({ ...header, alg: 'HS512' }, claims, hmac(SECRET, 'sha512')),
    detail: /algorithm/,
  },
  'alg none where a secret is shared': {
    algorithm: 'HS256',
    forge: ({ header, claims }) => jwt({ ...header, alg: 'none' }, claims, () => Buffer.from('x')),
    detail: /algorithm/,
  },
  'RS256 where EdDSA is meant': {
    forge: ({ header, claims, key }) => jwt({ ...header, alg: 'RS256' }, claims, ed25519(key)),
    detail: /algorithm/,
  },
  'ES256 with a signature of zeros': {
    algorithm: 'ES256',
    forge: ({ header, claims }) => jwt(header, claims, () => Buffer.alloc(64)),
    detail: /signature/,
  },
  'ES256 with r and s of one': {
    algorithm: 'ES256',
    forge: ({ header, claims }) => {
      const signature = Buffer.alloc(64)
      signature[31] = 1
      signature[63] = 1
      return jwt(header, claims, () => signature)
    },
    detail: /signature/,
  },
  'ES256 with a DER signature': {
    algorithm: 'ES256',
    forge: ({ header, claims, key }) => {
      const input = `${encode(header)}.${encode(claims)}`
      const plain = es256(key)(input)
      const part = (bytes: Buffer) => Buffer.concat([Buffer.from([2, 33, 0]), bytes])
      const both = Buffer.concat([part(plain.subarray(0, 32)), part(plain.subarray(32))])
      return `${input}.${Buffer.concat([Buffer.from([0x30, both.length]), both]).toString('base64url')}`
    },
    detail: /signature/,
  },
  'EdDSA with a signature of zeros': {
    forge: ({ header, claims }) => jwt(header, claims, () => Buffer.alloc(64)),
    detail: /signature/,
  },
  'an empty signature': { forge: ({ header, claims }) => jwt(header, claims, nothing) },
  'a truncated signature': { forge: ({ token }) => token.slice(0, -8) },
  "another key's signature": {
    forge: ({ header, claims }) => jwt(header, claims, ed25519(stranger.privateKey)),
    detail: /signature/,
  },
  'changed claims under the old signature': {
    forge: ({ token, claims }) => {
      const [head, , signature] = token.split('.')
      return `${head}.${encode({ ...claims, roles: ['admin'] })}.${signature}`
    },
    detail: /signature/,
  },
  'a changed header under the old signature': {
    forge: ({ token, header }) => {
      const [, body, signature] = token.split('.')
      return `${encode({ ...header, x: 1 })}.${body}.${signature}`
    },
    detail: /signature/,
  },
  'the signature of another token': {
    forge: async ({ app, token }) => {
      const other = (await app.get(AccessTokens).issue({ id: 'eve' })).accessToken
      return [...token.split('.').slice(0, 2), other.split('.')[2]].join('.')
    },
    detail: /signature/,
  },
  'a kid that nobody has': {
    forge: ({ header, claims, key }) => jwt({ ...header, kid: 'nobody' }, claims, ed25519(key)),
    detail: /key is unknown/,
  },
  'a kid that leaves the folder': {
    forge: ({ header, claims }) => jwt({ ...header, kid: '../../../../dev/null', alg: 'HS256' }, claims, hmac('')),
    detail: /key is unknown/,
  },
  'a kid with SQL in it': {
    forge: ({ header, claims, key }) => jwt({ ...header, kid: "x' UNION SELECT 'key' --" }, claims, ed25519(key)),
    detail: /key is unknown/,
  },
  'a kid that drops a table': {
    forge: ({ header, claims, key }) =>
      jwt({ ...header, kid: "'; DROP TABLE auth_signing_keys; --" }, claims, ed25519(key)),
    detail: /key is unknown/,
  },
  'a kid that names a member of objects': {
    forge: ({ header, claims, key }) => jwt({ ...header, kid: '__proto__' }, claims, ed25519(key)),
    detail: /key is unknown/,
  },
  'a kid that is no text': {
    forge: ({ header, claims, key }) => jwt({ ...header, kid: { $ne: null } }, claims, ed25519(key)),
    detail: /proper name/,
  },
  'a kid of a thousand characters': {
    forge: ({ header, claims, key }) => jwt({ ...header, kid: 'k'.repeat(1000) }, claims, ed25519(key)),
    detail: /proper name/,
  },
  'no kid': {
    forge: ({ claims, key }) => jwt({ alg: 'EdDSA', typ: 'at+jwt' }, claims, ed25519(key)),
    detail: /key is unknown/,
  },
  'a key of its own in jwk': {
    forge: ({ header, claims }) => jwt({ ...header, jwk: strangerJwk }, claims, ed25519(stranger.privateKey)),
    detail: /signature/,
  },
  'a key of its own in jwk, and no kid': {
    forge: ({ claims }) => jwt({ alg: 'EdDSA', typ: 'at+jwt', jwk: strangerJwk }, claims, ed25519(stranger.privateKey)),
    detail: /key is unknown/,
  },
  'an unknown critical extension': {
    forge: ({ header, claims, key }) => jwt({ ...header, crit: ['x'], x: 1 }, claims, ed25519(key)),
    detail: /critical/,
  },
  'a payload that is not encoded (b64)': {
    forge: ({ header, claims, key }) => jwt({ ...header, crit: ['b64'], b64: false }, claims, ed25519(key)),
    detail: /critical/,
  },
  'another type of token of the same key': {
    forge: ({ claims, header, key }) => jwt({ ...header, typ: 'JWT' }, claims, ed25519(key)),
    detail: /no access token/,
  },
  'no type': {
    forge: ({ header, claims, key }) => {
      const { typ: _, ...rest } = header
      return jwt(rest, claims, ed25519(key))
    },
    detail: /no typ|no access token/,
  },
  'a DPoP proof as access token': {
    forge: ({ claims, header, key }) => jwt({ ...header, typ: 'dpop+jwt' }, claims, ed25519(key)),
    detail: /no access token/,
  },
  expired: {
    forge: (forgery) => forgery.signed({ ...forgery.claims, exp: forgery.now - 31 }),
    code: 'AUTH_TOKEN_EXPIRED',
  },
  'expired, where a secret is shared': {
    algorithm: 'HS256',
    forge: ({ header, claims, now }) => jwt(header, { ...claims, exp: now - 31 }, hmac(SECRET)),
    code: 'AUTH_TOKEN_EXPIRED',
  },
  'not valid yet': {
    forge: (forgery) => forgery.signed({ ...forgery.claims, nbf: forgery.now + 31 }),
    detail: /not valid yet/,
  },
  'not valid yet, where a secret is shared': {
    algorithm: 'HS256',
    forge: ({ header, claims, now }) => jwt(header, { ...claims, nbf: now + 31 }, hmac(SECRET)),
    detail: /not valid yet/,
  },
  'issued in the future': {
    forge: (forgery) => forgery.signed({ ...forgery.claims, iat: forgery.now + 31 }),
    detail: /future/,
  },
  'for another audience': {
    forge: (forgery) => forgery.signed({ ...forgery.claims, aud: 'https://other.example' }),
    detail: /somebody else/,
  },
  'for another audience, where a secret is shared': {
    algorithm: 'HS256',
    forge: ({ header, claims }) => jwt(header, { ...claims, aud: 'https://other.example' }, hmac(SECRET)),
    detail: /somebody else/,
  },
  'without an audience': { forge: (forgery) => forgery.without('aud'), detail: /no aud/ },
  'of another issuer': {
    forge: (forgery) => forgery.signed({ ...forgery.claims, iss: 'https://evil.example' }),
    detail: /issuer/,
  },
  'without an issuer': { forge: (forgery) => forgery.without('iss'), detail: /issuer/ },
  'without an expiry': { forge: (forgery) => forgery.without('exp'), detail: /no exp/ },
  'without an expiry, where a secret is shared': {
    algorithm: 'HS256',
    forge: ({ header, claims }) => {
      const { exp: _, ...rest } = claims
      return jwt(header, rest, hmac(SECRET))
    },
    detail: /no exp/,
  },
  'with an expiry that is text': {
    forge: (forgery) => forgery.signed({ ...forgery.claims, exp: '9999999999' }),
    detail: /exp/,
  },
  'without a subject': { forge: (forgery) => forgery.without('sub'), detail: /no sub/ },
  'without an id': { forge: (forgery) => forgery.without('jti'), detail: /no jti/ },
  'bound to a certificate, which nobody would ask for': {
    forge: (forgery) =>
      forgery.signed({ ...forgery.claims, cnf: { 'x5t#S256': 'bwcK0esc3ACC3DB2Y5_lESsXE8o9ltc05O89jdN-dg2' } }),
    detail: /bound to something/,
  },
  'longer than 8 kB': {
    forge: (forgery) => forgery.signed({ ...forgery.claims, x: 'x'.repeat(8192) }),
    detail: /too long/,
  },
  'a claim that is said twice': {
    forge: (forgery) => forgery.signed(JSON.stringify(forgery.claims).replace('{', '{"sub":"admin",')),
    detail: /twice/,
  },
  'a claim that is said twice, once escaped': {
    forge: (forgery) => forgery.signed(JSON.stringify(forgery.claims).replace('{', String.raw`{"s\u0075b":"admin",`)),
    detail: /twice/,
  },
  'a header that is said twice': {
    forge: (forgery) => forgery.signed(forgery.claims, JSON.stringify(forgery.header).replace('{', '{"alg":"none",')),
    detail: /twice/,
  },
  'claims nested a hundred levels deep': {
    forge: (forgery) =>
      forgery.signed(JSON.stringify(forgery.claims).replace('{', `{"x":${'['.repeat(100)}${']'.repeat(100)},`)),
    detail: /too deep/,
  },
  'claims that are a list': { forge: (forgery) => forgery.signed('["sub"]'), detail: /no JSON Web Token/ },
  'claims that are not JSON': { forge: (forgery) => forgery.signed('{"sub":'), detail: /no JSON Web Token/ },
  'four parts': { forge: ({ token }) => `${token}.x`, detail: /no JSON Web Token/ },
  'five parts, as if encrypted': { forge: ({ token }) => `${token}.x.y`, detail: /no JSON Web Token/ },
  'characters outside of base64url': { forge: ({ token }) => token.replace('.', '=.'), detail: /no JSON Web Token/ },
  'no JSON Web Token at all': { forge: () => 'letmein', detail: /no JSON Web Token/ },
  'a refresh token': {
    forge: async ({ app }) => (await logIn(app)).refreshToken,
    detail: /no JSON Web Token/,
  },
}

describe('A forged access token is refused:', () => {
  it.each(Object.entries(ATTACKS))('%s', async (_, attack) => {
    const { algorithm = 'EdDSA', forge, code = 'AUTH_TOKEN_INVALID', detail = /./ } = attack
    await using app = await deskWith(algorithm)
    const forgery = await Forgery.of(app)

    const forged = await forge(forgery)
    const refused = await app.request('/desk/me', bearer(forged))
    const again = await app.request('/desk/me', bearer(forged))
    const legitimate = await app.request('/desk/me', bearer(forgery.token))

    expect([refused.status, again.status]).toEqual([401, 401])
    const problem = (await refused.json()) as { readonly detail: string }
    expect(problem).toMatchObject({ code })
    expect(problem.detail).toMatch(detail)
    expect(refused.headers.get('www-authenticate')).toMatch(/^Bearer error="invalid_token"/)
    expect(JSON.stringify(problem)).not.toContain(forged.slice(-20))
    expect(await legitimate.json()).toMatchObject({ id: 'mallory' })
  })

  it('a key at an address in jku or x5u, which nobody asks', async () => {
    const asked: string[] = []
    await using app = await deskApp().boot()
    const forgery = await Forgery.of(app)
    await using evil = await testApp(TokensModule)
      .use((request: { readonly url: string }, _: unknown, next: () => void) => {
        asked.push(request.url)
        next()
      })
      .boot()
    const address = `${await evil.url()}/.well-known/jwks.json`

    const forged = ['jku', 'x5u'].map((name) =>
      jwt({ ...forgery.header, [name]: address, kid: 'theirs' }, forgery.claims, ed25519(stranger.privateKey)),
    )
    const answers = await Promise.all(forged.map((token) => app.request('/desk/me', bearer(token))))
    const legitimate = await app.request('/desk/me', bearer(forgery.token))

    expect(answers.map(({ status }) => status)).toEqual([401, 401])
    expect(asked).toEqual([])
    expect(legitimate.status).toBe(200)
    await fetch(address)
    expect(asked).toHaveLength(1)
  })

  it('a token of a login that was ended, although it was remembered as good', async () => {
    await using app = await deskApp().boot()
    const [ended, other] = [await logIn(app), await logIn(app)]
    const before = await app.request('/desk/me', bearer(ended.accessToken))

    await app.get(TokenIssuer).revokeFamily(ended.familyId)

    expect(before.status).toBe(200)
    const after = await app.request('/desk/me', bearer(ended.accessToken))
    expect(await after.json()).toMatchObject({ status: 401, code: 'AUTH_TOKEN_REVOKED' })
    expect((await app.request('/desk/me', bearer(other.accessToken))).status).toBe(200)
  })

  it('every token of a principal whose tokens were revoked, and not the one that is issued then', async () => {
    await using app = await deskApp().boot()
    const tokens = [await logIn(app), await logIn(app)]
    const stranger_ = await logIn(app, { id: 'bob' })

    await app.get(TokenIssuer).revokeAllOf('ada')
    const next = await logIn(app)

    const status = async (token: string) => (await app.request('/desk/me', bearer(token))).status
    expect(await Promise.all(tokens.map(({ accessToken }) => status(accessToken)))).toEqual([401, 401])
    expect(await status(next.accessToken)).toBe(200)
    expect(await status(stranger_.accessToken)).toBe(200)
  })

  it('every token from before a change that ends them all and issues a new one, in one transaction', async () => {
    await using app = await deskApp().boot()
    const [issuer, unitOfWork] = [app.get(TokenIssuer), app.get(UnitOfWork)]
    const old = await logIn(app)
    const change = (fails: boolean) =>
      unitOfWork.transaction(async () => {
        await issuer.revokeAllOf('ada')
        const next = await issuer.issue({ id: 'ada' })
        if (fails) throw new Error('the change failed')
        return next
      })
    const status = async (token: string) => (await app.request('/desk/me', bearer(token))).status

    await expect(change(true)).rejects.toThrow('the change failed')
    const afterFailure = await status(old.accessToken)
    const next = await change(false)

    expect(afterFailure).toBe(200)
    expect([await status(old.accessToken), await status(next.accessToken)]).toEqual([401, 200])
  })

  it('one token that was revoked by its id, and no other of the same login', async () => {
    await using app = await deskApp().boot()
    const access = app.get(AccessTokens)
    const [one, other] = [await access.issue({ id: 'ada' }), await access.issue({ id: 'ada' })]
    const before = await app.request('/desk/me', bearer(one.accessToken))

    await access.revoke(one.tokenId)

    expect(before.status).toBe(200)
    expect((await app.request('/desk/me', bearer(one.accessToken))).status).toBe(401)
    expect((await app.request('/desk/me', bearer(other.accessToken))).status).toBe(200)
  })

  it('a token that expired after it was remembered as good', async () => {
    await using app = await deskApp().boot()
    const { accessToken } = await logIn(app)
    const clock = app.get(Clock) as FakeClock
    const status = async () => (await app.request('/desk/me', bearer(accessToken))).status

    const fresh = await status()
    await clock.advance(329_000)
    const withinSkew = await status()
    await clock.advance(1000)
    const expired = await status()

    expect([fresh, withinSkew, expired]).toEqual([200, 200, 401])
  })

  it('the token of one application at another that has the same keys and another name', async () => {
    await using app = await deskApp(TokensModule.with({ issuer: 'https://a.example' })).boot()
    await using other = await deskApp(TokensModule.with({ issuer: 'https://b.example' })).boot()
    const { accessToken } = await logIn(app)

    expect((await other.request('/desk/me', bearer(accessToken))).status).toBe(401)
    expect((await app.request('/desk/me', bearer(accessToken))).status).toBe(200)
  })

  it('a token in the query or in the body, where logs would keep it', async () => {
    await using app = await deskApp().boot()
    const { accessToken } = await logIn(app)

    const inQuery = await app.request(`/desk/me?access_token=${accessToken}`)
    const inBody = await app.request('/desk/me', { method: 'POST', json: { access_token: accessToken } })

    expect([inQuery.status, inBody.status]).toEqual([401, 401])
    expect((await app.request('/desk/me', bearer(accessToken))).status).toBe(200)
  })
})

async function deskWith(algorithm: NonNullable<Attack['algorithm']>): Promise<TestApp> {
  const keys = KeySetsModule.with({ algorithm, ...(algorithm === 'HS256' ? { sharedSecret: SECRET } : {}) })
  return deskApp(TokensModule, keys).boot()
}
