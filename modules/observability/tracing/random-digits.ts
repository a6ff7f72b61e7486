/** Random digits for ids of spans and traces; drawn for many at once, as one call of the generator costs as much as a span. */
import { randomBytes } from 'node:crypto'

const POOL_BYTES = 4096

export class RandomDigits {
  #pool = ''
  #used = 0

  /** @param count - Hexadecimal digits. */
  next(count: number): string {
    if (this.#used + count > this.#pool.length) {
      this.#pool = randomBytes(POOL_BYTES).toString('hex')
      this.#used = 0
    }
    const from = this.#used
    this.#used = from + count
    return this.#pool.slice(from, from + count)
  }
}

/** Of the process: ids must differ, whichever application makes them. */
export const RANDOM_DIGITS = new RandomDigits()
