/** Why a token is refused. The messages say what is wrong with it, never what it is. */
import { defineError } from 'tenon'

export const TokenInvalid = defineError({
  code: 'AUTH_TOKEN_INVALID',
  status: 401,
  message: (reason: string) => `The access token does not hold: ${reason}.`,
  help: 'Send the access token as it was issued, to the application it was issued for.',
  // RFC 6750 §3.1
  headers: { 'www-authenticate': (reason) => `Bearer error="invalid_token", error_description="${reason}"` },
})

export const TokenExpired = defineError({
  code: 'AUTH_TOKEN_EXPIRED',
  status: 401,
  message: () => 'The access token has expired.',
  help: 'Get a new one with the refresh token, then repeat the call.',
  headers: { 'www-authenticate': () => 'Bearer error="invalid_token", error_description="expired"' },
})

export const TokenRevoked = defineError({
  code: 'AUTH_TOKEN_REVOKED',
  status: 401,
  message: () => 'The access token was revoked.',
  help: 'Log in again.',
  headers: { 'www-authenticate': () => 'Bearer error="invalid_token", error_description="revoked"' },
})

export const RefreshTokenInvalid = defineError({
  code: 'AUTH_REFRESH_INVALID',
  status: 401,
  message: () => 'The refresh token does not hold: it is unknown, expired or revoked.',
  help: 'Log in again.',
})

export const RefreshTokenReused = defineError({
  code: 'AUTH_REFRESH_REUSED',
  status: 401,
  message: () =>
    'The refresh token was used before, so somebody else may have it; all tokens of this login are revoked.',
  help: 'Log in again. A client that refreshes must keep the new refresh token and forget the old one.',
})

export const IssuerUnreachable = defineError({
  code: 'AUTH_ISSUER_UNREACHABLE',
  status: 503,
  message: (issuer: string) => `The keys of the issuer ${issuer} cannot be read.`,
  help: 'Try again; if it stays so, look whether jwksUrl of the trusted issuer answers with a key set.',
})

export const TrustedIssuerInvalid = defineError({
  code: 'AUTH_TRUSTED_ISSUER_INVALID',
  status: 500,
  message: (issuer: string, reason: string) => `The trusted issuer ${issuer} cannot be used: ${reason}.`,
  help: 'Give each issuer a name of its own, an https address of its keys, and algorithms with public keys.',
})
