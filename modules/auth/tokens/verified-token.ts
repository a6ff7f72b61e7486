/** A token that holds, and what must still be true when it comes again. */
import type { Principal } from 'tenon'

import type { RevocationId } from '../revocations/revocations.ts'

export interface VerifiedToken {
  readonly principal: Principal
  readonly claims: Readonly<Record<string, unknown>>
  /** With what the clocks may differ by. Milliseconds since the epoch, as the others. */
  readonly holdsUntil: number
  readonly issuedAt: number
  /** What would revoke it: itself, its family, its principal. */
  readonly revocationIds: readonly RevocationId[]
  /** Which key of ours signed it; none for tokens of others. */
  readonly keyId: string | undefined
  /** The key that the caller must prove to have (RFC 9449 §6). */
  readonly keyThumbprint: string | undefined
}
