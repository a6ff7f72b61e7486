/** Notices bodies that have stopped coming in, by one coarse timer for all of them: most are there at once. */
import { LinkedList, type Linked } from './linked-list.ts'

/** Something that comes in piece by piece. */
export interface Incoming extends Linked<Incoming> {
  /** Bytes that are there. */
  readonly length: number
  /** Bytes that were there when the watch last saw more; before its first look -1. Kept by the watch. */
  seenLength: number
  /** When that was. Kept by the watch. */
  seenAt: number
  /** Nothing has come for too long. */
  fail(): void
}

export class SilenceWatch {
  readonly #limitMs: number
  readonly #incoming = new LinkedList<Incoming>()
  #timer: NodeJS.Timeout | undefined

  /** @param limitMs - Longest time without a byte; noticed at most a quarter of it later. */
  constructor(limitMs: number) {
    this.#limitMs = limitMs
  }

  add(incoming: Incoming): void {
    this.#incoming.add(incoming)
    this.#timer ??= setInterval(() => this.#look(), Math.max(1, Math.min(1000, this.#limitMs / 4))).unref()
  }

  delete(incoming: Incoming): void {
    this.#incoming.delete(incoming)
  }

  #look(): void {
    const now = performance.now()
    for (const incoming of this.#incoming.all()) {
      if (incoming.length !== incoming.seenLength) {
        incoming.seenLength = incoming.length
        incoming.seenAt = now
      } else if (now - incoming.seenAt >= this.#limitMs) {
        incoming.fail()
      }
    }
    if (this.#incoming.size > 0) return
    clearInterval(this.#timer)
    this.#timer = undefined
  }
}
