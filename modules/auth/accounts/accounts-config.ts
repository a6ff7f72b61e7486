/** What may be chosen about accounts. */
import { Config, Env } from 'tenon/decorators'

@Config('accounts')
export class AccountsConfig {
  @Env('ACCOUNTS_SIGN_UP', { default: true, description: 'Whether people may make an account by themselves.' })
  readonly signUp!: boolean

  /** Roles of whoever signs up by themselves; more are given by code alone. */
  readonly roles: readonly string[] = ['user']

  @Env('ACCOUNTS_CODE_MINUTES', {
    default: 60,
    min: 5,
    max: 10_080,
    description: 'How long the link of a mail counts.',
  })
  readonly codeMinutes!: number

  /** Paths of pages of the application below PUBLIC_URL; each gets its code behind `#code=`, which no server log sees. */
  @Env('ACCOUNTS_VERIFY_PATH', { default: '/verify', description: 'The page that links for new accounts lead to.' })
  readonly verifyPath!: string

  @Env('ACCOUNTS_RESET_PATH', {
    default: '/reset-password',
    description: 'The page that links for new passwords lead to.',
  })
  readonly resetPath!: string

  @Env('ACCOUNTS_EMAIL_PATH', {
    default: '/confirm-email',
    description: 'The page that links for new addresses lead to.',
  })
  readonly emailPath!: string

  @Env('ACCOUNTS_INVITATION_DAYS', {
    default: 7,
    min: 1,
    max: 90,
    description: 'How long an invitation waits to be accepted.',
  })
  readonly invitationDays!: number

  @Env('ACCOUNTS_INVITATION_PATH', {
    default: '/invitation',
    description: 'The page that links of invitations lead to.',
  })
  readonly invitationPath!: string

  @Env('ACCOUNTS_LOGIN_TRIES', {
    default: 5,
    min: 1,
    max: 100,
    description: 'Failed logins of an account before each must wait.',
  })
  readonly loginTries!: number

  @Env('ACCOUNTS_ADDRESS_TRIES', {
    default: 20,
    min: 1,
    max: 10_000,
    description: 'Failed logins from one network address before each must wait.',
  })
  readonly addressTries!: number

  @Env('ACCOUNTS_LONGEST_WAIT_SECONDS', {
    default: 900,
    min: 1,
    max: 86_400,
    description: 'Longest wait between failed logins; it begins with a second and doubles.',
  })
  readonly longestWaitSeconds!: number

  @Env('ACCOUNTS_MAILS_PER_HOUR', {
    default: 5,
    min: 1,
    max: 100,
    description: 'Most mails to one mailbox in an hour.',
  })
  readonly mailsPerHour!: number

  @Env('ACCOUNTS_REQUESTS_PER_HOUR', {
    default: 30,
    min: 1,
    max: 10_000,
    description: 'Most sign-ups and forgotten passwords from one network address in an hour.',
  })
  readonly requestsPerHour!: number
}
