/** Why a second factor is asked for, and why a proof does not count. None of it tells what was wrong with a code. */
import { defineError } from 'tenon'

const TEXT = { type: 'string' }

/** What a caller who must prove more is told. */
export interface StepUpChallenge {
  /** Where the proof goes; options for passkeys are at the same path with `/options` behind it. */
  readonly challenge: string
  readonly methods: readonly string[]
  readonly maxAgeSeconds?: number | undefined
  /** Callers with a token are told by `WWW-Authenticate` as well. */
  readonly isBearer: boolean
}

export const MfaRequired = defineError({
  code: 'MFA_REQUIRED',
  status: 401,
  message: (_ticket: MfaTicket) => 'The password is right, and this account has a second factor.',
  help: 'Send the ticket with a proof of the second factor to one of the addresses in `next`.',
  // The one problem that holds something secret.
  headers: { 'cache-control': () => 'no-store' },
  extensions: (ticket) => ({ ...ticket }),
  members: {
    properties: {
      ticket: { type: 'string', description: 'Goes with a proof to an address in `next`.' },
      expiresInSeconds: { type: 'integer' },
      methods: { type: 'array', items: { type: 'string' }, description: 'What can be proved.' },
      next: {
        type: 'object',
        properties: { session: TEXT, tokens: TEXT, passkeyOptions: TEXT },
        required: ['session', 'tokens', 'passkeyOptions'],
      },
    },
    required: ['ticket', 'expiresInSeconds', 'methods', 'next'],
  },
})

export interface MfaTicket {
  /** Proves the password, once, until it expires; it opens nothing without the second factor. */
  readonly ticket: string
  readonly expiresInSeconds: number
  readonly methods: readonly string[]
  readonly next: { readonly session: string; readonly tokens: string; readonly passkeyOptions: string }
}

/** The same for one that never was, was used, or has expired. */
export const TicketInvalid = defineError({
  code: 'MFA_TICKET_INVALID',
  status: 401,
  message: () => 'The ticket of this login does not count, or no longer.',
  help: 'Log in again with the password; each ticket counts once and for a few minutes.',
})

/** The same for wrong, used and expired codes. */
export const ProofWrong = defineError({
  code: 'MFA_PROOF_WRONG',
  status: 403,
  message: () => 'The code is wrong, or was used before.',
  help: 'Enter the code that the authenticator app shows now, or a recovery code that was not used yet.',
})

export const ProofUnclear = defineError({
  code: 'MFA_PROOF_UNCLEAR',
  status: 400,
  message: () => 'The call must bring exactly one of code, recoveryCode and passkey.',
  help: 'Send the one that the person has chosen.',
})

export const PasskeyRefused = defineError({
  code: 'MFA_PASSKEY_REFUSED',
  status: 403,
  message: () => 'The passkey does not count here.',
  help: 'Ask for new options and try again with a passkey of this account; each challenge counts once.',
})

export const PasskeyKnown = defineError({
  code: 'MFA_PASSKEY_KNOWN',
  status: 409,
  message: () => 'This passkey is registered already.',
  help: 'Use another authenticator, or keep the passkey that is there.',
})

export const PasskeysTooMany = defineError({
  code: 'MFA_PASSKEYS_TOO_MANY',
  status: 409,
  message: (limit: number) => `An account has at most ${limit} passkeys.`,
  help: 'Remove one that is not used any more; MFA_PASSKEYS sets the limit.',
})

export const StepUpRequired = defineError({
  code: 'MFA_STEP_UP_REQUIRED',
  status: 401,
  message: (_challenge: StepUpChallenge) => 'This wants a second factor that was proved a short time ago.',
  help: 'Prove one of the methods at the address in `challenge`, then repeat the call with what it answers.',
  // RFC 9470 §3
  headers: {
    'www-authenticate': ({ isBearer, maxAgeSeconds }) => {
      if (!isBearer) return undefined
      const maxAge = maxAgeSeconds === undefined ? '' : `, max_age="${maxAgeSeconds}"`
      return `Bearer error="insufficient_user_authentication", error_description="A second factor is needed"${maxAge}`
    },
  },
  extensions: ({ challenge, methods, maxAgeSeconds }) => ({
    challenge,
    methods,
    ...(maxAgeSeconds !== undefined && { maxAgeSeconds }),
  }),
  members: {
    properties: {
      challenge: { type: 'string', description: 'Where the proof goes.' },
      methods: { type: 'array', items: { type: 'string' }, description: 'What counts.' },
      maxAgeSeconds: { type: 'integer' },
    },
    required: ['challenge', 'methods'],
  },
})

export const EnrolmentRequired = defineError({
  code: 'MFA_ENROLMENT_REQUIRED',
  status: 403,
  message: (_next: { readonly enrol: string; readonly challenge: string }) =>
    'Callers with this role need a second factor, and this login has none.',
  help: 'Set one up below the address in `enrol`, or prove the one that is there at `challenge`; nothing else is open.',
  extensions: (next) => ({ ...next }),
})

export const LoginTooOld = defineError({
  code: 'MFA_LOGIN_TOO_OLD',
  status: 401,
  message: (_minutes: number) => 'The login is too long ago for a change of factors.',
  help: 'Log in again and repeat the call within MFA_RECENT_MINUTES.',
  extensions: (minutes) => ({ maxAgeSeconds: minutes * 60 }),
})

export const ProgramRefused = defineError({
  code: 'MFA_PROGRAM_REFUSED',
  status: 403,
  message: () => 'This wants a second factor, which programs and their keys do not have.',
  help: 'Call as a person who has logged in; what programs are to do needs an endpoint without @RequireMfa.',
})

export const CallerUnsuitable = defineError({
  code: 'MFA_CALLER_UNSUITABLE',
  status: 403,
  message: () => 'Second factors belong to people with an account here, who have logged in for themselves.',
  help: 'Call with a session or an unlimited token of the account, not in the name of somebody or by a login of another issuer.',
})

export const NotEnrolled = defineError({
  code: 'MFA_NOT_ENROLLED',
  status: 409,
  message: (_next: { readonly enrol: string }) => 'This account has no second factor that could be proved.',
  help: 'Set one up below the address in `enrol`.',
  extensions: (next) => ({ ...next }),
})

export const FactorMissing = defineError({
  code: 'MFA_FACTOR_MISSING',
  status: 404,
  message: (what: string) => `This account has no such ${what}.`,
  help: 'Ask for the list of factors again.',
})

export const LastFactor = defineError({
  code: 'MFA_LAST_FACTOR',
  status: 409,
  message: () => 'This is the last second factor of an account that must have one.',
  help: 'Set up another factor before this one is removed.',
})

export const MfaPackageMissing = defineError({
  code: 'MFA_PACKAGE_MISSING',
  status: 500,
  message: (feature: string, name: string, version: string) =>
    `${feature} need the package ${name}, which is not installed: run npm install ${name}@${version}`,
  help: 'Run the command in the message; such packages are not installed with the framework, so that nobody carries those of others.',
})

export const MfaSecretUnreadable = defineError({
  code: 'MFA_SECRET_UNREADABLE',
  status: 500,
  message: () => 'The secret of an authenticator app cannot be decrypted.',
  help: 'Give the key it was encrypted with in MFA_FORMER_SECRET_KEYS, or reset the factors of the account.',
})
