/** What a login answers: a token to call with, and one to get the next. */
export interface IssuedTokens {
  readonly accessToken: string
  /** `DPoP`: each call must prove the key that it was asked for with (RFC 9449). */
  readonly tokenType: 'Bearer' | 'DPoP'
  readonly expiresInSeconds: number
  readonly refreshToken: string
  readonly refreshExpiresInSeconds: number
  /** Names the login, for `revokeFamily`; the `credentialId` of the callers it makes. */
  readonly familyId: string
}

/** An access token that says more of how its login was proved. */
export type StrengthenedToken = Pick<IssuedTokens, 'accessToken' | 'tokenType' | 'expiresInSeconds'>
