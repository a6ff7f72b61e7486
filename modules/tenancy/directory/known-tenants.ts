/** What the directory has answered lately, so that it is not asked in every call. */
import { Clock, type Principal } from 'tenon'
import { Injectable } from 'tenon/decorators'

import { TenancyConfig } from '../tenancy-config.ts'
import { TenantSuspended, TenantUnknown } from '../tenancy-errors.ts'
import { TenantDirectory, type TenantRecord } from './tenant-directory.ts'

/** Most answers kept; the oldest goes first. */
const MAX_TENANTS = 10_000

interface Answer {
  readonly record: TenantRecord | undefined
  readonly until: number
}

@Injectable()
export class KnownTenants {
  readonly #directory: TenantDirectory
  readonly #clock: Clock
  readonly #cacheMs: number
  readonly #answers = new Map<string, Answer>()
  /** Questions on their way: whoever comes meanwhile waits for the same answer. */
  readonly #asking = new Map<string, Promise<TenantRecord | undefined>>()
  /** Counts what was forgotten: an answer that was asked for before is not kept. */
  #forgotten = 0

  constructor(directory: TenantDirectory, config: TenancyConfig, clock: Clock) {
    this.#directory = directory
    this.#clock = clock
    this.#cacheMs = config.directoryCacheMs
  }

  /**
   * The tenant, when it may be acted for. At once while its answer counts.
   * @throws `TENANCY_TENANT_UNKNOWN`, `TENANCY_TENANT_SUSPENDED`
   */
  require(id: string): TenantRecord | Promise<TenantRecord> {
    const answer = this.#answers.get(id)
    if (answer && answer.until > this.#clock.epochMs()) return requireActive(id, answer.record)
    return this.#shared(id).then((record) => requireActive(id, record))
  }

  admits(principal: Principal, tenant: string): boolean | Promise<boolean> {
    return this.#directory.admits(principal, tenant)
  }

  /** Its next call asks the directory again. */
  forget(id: string): void {
    this.#forgotten += 1
    this.#answers.delete(id)
    this.#asking.delete(id)
  }

  /** Nobody gets an answer that was asked for before it was to be forgotten, or one that is not to be kept at all. */
  #shared(id: string): Promise<TenantRecord | undefined> {
    if (this.#cacheMs === 0) return this.#ask(id)
    const known = this.#asking.get(id)
    if (known) return known
    const asking = this.#ask(id)
    this.#asking.set(id, asking)
    const done = (): void => {
      if (this.#asking.get(id) === asking) this.#asking.delete(id)
    }
    asking.then(done, done)
    return asking
  }

  async #ask(id: string): Promise<TenantRecord | undefined> {
    const forgotten = this.#forgotten
    const record = await this.#directory.find(id)
    if (this.#cacheMs > 0 && forgotten === this.#forgotten) {
      this.#answers.delete(id)
      this.#answers.set(id, { record, until: this.#clock.epochMs() + this.#cacheMs })
      if (this.#answers.size > MAX_TENANTS) this.#answers.delete(this.#answers.keys().next().value as string)
    }
    return record
  }
}

function requireActive(id: string, record: TenantRecord | undefined): TenantRecord {
  if (!record) throw new TenantUnknown(id)
  if (record.state !== 'active') throw new TenantSuspended(id)
  return record
}
