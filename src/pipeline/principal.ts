/**
 * Who calls. The words that identity, access, tenancy, limits and audit share, so that none of these modules needs to
 * know which other one found the caller out.
 */

/** Applications add their fields by declaration merging: `declare module 'tenon' { interface Principal { email: string } }`. */
export interface Principal {
  readonly id: string
  /** A person, a program with an account of its own, or somebody at the machine's shell. Default: `user`. */
  readonly kind?: 'user' | 'service' | 'operator'
  readonly roles?: readonly string[]
  /** What the token or key is limited to, whatever the roles would allow. Unset: not limited. */
  readonly scopes?: readonly string[]
  /** The only tenant the caller may act for. Unset: the credential names none. */
  readonly tenant?: string
  readonly authentication?: Authentication
  /** Who acts in the name of this principal; both are recorded (RFC 8693 §4.1). */
  readonly actor?: Principal
}

/** How the caller proved who it is. */
export interface Authentication {
  /** `bearer`, `session`, `apiKey`, ... */
  readonly scheme: string
  /** Names the session, token or key, for revocation, limits and audit. Never the secret itself. */
  readonly credentialId?: string
  /** What was proved, and when; the latest proof of each kind. */
  readonly factors: readonly AuthenticationFactor[]
}

export interface AuthenticationFactor {
  /** In the words of RFC 8176 where it has one: `pwd`, `otp`, `hwk`, `swk`, `recovery`, `fed`, ... */
  readonly method: string
  /** Milliseconds since the epoch. */
  readonly at: number
}
