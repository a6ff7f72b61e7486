/** A key that signs tokens, and when it does. */
import type { JsonWebKey, KeyObject } from 'node:crypto'

/** EdDSA is Ed25519; ML-DSA-65 withstands quantum computers, at 4.4 kB a token. */
export const SIGNING_ALGORITHMS = ['EdDSA', 'ES256', 'RS256', 'ML-DSA-65', 'HS256'] as const

export type SigningAlgorithm = (typeof SIGNING_ALGORITHMS)[number]

export interface SigningKey {
  /** The `kid` of its tokens. */
  readonly id: string
  readonly algorithm: SigningAlgorithm
  /** A secret for `HS256`. */
  readonly privateKey: KeyObject
  /** The same secret for `HS256`. */
  readonly publicKey: KeyObject
  /** As everybody may read it; none for `HS256`. */
  readonly publicJwk: JsonWebKey | undefined
  /** Milliseconds since the epoch. */
  readonly signsFrom: number
  /** Its tokens have all expired then. */
  readonly verifiesUntil: number
}
