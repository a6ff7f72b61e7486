/** Says that spans are lost: at once, then at most once a minute, for a collector that is down loses many. */
import type { Logger } from 'tenon'

const SILENCE_MS = 60_000

export class LostSpans {
  readonly #logger: Logger
  #untold = 0
  #toldAt = -Infinity

  constructor(logger: Logger) {
    this.#logger = logger
  }

  note(spans: number, error: Error): void {
    this.#untold += spans
    const now = performance.now()
    if (now - this.#toldAt < SILENCE_MS) return
    this.#toldAt = now
    this.#logger.warn('Spans could not be sent to the collector and are lost.', { spans: this.#untold, error })
    this.#untold = 0
  }
}
