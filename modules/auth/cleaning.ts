/** Removes rows that nobody can use any more, once an hour. */
import { Clock, Logger } from 'tenon'
import { Injectable, OnReady, OnDrain } from 'tenon/decorators'

const HOUR_MS = 3_600_000

@Injectable()
export class Cleaning {
  readonly #clock: Clock
  readonly #logger: Logger
  readonly #stop = new AbortController()
  readonly #works: (() => Promise<void>)[] = []
  #running: Promise<void> = Promise.resolve()

  constructor(clock: Clock, logger: Logger) {
    this.#clock = clock
    this.#logger = logger
  }

  /** Work that every process may do at any time. */
  add(work: () => Promise<void>): void {
    this.#works.push(work)
  }

  @OnReady()
  start(): void {
    this.#running = this.#run()
  }

  @OnDrain()
  async stop(): Promise<void> {
    this.#stop.abort()
    await this.#running
  }

  async #run(): Promise<void> {
    const { signal } = this.#stop
    while (!signal.aborted) {
      await this.#clock.sleep(HOUR_MS, signal).catch(() => undefined)
      if (signal.aborted) return
      for (const work of this.#works) {
        await work().catch((error: unknown) => this.#logger.warn('Expired rows could not be removed.', { error }))
      }
    }
  }
}
