/** What may go wrong with API keys. */
import { defineError } from 'tenon'

export const ApiKeyInvalid = defineError({
  code: 'AUTH_API_KEY_INVALID',
  status: 401,
  message: () => 'The API key does not hold: it is mistyped, unknown, expired or revoked.',
  help: 'Send the key as it was shown when it was made, in x-api-key; or make a new one.',
  headers: { 'www-authenticate': () => 'ApiKey error="invalid_key"' },
})

export const ApiKeyUnknown = defineError({
  code: 'AUTH_API_KEY_UNKNOWN',
  status: 404,
  message: (id: string) => `There is no API key ${id} of this owner.`,
  help: 'List the keys of the owner; the id is not the key itself.',
})

export const ApiKeyScopesExceeded = defineError({
  code: 'AUTH_API_KEY_SCOPES',
  status: 403,
  message: (scopes: string) => `A key cannot be given what its owner does not have: ${scopes}.`,
  help: 'Ask for less, or make the key with a credential that has these scopes.',
})
