/**
 * A breaking change that somebody has allowed, for a while. The signature proves that whoever wrote it had the key of the
 * project; the name beside it is what that person's git says, which is a claim.
 */
import { createHmac, timingSafeEqual } from 'node:crypto'

import { ContractWaiverInvalid } from '../contract-errors.ts'

export interface Waiver {
  /** The id of the change. */
  readonly change: string
  /** The change in words, for readers of the file. */
  readonly text: string
  readonly reason: string
  readonly by: string
  /** A day: `2026-11-21`. */
  readonly since: string
  /** The last day it holds. */
  readonly until: string
  /** HMAC-SHA256 over all of the above. */
  readonly signature: string
}

/** What a waiver does for a change. */
export type WaiverState = 'holds' | 'expired' | 'forged'

const LONGEST_DAYS = 180
const SHORTEST_REASON = 10
const DAY_MS = 86_400_000

/** @throws `CONTRACT_WAIVER_INVALID` */
export function signWaiver(waiver: Omit<Waiver, 'signature'>, key: string): Waiver {
  const days = (Date.parse(waiver.until) - Date.parse(waiver.since)) / DAY_MS
  if (waiver.reason.trim().length < SHORTEST_REASON) throw new ContractWaiverInvalid('the reason is too short')
  if (!isDay(waiver.until) || !(days >= 0 && days <= LONGEST_DAYS))
    throw new ContractWaiverInvalid(`until ${waiver.until}`)
  return { ...waiver, signature: signatureOf(waiver, key).toString('base64url') }
}

export function stateOf(waiver: Waiver, key: string, today: string): WaiverState {
  const given = Buffer.from(waiver.signature, 'base64url')
  const made = signatureOf(waiver, key)
  if (given.length !== made.length || !timingSafeEqual(given, made)) return 'forged'
  return waiver.until < today ? 'expired' : 'holds'
}

function signatureOf({ change, text, reason, by, since, until }: Omit<Waiver, 'signature'>, key: string): Buffer {
  return createHmac('sha256', key)
    .update(JSON.stringify([change, text, reason, by, since, until]))
    .digest()
}

function isDay(text: string): boolean {
  return /^\d{4}-\d\d-\d\d$/.test(text) && !Number.isNaN(Date.parse(text))
}
