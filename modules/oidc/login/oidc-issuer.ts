/** Whom people may log in with. */

/** What an issuer says of somebody, verified: the claims of its ID token, and those of its userinfo where they are missing. */
export interface IdentityClaims {
  readonly sub: string
  readonly email?: string
  readonly email_verified?: boolean
  readonly [claim: string]: unknown
}

export interface OidcIssuer {
  /** Names it in paths: `[a-z0-9-]`. */
  readonly name: string
  /** For people. Default: the name. */
  readonly title?: string
  /** The issuer identifier, as its metadata has it; `https:` in production. */
  readonly issuer: string
  readonly clientId: string
  /** None for a public client; PKCE protects either. */
  readonly clientSecret?: string
  /** Default: `openid email profile`. */
  readonly scope?: string
  /**
   * It lies in our own network: calls to its own origin may lead to addresses that are not public. Whatever other origin
   * its metadata names is still fetched safely.
   */
  readonly internal?: boolean
  /**
   * Domains whose mailboxes this issuer gives out, such as that of the company which runs it. Only for these does a verified
   * address link to an account that has it. Never a domain whose mailboxes somebody else gives out.
   */
  readonly authoritativeFor?: readonly string[]
  /** Whether an account is made at the first login. Default: as ACCOUNTS_SIGN_UP. */
  readonly provision?: boolean
  /** Whether its `amr` counts as our own factors, for step-up. Default: a login there is the one factor `fed`. */
  readonly trustsFactors?: boolean
  /** Logs in there anew when the login there is older; in seconds. */
  readonly maxAgeSeconds?: number
  /** Roles by group, taken over at each login. A group that is not listed gives nothing. */
  readonly groups?: { readonly claim?: string; readonly roles: Readonly<Record<string, readonly string[]>> }
  /** The tenant by a claim, taken over at each login. A value that is not listed is refused. */
  readonly tenants?: { readonly claim: string; readonly tenantOf: Readonly<Record<string, string>> }
  /** What a new account has besides, such as a name. */
  readonly profile?: (claims: IdentityClaims) => Readonly<Record<string, unknown>>
}
