/** An event as an entry keeps it: texts that every database gives back exactly as they were hashed. */
import { tryCtx, type SecurityEvent } from 'tenon'

import type { UnhashedEntry } from './hash-entry.ts'

/** Everything but the place in the chain. */
export type PendingEntry = Omit<UnhashedEntry, 'seq'>

const LONGEST_DETAILS = 4000

/** Called inside of the call the event happened in, if there is one. */
export function readEvent(event: SecurityEvent): PendingEntry {
  const context = tryCtx()
  const { principalId, tenant, subject, reason, details } = event
  return {
    at: Math.trunc(event.at),
    type: clean(event.type, 100),
    outcome: clean(event.outcome, 16),
    principal: cleanOrNull(principalId, 200),
    actor: cleanOrNull(context?.principal?.actor?.id, 200),
    tenant: cleanOrNull(tenant, 200),
    subject: cleanOrNull(subject, 400),
    reason: cleanOrNull(reason, 400),
    callId: cleanOrNull(context?.id, 200),
    address: cleanOrNull(context?.address, 64),
    details: details === undefined ? null : detailsText(details),
  }
}

function detailsText(details: object): string {
  const text = clean(JSON.stringify(details), Number.MAX_SAFE_INTEGER)
  return text.length <= LONGEST_DETAILS ? text : JSON.stringify({ leftOut: `${text.length} characters` })
}

function cleanOrNull(text: string | undefined, longest: number): string | null {
  return text === undefined ? null : clean(text, longest)
}

/** PostgreSQL takes no NUL, and halves of surrogate pairs come back as something else. */
function clean(text: string, longest: number): string {
  const whole = text.replaceAll('\0', '\uFFFD').toWellFormed()
  return whole.length <= longest ? whole : `${whole.slice(0, longest - 1).toWellFormed()}…`
}
