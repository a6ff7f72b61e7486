/** Lets each login come back once, in whichever process. */
import { hash } from 'node:crypto'

import { Clock } from 'tenon'
import { DuplicateRow, LessThan } from 'tenon/data'
import { Injectable } from 'tenon/decorators'

import { OidcAttemptInvalid } from '../oidc-errors.ts'
import type { LoginAttempt } from './login-attempt.ts'
import { UsedStateRows } from './login-rows.ts'

/** How often rows are removed that refuse nothing any more. */
const PURGE_MS = 3_600_000

@Injectable()
export class UsedStates {
  readonly #rows: UsedStateRows
  readonly #clock: Clock
  #purgedAt = Number.NEGATIVE_INFINITY

  constructor(rows: UsedStateRows, clock: Clock) {
    this.#rows = rows
    this.#clock = clock
  }

  /** @throws `OIDC_ATTEMPT_INVALID` the second time. */
  async use({ state, expiresAt }: LoginAttempt): Promise<void> {
    await this.#purge()
    try {
      await this.#rows.insert({ id: hash('sha256', state), expiresAt })
    } catch (error) {
      if (error instanceof DuplicateRow) throw new OidcAttemptInvalid().causedBy(error)
      throw error
    }
  }

  async #purge(): Promise<void> {
    const now = this.#clock.epochMs()
    if (now - this.#purgedAt < PURGE_MS) return
    this.#purgedAt = now
    await this.#rows.delete({ expiresAt: LessThan(now) })
  }
}
