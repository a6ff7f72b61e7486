/** Notices bodies that have stopped coming in, by one coarse timer for all of them: most are there at once. */

/** Something that comes in piece by piece. */
export interface Incoming {
  /** Bytes that are there. */
  readonly length: number
  /** Nothing has come for too long. */
  fail(): void
}

interface Seen {
  length: number
  /** When that was first seen; 0 before the first look. */
  at: number
}

export class SilenceWatch {
  readonly #limitMs: number
  readonly #incoming = new Map<Incoming, Seen>()
  #timer: NodeJS.Timeout | undefined

  /** @param limitMs - Longest time without a byte; noticed at most a quarter of it later. */
  constructor(limitMs: number) {
    this.#limitMs = limitMs
  }

  add(incoming: Incoming): void {
    this.#incoming.set(incoming, { length: -1, at: 0 })
    this.#timer ??= setInterval(() => this.#look(), Math.max(1, Math.min(1000, this.#limitMs / 4))).unref()
  }

  delete(incoming: Incoming): void {
    this.#incoming.delete(incoming)
  }

  #look(): void {
    const now = performance.now()
    for (const [incoming, seen] of this.#incoming) {
      if (incoming.length !== seen.length) {
        seen.length = incoming.length
        seen.at = now
      } else if (now - seen.at >= this.#limitMs) {
        incoming.fail()
      }
    }
    if (this.#incoming.size > 0) return
    clearInterval(this.#timer)
    this.#timer = undefined
  }
}
