/** Somebody else whose access tokens count here: known by the keys at an address. */
import type { Principal } from 'tenon'

export interface TrustedIssuer {
  /** The `iss` of its tokens, letter by letter. */
  readonly issuer: string
  /** Where its public keys are. `https`, or `http` on this machine. */
  readonly jwksUrl: string | URL
  /** The `aud` that names this application there. */
  readonly audience: string
  /** What its keys may sign with. Default: `EdDSA`, `ES256`, `RS256`, `PS256`, `ML-DSA-65`. Secrets shared with it are not possible. */
  readonly algorithms?: readonly string[]
  /** The `typ` of its tokens. Default: `at+jwt` (RFC 9068 §2.1); many issuers still say `JWT`. */
  readonly type?: string
  /**
   * Who that is here. Default: the id is `<issuer>|<sub>`, which no account of ours has; scopes are taken, roles are
   * not.
   */
  readonly principal?: (claims: Readonly<Record<string, unknown>>) => Principal
}
