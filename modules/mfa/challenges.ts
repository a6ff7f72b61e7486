/** What is given out to come back once, soon: the ticket of a login, and the challenges of passkeys. */
import type { AuthenticationFactor } from 'tenon'

declare module 'tenon/auth' {
  interface CodePayloads {
    /** Between password and second factor. */
    'mfa-login': {
      readonly factors: readonly AuthenticationFactor[]
      readonly passwordMark: string
      /** Where the browser goes afterwards; said by the server before, so that no page needs to believe its address. */
      readonly returnTo?: string
    }
    /** A new passkey; `login` names the login that has asked for it, as the next one. */
    'mfa-register': { readonly login: string }
    /** A passkey of a known account; `login` is a session, a family of tokens, or a ticket. */
    'mfa-prove': { readonly login: string }
    /** A passkey of whoever it will be: its subject is nobody. */
    'mfa-discover': Readonly<Record<string, never>>
  }
}

/** Nothing that was begun with an account's factors of before can be finished. */
export const OF_FACTORS = ['mfa-login', 'mfa-register', 'mfa-prove'] as const
