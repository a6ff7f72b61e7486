/** The connections that transactions hold, and since when: what is told when one is kept too long or none is left. */
import type { Logger } from 'tenon'

/** Who holds a connection: `Service.method (file:line)`, or `file:line`. */
export interface Holder {
  toString(): string
}

export class TakenConnections {
  readonly #logger: Logger
  readonly #warnAfterMs: number
  readonly #held = new Set<{ readonly holder: Holder; readonly since: number }>()

  /** Longest wait for one of the pool. */
  readonly waitMs: number

  /** @param warnAfterMs - Held for longer than this, the holder is logged. */
  constructor(logger: Logger, warnAfterMs: number, waitMs: number) {
    this.waitMs = waitMs
    this.#logger = logger
    this.#warnAfterMs = warnAfterMs
  }

  /** @returns To be called when the connection is given back. */
  take(holder: Holder): () => void {
    const taken = { holder, since: performance.now() }
    this.#held.add(taken)
    const timer = setTimeout(() => {
      const place = String(holder)
      this.#logger.warn(
        `A database connection has been held for more than ${this.#warnAfterMs} ms; taken at ${place}`,
        {
          takenAt: place,
        },
      )
    }, this.#warnAfterMs)
    timer.unref()
    return () => {
      clearTimeout(timer)
      this.#held.delete(taken)
    }
  }

  /** Who holds one, those first that have for longest. */
  get holders(): readonly string[] {
    return [...this.#held].toSorted((one, other) => one.since - other.since).map(({ holder }) => String(holder))
  }
}
