/**
 * What counts no more before it expires. All of it is held in memory, so that a request asks without waiting; what other
 * processes revoke is read when a request finds the last look too long ago, so nothing is read without traffic.
 */
import { hash } from 'node:crypto'

import { Clock } from 'tenon'
import { afterCommit, afterRollback, LessThan, MoreThan, UnitOfWork } from 'tenon/data'
import { Injectable } from 'tenon/decorators'

import { RevocationRows } from './revocation-rows.ts'
import type { Revocation } from './revocation.ts'

/** What can be revoked: one token, all tokens of a login, all of a caller, an API key. */
export type RevocableKind = 'token' | 'family' | 'principal' | 'key'

/** Names a revocable thing; made once for each credential, and kept with it. */
export type RevocationId = string

export interface RevokeOptions {
  /** Credentials issued later are not meant. Default: whenever they were issued. Milliseconds since the epoch. */
  readonly issuedUntil?: number
  /** When everything it speaks of has expired. Milliseconds since the epoch. */
  readonly expiresAt: number
}

/** Rows become visible at commit, and clocks differ: what changed shortly before the last look is read again. */
const OVERLAP_MS = 60_000
/** Rows that speak of nothing any more are deleted once in a while. */
const PURGE_MS = 600_000
const FOR_EVER = Number.MAX_SAFE_INTEGER

export function revocationId(kind: RevocableKind, subject: string): RevocationId {
  return hash('sha256', `${kind}:${subject}`, 'hex')
}

@Injectable()
export class Revocations {
  readonly #rows: RevocationRows
  readonly #unitOfWork: UnitOfWork
  readonly #clock: Clock
  readonly #revoked = new Map<RevocationId, Pick<Revocation, 'issuedUntil' | 'expiresAt'>>()
  /** Written, and not committed yet. */
  readonly #announced = new Map<RevocationId, number>()
  #changes = 0
  #lookedAt = Number.NEGATIVE_INFINITY
  #purgedAt = Number.NEGATIVE_INFINITY
  #looking: Promise<void> | undefined

  constructor(rows: RevocationRows, unitOfWork: UnitOfWork, clock: Clock) {
    this.#rows = rows
    this.#unitOfWork = unitOfWork
    this.#clock = clock
  }

  /** Whether the last look is no longer ago; else `look()` before asking. */
  isFresh(delayMs: number, now = this.#now): boolean {
    return now - this.#lookedAt <= delayMs
  }

  /** Grows whenever something is revoked here or read of others: as long as it stays, what was not revoked is not. */
  get changes(): number {
    return this.#changes
  }

  /** Reads what other processes revoked. */
  look(): Promise<void> {
    return (this.#looking ??= this.#read().finally(() => {
      this.#looking = undefined
    }))
  }

  /** Whether one of these was revoked after it was issued. */
  has(ids: readonly RevocationId[], issuedAt: number): boolean {
    for (const id of ids) {
      const revoked = this.#revoked.get(id)
      if (revoked !== undefined && issuedAt <= revoked.issuedUntil) return true
    }
    return false
  }

  /** The same before something is issued; not within a transaction, which may see what was. */
  async lookAhead(delayMs: number): Promise<void> {
    if (!this.isFresh(delayMs) && !this.#unitOfWork.isActive) await this.look()
  }

  /** A moment from which a new credential of these is not revoked: now, or just after what was, by this transaction too. */
  firstMoment(ids: readonly RevocationId[]): number {
    const until = (id: RevocationId): number =>
      Math.max(this.#revoked.get(id)?.issuedUntil ?? 0, this.#announced.get(id) ?? 0)
    return Math.max(this.#now, ...ids.map((id) => until(id) + 1))
  }

  /** Holds here once the current transaction is committed, and in other processes with their next look. */
  async revoke(id: RevocationId, { issuedUntil = FOR_EVER, expiresAt }: RevokeOptions): Promise<void> {
    await this.#rows.upsert({ id, issuedUntil, expiresAt, changedAt: this.#now }, ['id'])
    this.#announced.set(id, issuedUntil)
    afterRollback(() => {
      this.#announced.delete(id)
    })
    await afterCommit(() => {
      this.#announced.delete(id)
      this.#take(id, { issuedUntil, expiresAt })
    })
  }

  async #read(): Promise<void> {
    const now = this.#now
    const since = this.#lookedAt - OVERLAP_MS
    const where = Number.isFinite(since) ? { changedAt: MoreThan(since) } : { expiresAt: MoreThan(now) }
    for (const { id, issuedUntil, expiresAt } of await this.#rows.find({ where })) {
      this.#take(id, { issuedUntil, expiresAt })
    }
    this.#lookedAt = now
    if (now - this.#purgedAt >= PURGE_MS) await this.#purge(now)
  }

  /** Rows of the last minute are read again with every look. */
  #take(id: RevocationId, revoked: Pick<Revocation, 'issuedUntil' | 'expiresAt'>): void {
    const known = this.#revoked.get(id)
    if (known?.issuedUntil === revoked.issuedUntil && known.expiresAt === revoked.expiresAt) return
    this.#revoked.set(id, revoked)
    this.#changes += 1
  }

  async #purge(now: number): Promise<void> {
    this.#purgedAt = now
    for (const [id, { expiresAt }] of this.#revoked) if (expiresAt <= now) this.#revoked.delete(id)
    await this.#rows.delete({ expiresAt: LessThan(now) })
  }

  get #now(): number {
    return this.#clock.epochMs()
  }
}
