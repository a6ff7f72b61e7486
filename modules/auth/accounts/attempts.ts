/**
 * Counts what may be tried a few times, and then ever more slowly. An attempt is counted before it is made, so that many at
 * once are not all the first; one that was right is taken back.
 */
import { hash } from 'node:crypto'

import { Clock } from 'tenon'
import { BaseRepository, DuplicateRow, LessThan, MoreThan, Repository } from 'tenon/data'
import { Injectable } from 'tenon/decorators'

import { Cleaning } from '../cleaning.ts'
import { TooManyAttempts } from './accounts-errors.ts'
import { Attempt } from './attempt.ts'

export interface AttemptLimit {
  /** So many are free. */
  readonly free: number
  /** The wait after the last free one; it doubles with each further one. */
  readonly firstWaitMs: number
  /** It gets no longer than this: an account is slowed down, never locked for good by a stranger. */
  readonly longestWaitMs: number
  /** Without a further attempt for so long, everything is forgotten. */
  readonly forgetAfterMs: number
}

/** What is counted: a kind and what it is about. */
export type AttemptKey = readonly [kind: string, ...about: string[]]

/** An attempt that was counted. */
export interface CountedAttempt {
  readonly id: string
  readonly count: number
}

@Repository(Attempt)
export class AttemptRows extends BaseRepository<Attempt> {}

@Injectable()
export class Attempts {
  readonly #rows: AttemptRows
  readonly #clock: Clock

  constructor(rows: AttemptRows, clock: Clock, cleaning: Cleaning) {
    this.#rows = rows
    this.#clock = clock
    cleaning.add(() => this.#clean())
  }

  /**
   * Counts an attempt that is about to be made.
   * @throws `AUTH_TOO_MANY_ATTEMPTS` while there is a wait; such a call is not counted, so waiting always helps.
   */
  async count(key: AttemptKey, limit: AttemptLimit): Promise<CountedAttempt> {
    const id = idOf(key)
    for (;;) {
      const now = this.#now
      const row = await this.#rows.findOneBy({ id })
      if (row && row.blockedUntil > now) throw new TooManyAttempts(Math.ceil((row.blockedUntil - now) / 1000))
      const count = row && row.forgetAt > now ? row.count + 1 : 1
      const counted = { count, blockedUntil: blockedUntil(count, now, limit), forgetAt: now + limit.forgetAfterMs }
      if (await this.#write(id, row, counted)) return { id, count }
    }
  }

  /** The attempt was right: as if it had not been made. What others have tried meanwhile stays counted. */
  async takeBack({ id, count }: CountedAttempt): Promise<void> {
    const wasLast = await this.#rows.update({ id, count }, { count: count - 1, blockedUntil: 0 })
    if (wasLast === 0) await this.#rows.update({ id, count: MoreThan(0) }, { count: () => 'count - 1' })
  }

  /** Everything counted under the key is forgotten. */
  async forget(key: AttemptKey): Promise<void> {
    await this.#rows.delete({ id: idOf(key) })
  }

  /** Notes that something has happened, without limit. */
  async note(key: AttemptKey, forgetAfterMs: number): Promise<void> {
    const forgetAt = this.#now + forgetAfterMs
    await this.#rows.upsert({ id: idOf(key), count: 0, blockedUntil: 0, forgetAt }, ['id'])
  }

  async isNoted(key: AttemptKey): Promise<boolean> {
    return this.#rows.existsBy({ id: idOf(key), forgetAt: MoreThan(this.#now) })
  }

  /** @returns `false` when somebody else was faster. */
  async #write(id: string, row: Attempt | null, counted: Omit<Attempt, 'id'>): Promise<boolean> {
    if (row) return (await this.#rows.update({ id, count: row.count, forgetAt: row.forgetAt }, counted)) > 0
    try {
      await this.#rows.insert({ id, ...counted })
      return true
    } catch (error) {
      if (error instanceof DuplicateRow) return false
      throw error
    }
  }

  async #clean(): Promise<void> {
    await this.#rows.delete({ forgetAt: LessThan(this.#now) })
  }

  get #now(): number {
    return this.#clock.epochMs()
  }
}

function blockedUntil(count: number, now: number, { free, firstWaitMs, longestWaitMs }: AttemptLimit): number {
  return count < free ? 0 : now + Math.min(firstWaitMs * 2 ** (count - free), longestWaitMs)
}

function idOf(key: AttemptKey): string {
  return hash('sha256', JSON.stringify(key))
}
