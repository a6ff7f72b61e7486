/** `@RequireMfa`: for callers who have proved a second factor, not too long ago. */
import { annotate } from '../annotate.ts'
import { MetadataKey } from '../metadata.ts'
import type { Duration } from '../security/rate-limit.ts'

/**
 * Second factors, in the words of RFC 8176 §2 where it has one: a code of an authenticator app, a passkey that stays on
 * its device, one that is copied between devices, a recovery code.
 */
export const SECOND_FACTORS = ['otp', 'hwk', 'swk', 'recovery'] as const

export type MfaMethod = (typeof SECOND_FACTORS)[number]

export interface MfaRequirement {
  /** How long ago it may have been proved. Default: as long as the login lasts. */
  readonly maxAge?: Duration
  /** Which factors count. Default: all. */
  readonly methods?: readonly [MfaMethod, ...MfaMethod[]]
}

export const REQUIRE_MFA = new MetadataKey<MfaRequirement>('mfa.required')

/**
 * The caller has proved a second factor. Who has not is told what to prove and where, and repeats the call after that.
 * It comes on top of who may call: `@Roles`, `@Authorize` and the others are asked first. Above a method it replaces
 * what stands above its class.
 * @example `@RequireMfa({ maxAge: '5m' })`, `@RequireMfa({ methods: ['hwk', 'swk'] })`
 * @see docs/modules/mfa.md
 */
export function RequireMfa(requirement: MfaRequirement = {}): ClassDecorator & MethodDecorator {
  return annotate(REQUIRE_MFA, requirement)
}
