import { createServer, type Server } from 'node:http'
import { once } from 'node:events'
import type { AddressInfo } from 'node:net'

import { exportJWK, generateKeyPair, generateSecret, SignJWT, type CryptoKey, type JWK } from 'jose'
import { TokensModule, type TrustedIssuer } from 'tenon/auth'
import type { TestApp } from 'tenon/testing'

import { bearer, deskApp, logIn } from './desk.ts'

const ISSUER = 'https://idp.example'
const NOON = Date.parse('2026-06-01T12:00:00Z') / 1000

/** Somebody else's identity provider: a key set at an address, and a key to sign with. */
class Provider implements AsyncDisposable {
  readonly #server: Server
  readonly #key: CryptoKey
  answer: { status: number; body: string; headers?: Record<string, string> }
  asked = 0

  private constructor(server: Server, key: CryptoKey, jwk: JWK) {
    this.#server = server
    this.#key = key
    this.answer = { status: 200, body: JSON.stringify({ keys: [{ ...jwk, kid: 'theirs' }] }) }
    server.on('request', (_, response) => {
      this.asked += 1
      response.writeHead(this.answer.status, { 'content-type': 'application/json', ...this.answer.headers })
      response.end(this.answer.body)
    })
  }

  static async start(): Promise<Provider> {
    const { privateKey, publicKey } = await generateKeyPair('ES256')
    const server = createServer().listen(0, '127.0.0.1')
    await once(server, 'listening')
    return new Provider(server, privateKey, await exportJWK(publicKey))
  }

  get url(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}/keys`
  }

  trusted(changes: Partial<TrustedIssuer> = {}): TrustedIssuer {
    return { issuer: ISSUER, jwksUrl: this.url, audience: 'desk', ...changes }
  }

  sign(
    claims: Readonly<Record<string, unknown>> = {},
    header: Readonly<Record<string, unknown>> = {},
  ): Promise<string> {
    const all = {
      iss: ISSUER,
      aud: 'desk',
      sub: 'ada',
      iat: NOON,
      exp: NOON + 300,
      scope: 'a b',
      roles: ['admin'],
      ...claims,
    }
    return new SignJWT(all)
      .setProtectedHeader({ alg: 'ES256', typ: 'at+jwt', kid: 'theirs', ...header })
      .sign(this.#key)
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#server.closeAllConnections()
    this.#server.close()
  }
}

const appFor = (...trustedIssuers: readonly TrustedIssuer[]): Promise<TestApp> =>
  deskApp(TokensModule.with({ trustedIssuers })).boot()

async function answerTo(app: TestApp, token: string): Promise<Readonly<Record<string, unknown>>> {
  return (await (await app.request('/desk/me', bearer(token))).json()) as Record<string, unknown>
}

describe('Trusted issuers', () => {
  it('make callers known, under ids that nobody here has and without roles', async () => {
    await using provider = await Provider.start()
    await using app = await appFor(provider.trusted())

    const [theirs, ours] = [await provider.sign(), (await logIn(app)).accessToken]

    expect(await answerTo(app, theirs)).toEqual({
      id: `${ISSUER}|ada`,
      scopes: ['a', 'b'],
      authentication: { scheme: 'bearer', factors: [] },
    })
    expect(await answerTo(app, ours)).toMatchObject({ id: 'ada', tenant: 'acme' })
  })

  it('say who that is here where the application maps it', async () => {
    await using provider = await Provider.start()
    const principal: TrustedIssuer['principal'] = ({ sub, roles }) => ({
      id: `them-${String(sub)}`,
      roles: roles as string[],
    })
    await using app = await appFor(provider.trusted({ principal, type: 'JWT' }))

    expect(await answerTo(app, await provider.sign({}, { typ: 'JWT' }))).toMatchObject({
      id: 'them-ada',
      roles: ['admin'],
    })
  })

  it('are asked for their keys once', async () => {
    await using provider = await Provider.start()
    await using app = await appFor(provider.trusted())

    for (let call = 0; call < 5; call += 1) await answerTo(app, await provider.sign({ sub: `caller-${call}` }))

    expect(provider.asked).toBe(1)
  })

  const ATTACKS: Readonly<Record<string, (provider: Provider) => Promise<string>>> = {
    'in the name of our own issuer': (provider) => provider.sign({ iss: 'tenon' }),
    'in the name of an issuer nobody trusts': (provider) => provider.sign({ iss: 'https://evil.example' }),
    'for somebody else': (provider) => provider.sign({ aud: 'reports' }),
    'of another type': (provider) => provider.sign({}, { typ: 'JWT' }),
    'with a key they do not have': (provider) => provider.sign({}, { kid: 'another' }),
    'without an expiry': (provider) => provider.sign({ exp: undefined }),
    'without a subject': (provider) => provider.sign({ sub: undefined }),
    'with a secret shared with nobody': async () =>
      new SignJWT({ iss: ISSUER, aud: 'desk', sub: 'ada', exp: NOON + 300 })
        .setProtectedHeader({ alg: 'HS256', typ: 'at+jwt', kid: 'theirs' })
        .sign(await generateSecret('HS256')),
  }
  for (const [name, forge] of Object.entries(ATTACKS)) {
    it(`are not believed ${name}`, async () => {
      await using provider = await Provider.start()
      await using app = await appFor(provider.trusted())

      expect(await answerTo(app, await forge(provider))).toMatchObject({ status: 401, code: 'AUTH_TOKEN_INVALID' })
      expect(await answerTo(app, await provider.sign())).toMatchObject({ id: `${ISSUER}|ada` })
    })
  }

  const FAILURES: Readonly<Record<string, Provider['answer']>> = {
    fail: { status: 500, body: '{}' },
    'send us elsewhere': { status: 302, body: '', headers: { location: 'http://169.254.169.254/latest/meta-data' } },
    'answer no keys': { status: 200, body: '<html>' },
    'answer without end': { status: 200, body: `{"keys":[],"x":"${'x'.repeat(300_000)}"}` },
  }
  for (const [name, failure] of Object.entries(FAILURES)) {
    it(`cannot be asked when they ${name}, and can again afterwards`, async () => {
      await using provider = await Provider.start()
      await using app = await appFor(provider.trusted())
      const { answer } = provider

      provider.answer = failure
      expect(await answerTo(app, await provider.sign())).toMatchObject({ status: 503, code: 'AUTH_ISSUER_UNREACHABLE' })
      provider.answer = answer
      expect(await answerTo(app, await provider.sign())).toMatchObject({ id: `${ISSUER}|ada` })
    })
  }

  it('are refused at start where they could not be safe', async () => {
    const safe = { issuer: ISSUER, jwksUrl: 'https://idp.example/keys', audience: 'desk' }
    const cases: readonly (readonly [readonly TrustedIssuer[], RegExp])[] = [
      [[{ ...safe, issuer: 'tenon' }], /our own name/],
      [[safe, safe], /same name/],
      [[{ ...safe, jwksUrl: 'http://idp.example/keys' }], /not https/],
      [[{ ...safe, jwksUrl: 'file:///etc/keys' }], /not https/],
      [[{ ...safe, jwksUrl: 'keys' }], /no address/],
      [[{ ...safe, algorithms: ['HS256'] }], /HS256 has no public keys/],
      [[{ ...safe, algorithms: ['none'] }], /none has no public keys/],
    ]

    for (const [trusted, message] of cases) await expect(appFor(...trusted)).rejects.toThrow(message)
  })
})
