/** What may be chosen about second factors. */
import { Config, Env, type Surroundings } from 'tenon/decorators'
import { MinLength } from 'tenon/validation'

/** Fine while developing; production must choose its own. */
const keyOutsideProduction = ({ environment }: Surroundings): string | undefined =>
  environment === 'development' || environment === 'test' ? 'no secret: for development and tests alone' : undefined

@Config('mfa')
export class MfaConfig {
  /** Roles whose accounts must have a second factor: without one they reach nothing but the endpoints that set it up. */
  @Env('MFA_REQUIRED_FOR', { default: [], description: 'Roles that must have a second factor: admin,owner' })
  readonly requiredFor!: readonly string[]

  /** Secrets of authenticator apps are encrypted with it (AES-256-GCM), remembered devices signed. The same in all processes. */
  @Env('MFA_SECRET_KEY', {
    default: keyOutsideProduction,
    secret: true,
    description:
      'Encrypts secrets of authenticator apps, 32 characters or more. Required but for development and tests',
  })
  @MinLength(32)
  readonly secretKey!: string

  /** What was encrypted with one of them is still read; new secrets get `MFA_SECRET_KEY`. */
  @Env('MFA_FORMER_SECRET_KEYS', {
    optional: true,
    secret: true,
    description: 'Keys that MFA_SECRET_KEY has replaced',
  })
  readonly formerSecretKeys?: readonly string[]

  @Env('MFA_NAME', {
    optional: true,
    description: 'How authenticator apps and passkeys call the application. Default: the host of PUBLIC_URL',
  })
  readonly name?: string

  @Env('MFA_TOTP_WINDOW', {
    default: 1,
    min: 0,
    max: 5,
    description: 'How many steps of 30 seconds the clock of a telephone may be off, each way',
  })
  readonly totpWindow!: number

  @Env('MFA_TRIES', { default: 5, min: 1, max: 20, description: 'Wrong codes of an account before each must wait' })
  readonly tries!: number

  @Env('MFA_LONGEST_WAIT_SECONDS', {
    default: 900,
    min: 30,
    max: 86_400,
    description: 'Longest wait between wrong codes; it begins with 30 seconds and doubles',
  })
  readonly longestWaitSeconds!: number

  @Env('MFA_TICKET_SECONDS', {
    default: 300,
    min: 30,
    max: 3600,
    description: 'How long a login may wait between password and second factor',
  })
  readonly ticketSeconds!: number

  /** It finds `#ticket=` and `methods=` behind its address, and goes where the login answers: to `returnTo`. */
  @Env('MFA_LOGIN_PATH', {
    optional: true,
    description:
      'The page that finishes logins which redirects lead into, with `#ticket=&methods=`. Default: a plain page',
  })
  readonly loginPath?: string

  @Env('MFA_CHALLENGE_SECONDS', {
    default: 300,
    min: 30,
    max: 3600,
    description: 'How long the challenge of a passkey counts',
  })
  readonly challengeSeconds!: number

  @Env('MFA_CHALLENGES_PER_HOUR', {
    default: 300,
    min: 1,
    max: 100_000,
    description: 'Most passkey logins that one network address may begin in an hour',
  })
  readonly challengesPerHour!: number

  @Env('MFA_RECENT_MINUTES', {
    default: 10,
    min: 1,
    max: 1440,
    description:
      'How long ago the second factor may be when factors or the e-mail address are changed; for the first factor, the login',
  })
  readonly recentMinutes!: number

  @Env('MFA_REMEMBER_DAYS', {
    default: 30,
    min: 0,
    max: 365,
    description: 'How long a browser may be remembered instead of asked for the second factor at login; 0: never',
  })
  readonly rememberDays!: number

  /** Passkeys belong to it for ever: of `desk.example.org`, also `example.org` may be chosen (WebAuthn §5.1.3). */
  @Env('MFA_RP_ID', { optional: true, description: 'The domain of passkeys. Default: the host of PUBLIC_URL' })
  readonly rpId?: string

  @Env('MFA_ORIGINS', {
    default: [],
    description: 'Further origins whose pages use passkeys: https://app.example.org. Always: that of PUBLIC_URL',
  })
  readonly origins!: readonly string[]

  /** Logging in without a name always requires it: the passkey is the only proof then. */
  @Env('MFA_USER_VERIFICATION', {
    default: 'preferred',
    oneOf: ['required', 'preferred', 'discouraged'],
    description: 'Whether a passkey that follows a password asks for a PIN or finger',
  })
  readonly userVerification!: 'required' | 'preferred' | 'discouraged'

  @Env('MFA_PASSKEYS', { default: 20, min: 1, max: 100, description: 'Most passkeys of an account' })
  readonly passkeys!: number
}
