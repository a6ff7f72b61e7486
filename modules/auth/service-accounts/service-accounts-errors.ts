/** Why a token request of a program is refused: RFC 6749 §5.2 and RFC 8693 §2.2.2, as problems with their `error`. */
import { defineError } from 'tenon'

export const ClientInvalid = defineError({
  code: 'AUTH_CLIENT_INVALID',
  status: 401,
  message: () => 'The service account is unknown or disabled, or its secret is wrong.',
  help: 'Send client_id and client_secret with Authorization: Basic, or in the body.',
  headers: { 'www-authenticate': () => 'Basic realm="token", charset="UTF-8"' },
  extensions: () => ({ error: 'invalid_client' }),
})

export const GrantUnsupported = defineError({
  code: 'AUTH_GRANT_UNSUPPORTED',
  status: 400,
  message: () => 'There is no such grant here.',
  help: 'Send grant_type client_credentials or urn:ietf:params:oauth:grant-type:token-exchange.',
  extensions: () => ({ error: 'unsupported_grant_type' }),
})

export const GrantRequestInvalid = defineError({
  code: 'AUTH_GRANT_INVALID',
  status: 400,
  message: (reason: string) => `The token request cannot be answered: ${reason}.`,
  help: 'Send what the grant needs, once each; see RFC 8693 §2.1 for a token exchange.',
  extensions: () => ({ error: 'invalid_request' }),
})

export const GrantScopeInvalid = defineError({
  code: 'AUTH_GRANT_SCOPE',
  status: 400,
  message: (scopes: string) => `These scopes are not to be had: ${scopes}.`,
  help: 'Ask for scopes that the service account has, and in an exchange the caller too.',
  extensions: () => ({ error: 'invalid_scope' }),
})

export const ExchangeRefused = defineError({
  code: 'AUTH_EXCHANGE_REFUSED',
  status: 403,
  message: (reason: string) => `The tokens cannot be exchanged: ${reason}.`,
  help: 'Let an administrator allow the service account to act for others, in the tenant of the caller.',
  extensions: () => ({ error: 'unauthorized_client' }),
})

export const ServiceAccountUnknown = defineError({
  code: 'AUTH_SERVICE_ACCOUNT_UNKNOWN',
  status: 404,
  message: (id: string) => `There is no service account ${id}.`,
  help: 'List the service accounts; the id is the client_id.',
})
