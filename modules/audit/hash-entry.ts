/** The links of the chain. */
import { createHash, createHmac } from 'node:crypto'

import type { AuditEntry } from './audit-entry.ts'

/** What stands before the first entry. */
export const GENESIS = '0'.repeat(64)

export type UnhashedEntry = Omit<AuditEntry, 'hash'>

/**
 * @param previous - The hash of the entry before.
 * @param secret - Without one everybody can make the hash; with one only who knows it.
 */
export function hashEntry(previous: string, entry: UnhashedEntry, secret: string | undefined): string {
  const { seq, at, type, outcome, principal, actor, tenant, subject, reason, callId, address, details } = entry
  // A list as JSON has one reading: no field can borrow from its neighbour.
  const text = JSON.stringify([
    previous,
    Number(seq),
    Number(at),
    type,
    outcome,
    principal,
    actor,
    tenant,
    subject,
    reason,
    callId,
    address,
    details,
  ])
  const hash = secret === undefined ? createHash('sha256') : createHmac('sha256', secret)
  return hash.update(text).digest('hex')
}
