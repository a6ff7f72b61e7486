/** What may be wrong with a password. */
import { defineError } from 'tenon'

import type { PasswordWeakness } from './password-policy.ts'

export const PasswordWeak = defineError({
  code: 'AUTH_PASSWORD_WEAK',
  status: 400,
  message: ({ message }: PasswordWeakness, _field: string) => `This password cannot be taken: ${message}.`,
  help: 'Choose another one; several words that have nothing to do with each other are good.',
  errors: ({ code, message }, field) => [{ pointer: `/${field}`, code, detail: message }],
})

export const PasswordsBusy = defineError({
  code: 'AUTH_PASSWORDS_BUSY',
  status: 503,
  message: () => 'Too many passwords are being checked at the moment.',
  help: 'Try again in a few seconds.',
  headers: { 'retry-after': () => '2' },
})
