/** When keys were last used: written at most once a minute for each, and never waited for. */
import { Clock, Logger } from 'tenon'
import { Injectable, OnShutdown } from 'tenon/decorators'

import { ApiKeyRows } from './api-key-rows.ts'

const EVERY_MS = 60_000

@Injectable()
export class ApiKeyUsage {
  readonly #rows: ApiKeyRows
  readonly #clock: Clock
  readonly #log: Logger
  readonly #writing = new Set<Promise<void>>()

  constructor(rows: ApiKeyRows, clock: Clock, log: Logger) {
    this.#rows = rows
    this.#clock = clock
    this.#log = log
  }

  /** @returns When it was last written: hand it in with the next use. */
  note(id: string, lastUsedAt: number): number {
    const now = this.#clock.epochMs()
    if (now - lastUsedAt < EVERY_MS) return lastUsedAt
    const writing = this.#write(id, now)
    this.#writing.add(writing)
    void writing.finally(() => this.#writing.delete(writing))
    return now
  }

  /** What is being written is written. */
  @OnShutdown()
  async settle(): Promise<void> {
    await Promise.all(this.#writing)
  }

  async #write(id: string, lastUsedAt: number): Promise<void> {
    try {
      await this.#rows.update({ id }, { lastUsedAt })
    } catch (error) {
      this.#log.warn('The last use of an API key could not be written.', { error, id })
    }
  }
}
