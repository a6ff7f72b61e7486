/** What may go wrong with accounts. None of it tells who has one. */
import { defineError } from 'tenon'

/** The same for an unknown address, a wrong password, an account without one, and one that is disabled. */
export const LoginFailed = defineError({
  code: 'AUTH_LOGIN_FAILED',
  status: 401,
  message: () => 'The e-mail address or the password is wrong.',
  help: 'Check both and try again, or ask for a new password.',
})

/** Told to nobody but those who know the password. */
export const EmailUnverified = defineError({
  code: 'AUTH_EMAIL_UNVERIFIED',
  status: 403,
  message: () => 'The e-mail address of this account has not been confirmed yet.',
  help: 'Open the link of the mail, or ask for a new password, which confirms the address as well.',
})

export const TooManyAttempts = defineError({
  code: 'AUTH_TOO_MANY_ATTEMPTS',
  status: 429,
  message: (seconds: number) =>
    `This was tried too often. Try again in ${seconds} ${seconds === 1 ? 'second' : 'seconds'}.`,
  help: 'Wait as long as Retry-After says; trying earlier changes nothing.',
  headers: { 'retry-after': String },
})

/** The same for one that never was, was used, has expired, or was made for something else. */
export const CodeInvalid = defineError({
  code: 'AUTH_CODE_INVALID',
  status: 400,
  message: () => 'The link or code is not valid, or no longer.',
  help: 'Ask for a new one; each counts once and for a limited time.',
})

export const PasswordWrong = defineError({
  code: 'AUTH_PASSWORD_WRONG',
  status: 403,
  message: () => 'The current password is wrong.',
  help: 'Give the password that this account has now, or ask for a new one by mail.',
  errors: () => [{ pointer: '/password', code: 'wrong', detail: 'The current password is wrong.' }],
})

export const AccountMissing = defineError({
  code: 'AUTH_ACCOUNT_MISSING',
  status: 404,
  message: (id: string) => `There is no account ${id}.`,
  help: 'The caller may be a service or known by another provider; these have no account here.',
})

export const SignUpClosed = defineError({
  code: 'AUTH_SIGN_UP_CLOSED',
  status: 403,
  message: () => 'Accounts are made by invitation here.',
  help: 'Ask somebody who may invite; ACCOUNTS_SIGN_UP=true lets people make accounts by themselves.',
})

/** Told to nobody but who holds the code, and so the mailbox. */
export const InvitationForAccount = defineError({
  code: 'AUTH_INVITATION_FOR_ACCOUNT',
  status: 409,
  message: () => 'This address has an account already.',
  help: 'Log in with it, then accept the invitation.',
})

export const InvitationMissing = defineError({
  code: 'AUTH_INVITATION_MISSING',
  status: 404,
  message: (id: string) => `There is no invitation ${id} that waits to be accepted.`,
  help: 'It may have been accepted, revoked, or have expired; ask for the list again.',
})
