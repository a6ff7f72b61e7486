/** What may be chosen about access and refresh tokens. */
import { Config, Env, type Surroundings } from 'tenon/decorators'
import type { Principal } from 'tenon'

import type { TrustedIssuer } from './trusted-issuer.ts'

/** A name that is fine while developing and must be chosen for production. */
const namedInProduction = ({ environment }: Surroundings): string | undefined =>
  environment === 'production' ? undefined : 'tenon'

@Config('tokens')
export class TokensConfig {
  /** The `iss` of our tokens. */
  @Env('AUTH_ISSUER', {
    default: namedInProduction,
    description: 'Who issues the tokens: the URL of the application. Required in production.',
  })
  readonly issuer!: string

  /** The `aud` of our tokens, and the one that is accepted. Default: the issuer. */
  @Env('AUTH_AUDIENCE', { optional: true, description: 'Whom the tokens are for. Default: the issuer' })
  readonly audience?: string

  @Env('AUTH_ACCESS_TOKEN_SECONDS', {
    default: 300,
    min: 1,
    max: 86_400,
    description: 'How long an access token holds',
  })
  readonly accessTokenSeconds!: number

  @Env('AUTH_REFRESH_TOKEN_SECONDS', {
    default: 1_209_600,
    min: 1,
    description: 'How long a refresh token waits to be used',
  })
  readonly refreshTokenSeconds!: number

  /** Whatever is refreshed in between: then the caller logs in again. */
  @Env('AUTH_REFRESH_FAMILY_SECONDS', {
    default: 7_776_000,
    min: 1,
    description: 'How long tokens can be refreshed after a login',
  })
  readonly refreshFamilySeconds!: number

  /** A refresh token that comes again within this time, because the answer was lost, gets the same successor again. */
  @Env('AUTH_REFRESH_GRACE_SECONDS', {
    default: 10,
    min: 0,
    max: 120,
    description: 'How long a used refresh token answers the same successor; 0 refuses at once',
  })
  readonly refreshGraceSeconds!: number

  @Env('AUTH_CLOCK_SKEW_SECONDS', { default: 30, min: 0, max: 300, description: 'How far clocks may differ' })
  readonly clockSkewSeconds!: number

  /** Longer ones are refused unread. */
  @Env('AUTH_TOKEN_MAX_BYTES', { default: 8192, min: 512, description: 'Longest token that is looked at' })
  readonly maxTokenBytes!: number

  /** Verified tokens that are remembered until they expire; the least used one makes room. */
  @Env('AUTH_TOKEN_CACHE', { default: 10_000, min: 0, description: 'How many verified tokens are remembered' })
  readonly cachedTokens!: number

  /** Within this time a revocation by one process holds in all others; in its own it holds at once. */
  @Env('AUTH_REVOCATION_DELAY_MS', {
    default: 1000,
    min: 0,
    description: 'After how long a revocation of another process is seen',
  })
  readonly revocationDelayMs!: number

  /** `optional`: whoever sends a proof gets bound tokens; `required`: nobody gets others; `off`: proofs are ignored. */
  @Env('AUTH_DPOP', {
    default: 'optional',
    oneOf: ['off', 'optional', 'required'],
    description: 'Whether tokens are bound to a key of the caller (RFC 9449)',
  })
  readonly dpop!: 'off' | 'optional' | 'required'

  @Env('AUTH_DPOP_NONCE', { default: false, description: 'Proofs must carry a nonce of ours (RFC 9449 §8)' })
  readonly dpopNonce!: boolean

  @Env('AUTH_DPOP_SECONDS', { default: 60, min: 1, max: 600, description: 'How old a proof may be' })
  readonly dpopSeconds!: number

  /** Others whose tokens count here too. */
  readonly trustedIssuers: readonly TrustedIssuer[] = []

  /** Further claims of access tokens. The registered ones cannot be replaced. */
  readonly claims?: (principal: Principal) => Readonly<Record<string, unknown>>

  /** Fields that an application added to `Principal`, out of the claims of a verified token of ours. */
  readonly principal?: (claims: Readonly<Record<string, unknown>>) => Partial<Principal>
}
