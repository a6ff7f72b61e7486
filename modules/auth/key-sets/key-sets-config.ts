/** Where the signing keys come from, and how they change. */
import { Config, Env } from 'tenon/decorators'
import { MinLength } from 'tenon/validation'

import { SIGNING_ALGORITHMS, type SigningAlgorithm } from './signing-key.ts'

@Config('keys')
export class KeySetsConfig {
  @Env('AUTH_ALGORITHM', {
    default: 'EdDSA',
    oneOf: SIGNING_ALGORITHMS,
    description: 'What tokens are signed with',
  })
  readonly algorithm!: SigningAlgorithm

  /** For `HS256` alone: everybody who verifies could also sign, so it suits one application only. */
  @Env('AUTH_SHARED_SECRET', {
    optional: true,
    secret: true,
    description: 'The secret of HS256, 32 characters or more',
  })
  @MinLength(32)
  readonly sharedSecret?: string

  /** Keys made elsewhere, as a JSON Web Key Set with private keys: the first one signs, all verify; none is rotated. */
  @Env('AUTH_SIGNING_KEYS', { optional: true, secret: true, description: 'Signing keys as JWKS, instead of own ones' })
  readonly signingKeys?: string

  @Env('AUTH_SIGNING_KEYS_FILE', { optional: true, description: 'A file with the signing keys as JWKS' })
  readonly signingKeysFile?: string

  /** Private keys in the database are encrypted with it (AES-256-GCM). The same in all processes. */
  @Env('AUTH_KEY_SECRET', {
    optional: true,
    secret: true,
    description: 'Encrypts signing keys in the database, 32 characters or more. Required in production for own keys',
  })
  @MinLength(32)
  readonly keySecret?: string

  @Env('AUTH_KEY_DAYS', { default: 30, min: 1, description: 'How long a key signs until the next one does' })
  readonly keyDays!: number

  /** The next key is published for this long before it signs, so that everybody who verifies knows it by then. */
  @Env('AUTH_KEY_LEAD_SECONDS', {
    default: 3600,
    min: 120,
    description: 'How long a new key is published before it signs',
  })
  readonly keyLeadSeconds!: number
}
