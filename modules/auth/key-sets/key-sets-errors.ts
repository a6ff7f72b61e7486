/** What may be wrong with signing keys. */
import { defineError } from 'tenon'

export const SigningKeysUnreadable = defineError({
  code: 'AUTH_SIGNING_KEYS_UNREADABLE',
  status: 500,
  message: (where: string, reason: string) => `The signing keys of ${where} cannot be used: ${reason}.`,
  help: 'Give a JSON Web Key Set, {"keys": [...]}, of private keys, each with its kty and an alg of AUTH_ALGORITHM.',
})

export const KeySecretMissing = defineError({
  code: 'AUTH_KEY_SECRET_MISSING',
  status: 500,
  message: () => 'Signing keys would lie in the database in plain text.',
  help: 'Set AUTH_KEY_SECRET to 32 or more random characters, the same in all processes, or give keys of your own.',
})

export const KeySecretWrong = defineError({
  code: 'AUTH_KEY_SECRET_WRONG',
  status: 500,
  message: (keyId: string) => `The signing key ${keyId} was encrypted with another AUTH_KEY_SECRET, or none.`,
  help: 'Set the AUTH_KEY_SECRET it was encrypted with, or delete the row: tokens that it signed are refused then.',
})

export const SharedSecretMissing = defineError({
  code: 'AUTH_SHARED_SECRET_MISSING',
  status: 500,
  message: () => 'Tokens are to be signed with HS256, and there is no secret for it.',
  help: 'Set AUTH_SHARED_SECRET to 32 or more random characters, or choose another AUTH_ALGORITHM.',
})

export const KeysNotRotated = defineError({
  code: 'AUTH_KEYS_NOT_ROTATED',
  status: 500,
  message: () => 'The signing keys are given in the settings, and are not ours to rotate or revoke.',
  help: 'Change AUTH_SIGNING_KEYS: put the new key after the old one first, and in front of it once everybody knows it.',
})
