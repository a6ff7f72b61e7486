/** A login in progress: known to the browser it began in, and to nobody else. */

export interface LoginAttempt {
  /** The name of the issuer it was begun with. */
  readonly issuer: string
  readonly state: string
  readonly nonce: string
  /** Of PKCE (RFC 7636 §4.1). */
  readonly verifier: string
  readonly returnTo: string
  /** Milliseconds since the epoch. */
  readonly expiresAt: number
  /** Set when the identity is to be linked to the account of whoever is logged in. */
  readonly link?: { readonly accountId: string; readonly sessionId: string }
}
