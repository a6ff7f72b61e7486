/**
 * Decorators that protect, and do nothing without the module that enforces them. Left out, it would leave an open door
 * that looks closed, so the check asks for each whether an interceptor says `enforces`.
 */
import type { MetadataKey } from './metadata.ts'
import { REQUIRE_MFA } from './mfa/require-mfa.ts'

export interface ProtectiveFact {
  readonly key: MetadataKey<never>
  /** As it is written. */
  readonly decorator: string
  /** What to import. */
  readonly module: string
}

export const PROTECTIVE_FACTS: readonly ProtectiveFact[] = [
  { key: REQUIRE_MFA as MetadataKey<never>, decorator: '@RequireMfa', module: 'MfaModule of tenon/mfa' },
]
