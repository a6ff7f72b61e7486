/** The keys of the application, as the authorization server takes them. */
import { createHmac, type JsonWebKey } from 'node:crypto'

import type { KeySet } from 'tenon/auth'

import { OidcKeysSymmetric } from '../oidc-errors.ts'

export interface ProviderKeys {
  /** Changes whenever the keys do. */
  readonly version: string
  /** The one that signs comes first: the library takes the first that fits. */
  readonly jwks: readonly JsonWebKey[]
  readonly algorithm: string
  readonly algorithms: readonly string[]
  /** Sign the library's cookies; the first one signs, all verify. */
  readonly cookieKeys: readonly string[]
}

/** @throws `OIDC_KEYS_SYMMETRIC` */
export function readKeys(keySet: KeySet, now: number): ProviderKeys {
  const { current } = keySet
  if (current.publicJwk === undefined) throw new OidcKeysSymmetric()
  const others = keySet.all.filter(({ id, verifiesUntil }) => id !== current.id && verifiesUntil > now)
  const keys = [current, ...others]
  const jwks = keys.map(({ id, algorithm, privateKey }) => ({
    ...privateKey.export({ format: 'jwk' }),
    kid: id,
    alg: algorithm,
    use: 'sig',
  }))
  return {
    version: keys.map(({ id }) => id).join(' '),
    jwks,
    algorithm: current.algorithm,
    algorithms: [...new Set(keys.map(({ algorithm }) => algorithm))],
    cookieKeys: jwks.map(cookieKey),
  }
}

/** Derived, so that there is no further secret to set up, share and rotate. The private part of a key is `d`, of ML-DSA `priv`. */
function cookieKey(jwk: JsonWebKey & { readonly priv?: string }): string {
  return createHmac('sha256', jwk.d ?? jwk.priv ?? '')
    .update('tenon oidc cookies')
    .digest('base64url')
}
