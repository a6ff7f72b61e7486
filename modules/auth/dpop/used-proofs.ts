/** Remembers proofs for as long as they could be replayed, for all processes. */
import { hash } from 'node:crypto'

import { Clock } from 'tenon'
import { BaseRepository, DuplicateRow, LessThan, Repository } from 'tenon/data'
import { Injectable } from 'tenon/decorators'

import { UsedProof } from './used-proof.ts'

const PURGE_MS = 600_000

@Repository(UsedProof)
export class UsedProofRows extends BaseRepository<UsedProof> {}

@Injectable()
export class UsedProofs {
  readonly #rows: UsedProofRows
  readonly #clock: Clock
  #purgedAt = Number.NEGATIVE_INFINITY

  constructor(rows: UsedProofRows, clock: Clock) {
    this.#rows = rows
    this.#clock = clock
  }

  /** Whether this is the first use. */
  async use(keyThumbprint: string, proofId: string, expiresAt: number): Promise<boolean> {
    const now = this.#clock.epochMs()
    if (now - this.#purgedAt >= PURGE_MS) {
      this.#purgedAt = now
      await this.#rows.delete({ expiresAt: LessThan(now) })
    }
    try {
      await this.#rows.insert({ id: hash('sha256', `${keyThumbprint}:${proofId}`, 'hex'), expiresAt })
      return true
    } catch (error) {
      if (error instanceof DuplicateRow) return false
      throw error
    }
  }
}
