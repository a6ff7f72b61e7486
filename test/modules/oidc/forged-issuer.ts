/** An identity provider in the hands of an attacker: it answers whatever a test says, signed or not. */
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'

import { exportJWK, generateKeyPair, SignJWT, type JWTHeaderParameters, type JWTPayload } from 'jose'

export interface ForgedIssuer extends AsyncDisposable {
  readonly issuer: string
  /** What is changed in an ID token that would be right. */
  claims: JWTPayload
  header: Partial<JWTHeaderParameters>
  /** Makes the token by itself. */
  token: ((claims: JWTPayload) => string | Promise<string>) | undefined
  /** What is changed in the metadata. */
  metadata: Readonly<Record<string, unknown>>
  /** What is changed in the answer to the browser. */
  answer: Readonly<Record<string, string>>
  /** Forms that came to the token endpoint. */
  readonly exchanges: URLSearchParams[]
  sign(claims: JWTPayload, header?: Partial<JWTHeaderParameters>): Promise<string>
}

export async function forgedIssuer(): Promise<ForgedIssuer> {
  const { privateKey, publicKey } = await generateKeyPair('RS256', { extractable: true })
  const jwk = { ...(await exportJWK(publicKey)), kid: 'one', alg: 'RS256', use: 'sig' }
  const server = createServer()
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  let nonce: string | null = null
  const forged: ForgedIssuer = {
    issuer: url,
    claims: {},
    header: {},
    token: undefined,
    metadata: {},
    answer: {},
    exchanges: [],
    sign: (claims, header = {}) =>
      new SignJWT(claims).setProtectedHeader({ alg: 'RS256', kid: 'one', ...header }).sign(privateKey),
    [Symbol.asyncDispose]: async () => {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
  }
  const idToken = async (): Promise<string> => {
    const now = Math.floor(Date.now() / 1000)
    const right = {
      iss: url,
      aud: 'desk',
      sub: 'eve',
      email: 'eve@example.org',
      email_verified: true,
      iat: now,
      exp: now + 300,
      nonce,
    }
    const claims = { ...right, ...forged.claims } as JWTPayload
    return forged.token ? forged.token(claims) : forged.sign(claims, forged.header)
  }
  const routes: Record<string, (query: URLSearchParams, response: ServerResponse, body: string) => unknown> = {
    '/.well-known/openid-configuration': () => ({
      issuer: url,
      authorization_endpoint: `${url}/authorize`,
      token_endpoint: `${url}/token`,
      jwks_uri: `${url}/jwks`,
      response_types_supported: ['code'],
      subject_types_supported: ['public'],
      id_token_signing_alg_values_supported: ['RS256'],
      authorization_response_iss_parameter_supported: true,
      ...forged.metadata,
    }),
    '/jwks': () => ({ keys: [jwk] }),
    '/token': async (_query, _response, body) => {
      forged.exchanges.push(new URLSearchParams(body))
      return { access_token: 'an-access-token', token_type: 'bearer', id_token: await idToken() }
    },
    '/authorize': (query, response) => {
      nonce = query.get('nonce')
      const back = new URL(query.get('redirect_uri')!)
      const answer = { code: 'a-code', state: query.get('state')!, iss: url, ...forged.answer }
      for (const [name, value] of Object.entries(answer)) if (value !== '') back.searchParams.set(name, value)
      response.writeHead(303, { location: back.href }).end()
    },
  }
  const answerTo = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const { pathname, searchParams } = new URL(request.url!, url)
    let body = ''
    for await (const chunk of request) body += String(chunk)
    const answer = await routes[pathname]?.(searchParams, response, body)
    if (!response.writableEnded) response.setHeader('content-type', 'application/json').end(JSON.stringify(answer))
  }
  server.on('request', (request: IncomingMessage, response: ServerResponse) => void answerTo(request, response))
  return forged
}
