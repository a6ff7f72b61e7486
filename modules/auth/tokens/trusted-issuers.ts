/** Tokens of others: verified with the keys that each publishes at the address we know, never at one a token names. */
import { Environment, type Principal } from 'tenon'
import { Injectable } from 'tenon/decorators'

import { loadJose } from '../key-sets/jose.ts'
import { ACCESS_TOKEN_TYPE, verifyPublic, type Claims } from './signatures.ts'
import { scopesOf } from './token-claims.ts'
import { TokensConfig } from './tokens-config.ts'
import { IssuerUnreachable, TokenInvalid, TrustedIssuerInvalid } from './tokens-errors.ts'
import type { TrustedIssuer } from './trusted-issuer.ts'

export interface TrustedToken {
  readonly claims: Claims
  readonly principal: Principal
}

type RemoteKeys = Awaited<ReturnType<typeof remoteKeys>>

const ALGORITHMS = ['EdDSA', 'Ed25519', 'ES256', 'RS256', 'PS256', 'ML-DSA-65'] as const
const TIMEOUT_MS = 5000
const KEPT_MS = 600_000
/** A key set we do not know the key of is read again at most this often. */
const LOOK_AGAIN_MS = 30_000
const LARGEST_SET_BYTES = 262_144

@Injectable()
export class TrustedIssuers {
  readonly #skewSeconds: number
  readonly #issuers: ReadonlyMap<string, TrustedIssuer>
  readonly #keys = new Map<string, Promise<RemoteKeys>>()

  /** @throws `AUTH_TRUSTED_ISSUER_INVALID` */
  constructor({ trustedIssuers, issuer, clockSkewSeconds }: TokensConfig, { isProduction }: Environment) {
    this.#skewSeconds = clockSkewSeconds
    this.#issuers = new Map(trustedIssuers.map((trusted) => [trusted.issuer, trusted]))
    if (this.#issuers.size < trustedIssuers.length) throw new TrustedIssuerInvalid(issuer, 'two have the same name')
    for (const trusted of trustedIssuers) requireSound(trusted, issuer, isProduction)
  }

  find(issuer: unknown): TrustedIssuer | undefined {
    return typeof issuer === 'string' ? this.#issuers.get(issuer) : undefined
  }

  /** @throws `AUTH_TOKEN_INVALID`, `AUTH_TOKEN_EXPIRED`, `AUTH_ISSUER_UNREACHABLE` */
  async verify(token: string, trusted: TrustedIssuer, now: Date): Promise<TrustedToken> {
    const { issuer, audience, algorithms = ALGORITHMS, type = ACCESS_TOKEN_TYPE } = trusted
    const keys = await this.#keysOf(trusted)
    const expected = { issuer, audience, type, clockSkewSeconds: this.#skewSeconds, now }
    try {
      const claims = await verifyPublic(token, keys, algorithms, expected)
      return { claims, principal: trusted.principal?.(claims) ?? strangerOf(claims, issuer) }
    } catch (error) {
      const { errors } = await loadJose()
      const isRemote = error instanceof errors.JOSEError || error instanceof TypeError
      throw isRemote ? new IssuerUnreachable(issuer).causedBy(error) : error
    }
  }

  #keysOf({ issuer, jwksUrl }: TrustedIssuer): Promise<RemoteKeys> {
    let keys = this.#keys.get(issuer)
    if (!keys) this.#keys.set(issuer, (keys = remoteKeys(new URL(jwksUrl))))
    return keys
  }
}

/** jose follows no redirect; we read no more than a key set can be long. */
async function remoteKeys(url: URL) {
  const { createRemoteJWKSet, customFetch } = await loadJose()
  return createRemoteJWKSet(url, {
    timeoutDuration: TIMEOUT_MS,
    cooldownDuration: LOOK_AGAIN_MS,
    cacheMaxAge: KEPT_MS,
    [customFetch]: async (address: string, options: object) => {
      const response = await fetch(address, options)
      return new Response(await readAtMost(response, LARGEST_SET_BYTES), { status: response.status })
    },
  })
}

async function readAtMost(response: Response, bytes: number): Promise<Buffer> {
  const chunks: Uint8Array[] = []
  let size = 0
  for await (const chunk of response.body ?? []) {
    size += chunk.byteLength
    if (size > bytes) throw new TypeError(`The key set is larger than ${bytes} bytes.`)
    chunks.push(chunk)
  }
  return Buffer.concat(chunks)
}

/** Nobody of ours has such an id, and no role is taken from somebody else. */
function strangerOf(claims: Claims, issuer: string): Principal {
  const { sub, scope, jti } = claims
  if (typeof sub !== 'string') throw new TokenInvalid('it has no sub')
  return {
    id: `${issuer}|${sub}`,
    ...(typeof scope === 'string' ? { scopes: scopesOf(scope) } : {}),
    authentication: {
      scheme: 'bearer',
      ...(typeof jti === 'string' ? { credentialId: jti } : {}),
      factors: [],
    },
  }
}

function requireSound({ issuer, jwksUrl, algorithms = [] }: TrustedIssuer, own: string, isProduction: boolean): void {
  if (issuer === own) throw new TrustedIssuerInvalid(issuer, 'it has our own name')
  if (!URL.canParse(String(jwksUrl))) throw new TrustedIssuerInvalid(issuer, 'jwksUrl is no address')
  const { protocol, hostname } = new URL(jwksUrl)
  const isOnThisMachine = ['localhost', '127.0.0.1', '[::1]'].includes(hostname)
  if (protocol !== 'https:' && !(protocol === 'http:' && isOnThisMachine && !isProduction)) {
    throw new TrustedIssuerInvalid(issuer, 'jwksUrl is not https')
  }
  const unfit = algorithms.find((algorithm) => algorithm === 'none' || algorithm.startsWith('HS'))
  if (unfit !== undefined) throw new TrustedIssuerInvalid(issuer, `${unfit} has no public keys`)
}
