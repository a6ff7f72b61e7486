/** Allowances in the application's database: one atomic statement decides, by the database's clock. */
import { createHash } from 'node:crypto'

import { Clock } from 'tenon'
import { Database } from 'tenon/data'
import { Injectable } from 'tenon/decorators'

import type { Rate, Verdict } from './gcra.ts'
import type { RateLimitStore } from './rate-limit-store.ts'
import { dialectOf, type SqlDialect } from './sql-dialects.ts'

/** Rows of allowances that are full again say nothing; they are removed each time after so many steps. */
const STEPS_BETWEEN_SWEEPS = 1000

@Injectable()
export class SqlStore implements RateLimitStore {
  readonly name = 'SQL'
  readonly #database: Database
  readonly #clock: Clock
  #dialect: SqlDialect | undefined
  #steps = 0

  constructor(database: Database, clock: Clock) {
    this.#database = database
    this.#clock = clock
  }

  async take(key: string, { intervalUs, burstUs }: Rate, cost: number): Promise<Verdict> {
    // Keys hold addresses and ids and may be long; their digest is neither.
    const id = createHash('sha256').update(key).digest('base64url')
    const dialect = (this.#dialect ??= dialectOf(this.#database.source.options.type))
    if ((this.#steps += 1) % STEPS_BETWEEN_SWEEPS === 0) await dialect.sweep(this.#run, this.#nowUs)
    return dialect.take(this.#run, { id, takenUs: cost * intervalUs, burstUs, nowUs: this.#nowUs })
  }

  get #nowUs(): number {
    return this.#clock.epochMs() * 1000
  }

  /** Outside of the call's transaction: a call that is rolled back was made nevertheless. */
  readonly #run = (sql: string, parameters: readonly unknown[]): Promise<unknown> =>
    this.#database.source.query(sql, [...parameters])
}
