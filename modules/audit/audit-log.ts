/**
 * Listens to security events and appends them to the chain, a moment later and many at once: no call waits for it. A
 * process marks in the chain where it began to write and where it ended, so that one that was killed can be seen.
 */
import { AsyncLocalStorage } from 'node:async_hooks'
import { randomUUID } from 'node:crypto'

import { Clock, Logger, securityEvents, type SecurityEvent } from 'tenon'
import { HealthCheck, Injectable, OnInit, OnShutdown } from 'tenon/decorators'

import { AuditChain } from './audit-chain.ts'
import { AuditConfig } from './audit-config.ts'
import { readEvent, type PendingEntry } from './read-event.ts'

/** Entries that are appended in one transaction at most. */
const BATCH = 100
const PAUSE_AFTER_FAILURE_MS = 500

export const OPENED = 'audit.opened'
export const CLOSED = 'audit.closed'

@Injectable()
export class AuditLog {
  readonly #chain: AuditChain
  readonly #config: AuditConfig
  readonly #clock: Clock
  readonly #logger: Logger
  /** Names this writer in the chain. */
  readonly #writer = randomUUID()
  /** Leads out of the call, and of its transaction, that happened to begin the writing. */
  readonly #outside = AsyncLocalStorage.snapshot()
  readonly #waiting: PendingEntry[] = []
  #unsubscribe: () => void = () => {}
  #timer: NodeJS.Timeout | undefined
  #writing: Promise<void> | undefined
  #hasOpened = false
  #failure: Error | undefined
  #leftOut = 0

  constructor(chain: AuditChain, config: AuditConfig, clock: Clock, logger: Logger) {
    this.#chain = chain
    this.#config = config
    this.#clock = clock
    this.#logger = logger
  }

  @OnInit()
  listen(): void {
    this.#unsubscribe = securityEvents.subscribe((event) => this.#take(event))
  }

  /** Resolves when what has happened so far is written. Rejects when it cannot be. */
  async flush(): Promise<void> {
    while (this.#waiting.length > 0 || this.#writing) {
      await this.#write()
      if (this.#failure !== undefined) throw this.#failure
    }
  }

  /** Entries wait because they cannot be written. */
  @HealthCheck('audit', { critical: false })
  check(): void {
    if (this.#failure !== undefined) throw this.#failure
  }

  /** Nothing that waits is lost, unless the database stays away for longer than `AUDIT_STOP_MS`: then it is logged. */
  @OnShutdown()
  async close(): Promise<void> {
    this.#unsubscribe()
    if (this.#hasOpened) this.#mark(CLOSED, {})
    const giveUpAt = performance.now() + this.#config.stopMs
    while (this.#waiting.length > 0 || this.#writing) {
      await this.#write()
      if (this.#failure === undefined) continue
      if (performance.now() >= giveUpAt) break
      await new Promise((resolve) => setTimeout(resolve, Math.min(PAUSE_AFTER_FAILURE_MS, this.#config.stopMs)))
    }
    clearTimeout(this.#timer)
    for (const entry of this.#waiting.splice(0)) this.#logInstead(entry)
  }

  #take(event: SecurityEvent): void {
    if (!this.#hasOpened) {
      this.#hasOpened = true
      this.#mark(OPENED, { flushMs: this.#config.flushMs })
    }
    this.#keep(readEvent(event))
  }

  #mark(type: string, details: Readonly<Record<string, number>>): void {
    const at = this.#clock.epochMs()
    this.#keep(this.#outside(() => readEvent({ type, outcome: 'allowed', subject: this.#writer, at, details })))
  }

  #keep(entry: PendingEntry): void {
    if (this.#waiting.length >= this.#config.maxWaiting) {
      this.#leftOut += 1
      this.#logInstead(entry)
      return
    }
    this.#waiting.push(entry)
    if (this.#waiting.length >= BATCH && this.#failure === undefined) void this.#write()
    else this.#writeLater(this.#failure === undefined ? this.#config.flushMs : PAUSE_AFTER_FAILURE_MS)
  }

  #writeLater(afterMs: number): void {
    this.#timer ??= this.#outside(() =>
      setTimeout(() => {
        this.#timer = undefined
        void this.#write()
      }, afterMs),
    )
  }

  /** One writing at a time: the order of the events is the order of the entries. Never rejects. */
  #write(): Promise<void> {
    return (this.#writing ??= this.#outside(() => this.#writeBatch()).finally(() => {
      this.#writing = undefined
      if (this.#waiting.length > 0) this.#writeLater(this.#failure === undefined ? 0 : PAUSE_AFTER_FAILURE_MS)
    }))
  }

  async #writeBatch(): Promise<void> {
    const batch = this.#waiting.slice(0, BATCH)
    if (batch.length === 0) return
    try {
      await this.#chain.append(batch)
    } catch (error) {
      if (this.#failure === undefined) {
        this.#logger.error('The audit log cannot be written; its entries wait.', {
          error,
          waiting: this.#waiting.length,
        })
      }
      this.#failure = error as Error
      return
    }
    this.#waiting.splice(0, batch.length)
    if (this.#failure === undefined) return
    this.#failure = undefined
    this.#logger.info('The audit log is written again.')
    if (this.#leftOut > 0) this.#mark('audit.left-out', { entries: this.#leftOut })
    this.#leftOut = 0
  }

  /** The last place where an entry can still be found. */
  #logInstead(entry: PendingEntry): void {
    this.#logger.error('An entry of the audit log is only here.', { entry })
  }
}
