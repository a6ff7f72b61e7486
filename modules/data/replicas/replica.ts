/** One database that follows the primary: whether it is there and near enough, looked at again while it is used. */
import { existsSync } from 'node:fs'

import type { Clock, Logger } from 'tenon'
import type { DataSource, EntityManager } from 'typeorm'

import { explainFailure } from '../explain-failure.ts'
import { printTarget, type DatabaseTarget } from '../database-url.ts'
import { lagOf } from './lag.ts'

/** How long what was measured holds. */
const HOLDS_MS = 1000
/** How long one that failed a read is left alone: what is wrong may be what no measurement sees, such as a missing table. */
const RESTS_MS = 5000

export interface ReplicaOptions {
  readonly target: DatabaseTarget
  /** The variable that names it. */
  readonly variable: string
  readonly maxLagMs: number
  readonly lagSql: string | undefined
  readonly logger: Logger
  readonly clock: Clock | undefined
}

export class Replica {
  readonly source: DataSource
  readonly #options: ReplicaOptions
  /** Why it is not read. */
  #illness: string | undefined = 'not measured yet'
  #measureAgainAt = Number.NEGATIVE_INFINITY
  #measuring: Promise<void> | undefined
  /** When it was last known to have everything. */
  #levelAt = Number.NEGATIVE_INFINITY
  /** Whether its state was ever logged. */
  #wasTold = false

  constructor(source: DataSource, options: ReplicaOptions) {
    this.source = source
    this.#options = options
  }

  get name(): string {
    return printTarget(this.#options.target)
  }

  /** Whether it may be read now. What was measured too long ago is measured again meanwhile. */
  get isWell(): boolean {
    if (this.#now >= this.#measureAgainAt) void this.measure()
    return this.#illness === undefined
  }

  get manager(): EntityManager {
    return this.source.manager
  }

  /** Connects it where it is not, and asks how far it is behind. One that does so already is waited for. */
  measure(): Promise<void> {
    this.#measuring ??= this.#measure().finally(() => (this.#measuring = undefined))
    return this.#measuring
  }

  /** @throws why it is not read. */
  async check(): Promise<void> {
    await this.measure()
    if (this.#illness !== undefined) throw new Error(`${this.name}: ${this.#illness}`)
  }

  /** A read failed here that the primary answered. */
  fail(error: unknown): void {
    this.#measureAgainAt = this.#now + RESTS_MS
    this.#become(this.#explain(error))
  }

  async close(): Promise<void> {
    await this.#measuring
    if (this.source.isInitialized) await this.source.destroy()
  }

  async #measure(): Promise<void> {
    let illness: string | undefined
    try {
      if (!this.source.isInitialized) await this.#connect()
      const lagMs = await this.#lag()
      const { maxLagMs } = this.#options
      if (lagMs > maxLagMs) illness = `it is ${Math.round(lagMs)} ms behind, more than DATABASE_REPLICA_MAX_LAG_MS`
    } catch (error) {
      illness = this.#explain(error)
    }
    this.#measureAgainAt = this.#now + HOLDS_MS
    this.#become(illness)
  }

  /** PostgreSQL tells an upper limit; one that had everything a moment ago is behind no longer than since then. */
  async #lag(): Promise<number> {
    const { lagSql } = this.#options
    const askedAt = this.#now
    const lagMs = await lagOf(this.source, lagSql)
    if (lagSql !== undefined || this.source.options.type !== 'postgres') return lagMs
    if (lagMs === 0) this.#levelAt = askedAt
    return Math.min(lagMs, askedAt - this.#levelAt)
  }

  /** SQLite would make a file that is not there. */
  async #connect(): Promise<void> {
    const { target } = this.#options
    if (target.kind === 'sqlite' && !existsSync(target.file)) {
      throw Object.assign(new Error('It is not there.'), { code: 'SQLITE_CANTOPEN' })
    }
    await this.source.initialize()
  }

  /** One line when it is lost, and one when it is back. */
  #become(illness: string | undefined): void {
    const wasWell = this.#illness === undefined
    const { logger } = this.#options
    const isNew = !this.#wasTold
    if (illness !== undefined && (wasWell || isNew)) {
      logger.warn(`The replica ${this.name} is not read, the primary answers for it: ${illness}`)
    } else if (illness === undefined && !wasWell && !isNew) logger.info(`The replica ${this.name} is read again.`)
    this.#wasTold = true
    this.#illness = illness
  }

  #explain(error: unknown): string {
    const { target, variable } = this.#options
    const cause = (error as { readonly driverError?: unknown }).driverError ?? error
    return explainFailure(cause instanceof Error ? cause : new Error(String(cause)), target, variable)
  }

  get #now(): number {
    return this.#options.clock?.now().getTime() ?? Date.now()
  }
}
