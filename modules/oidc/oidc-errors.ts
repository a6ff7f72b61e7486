/** What may go wrong between us and others who vouch for people, on either side. */
import { defineError } from 'tenon'

export const OidcPackageMissing = defineError({
  code: 'OIDC_PACKAGE_MISSING',
  status: 500,
  message: (name: string, version: string) =>
    `OpenID Connect needs the package ${name}, which is not installed (npm i ${name}@${version}).`,
  help: 'Install the package named in the message.',
})

export const OidcIssuerInvalid = defineError({
  code: 'OIDC_ISSUER_INVALID',
  status: 500,
  message: (name: string, reason: string) => `The identity provider "${name}" cannot be used: ${reason}.`,
  help: 'Correct its entry in OidcLoginModule.with({ issuers }) or the OIDC_… variables.',
})

export const OidcSecretMissing = defineError({
  code: 'OIDC_SECRET_MISSING',
  status: 500,
  message: () => 'Nothing seals the cookies that bind logins elsewhere to browsers, in all processes alike.',
  help: 'Set OIDC_LOGIN_SECRET to 32 random characters or more.',
})

export const OidcIssuerUnknown = defineError({
  code: 'OIDC_ISSUER_UNKNOWN',
  status: 404,
  message: (name: string) => `Nobody can log in with "${name}" here.`,
  help: 'GET the path without a name to read who is offered.',
})

/** The address is not told to callers: it may be internal. */
export const OidcIssuerUnreachable = defineError({
  code: 'OIDC_ISSUER_UNREACHABLE',
  status: 502,
  message: (name: string) => `The identity provider "${name}" cannot be asked now.`,
  help: 'Try again later; the log says what failed. Addresses inside the network need internal: true or SAFE_FETCH_ALLOW.',
})

/** The same for a state that is missing, foreign, used or expired. */
export const OidcAttemptInvalid = defineError({
  code: 'OIDC_ATTEMPT_INVALID',
  status: 400,
  message: () => 'This login was not begun in this browser, or too long ago.',
  help: 'Begin the login again, in the browser that ends it, with cookies allowed.',
})

/** The same for everything the other side answers that does not hold, for whoever forges answers learns from differences. */
export const OidcLoginRefused = defineError({
  code: 'OIDC_LOGIN_REFUSED',
  status: 401,
  message: (name: string) => `The login with "${name}" was not completed.`,
  help: 'Begin the login again. Security events and the log say why it was refused.',
})

export const OidcReturnRefused = defineError({
  code: 'OIDC_RETURN_REFUSED',
  status: 400,
  message: () => 'A login leads back to a path of this application, or to an origin that it names.',
  help: 'Send a path such as /tickets as returnTo, or list the origin in OIDC_RETURN_ORIGINS.',
})

export const OidcAccountUnknown = defineError({
  code: 'OIDC_ACCOUNT_UNKNOWN',
  status: 403,
  message: () => 'There is no account that you could use here.',
  help: 'Ask for an invitation, or log in to your account and link this identity provider to it.',
})

export const OidcEmailUnverified = defineError({
  code: 'OIDC_EMAIL_UNVERIFIED',
  status: 403,
  message: (name: string) => `"${name}" does not vouch for your e-mail address.`,
  help: 'Confirm the address there, or log in to your account here and link the identity provider to it.',
})

export const OidcLinkNeeded = defineError({
  code: 'OIDC_LINK_NEEDED',
  status: 409,
  message: (name: string) => `There is an account with this address, and it is not linked to "${name}".`,
  help: 'Log in to the account and link the identity provider to it: an address alone proves nothing.',
})

export const OidcIdentityTaken = defineError({
  code: 'OIDC_IDENTITY_TAKEN',
  status: 409,
  message: (name: string) => `Your identity at "${name}" belongs to another account here.`,
  help: 'Unlink it there first.',
})

export const OidcReauthenticationNeeded = defineError({
  code: 'OIDC_REAUTHENTICATION_NEEDED',
  status: 403,
  message: () => 'Before a way to log in is added or removed, you must prove again who you are.',
  help: 'Send the password of the account; without one, log in again and ask within five minutes.',
})

export const OidcIdentityMissing = defineError({
  code: 'OIDC_IDENTITY_MISSING',
  status: 404,
  message: (id: string) => `Your account is not linked to ${id}.`,
  help: 'List the linked identities again.',
})

export const OidcLastWayIn = defineError({
  code: 'OIDC_LAST_WAY_IN',
  status: 409,
  message: () => 'Without this identity, nobody could log in to the account any more.',
  help: 'Choose a password (by "forgotten password") or link another identity first.',
})

export const OidcKeysSymmetric = defineError({
  code: 'OIDC_KEYS_SYMMETRIC',
  status: 500,
  message: () => 'An identity provider signs with a key whose public half everybody may read; HS256 has none.',
  help: 'Choose another AUTH_ALGORITHM, such as EdDSA, ES256 or RS256.',
})

export const OidcInteractionInvalid = defineError({
  code: 'OIDC_INTERACTION_INVALID',
  status: 400,
  message: () => 'This login has ended, or was begun in another browser.',
  help: 'Go back to the application that you want to use, and log in from there.',
})

export const OidcClientInvalid = defineError({
  code: 'OIDC_CLIENT_INVALID',
  status: 400,
  message: (reason: string) => `The client cannot be registered: ${reason}.`,
  help: 'Clients need an id, and redirect addresses that are exact: https, or http on the own machine.',
})

export const OidcClientMissing = defineError({
  code: 'OIDC_CLIENT_MISSING',
  status: 404,
  message: (id: string) => `No client ${id} was registered.`,
  help: 'List the clients again; those of the configuration are not registered and change with it.',
})
