/** What may go wrong with accounts. */
import { defineError } from 'tenon'

/** Says nothing of which part was wrong: that would tell strangers who has an account. */
export const LoginFailed = defineError({
  code: 'DESK_LOGIN_FAILED',
  status: 401,
  message: () => 'The e-mail address or the password is wrong.',
  help: 'Check both and try again.',
})

export const EmailTaken = defineError({
  code: 'DESK_EMAIL_TAKEN',
  status: 409,
  message: (email: string) => `There is an account for ${email} already.`,
  help: 'Log in with it, or use another address.',
})
