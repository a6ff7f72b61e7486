/** Work of which only so much runs at once and only so much waits: what comes then is refused at once. */
import { PasswordsBusy } from './passwords-errors.ts'

export class WorkQueue {
  readonly #maxRunning: number
  readonly #maxWaiting: number
  readonly #waiting: (() => void)[] = []
  #running = 0

  constructor(maxRunning: number, maxWaiting: number) {
    this.#maxRunning = maxRunning
    this.#maxWaiting = maxWaiting
  }

  /** @throws `AUTH_PASSWORDS_BUSY` */
  async run<T>(work: () => Promise<T>): Promise<T> {
    if (this.#running >= this.#maxRunning) await this.#turn()
    else this.#running += 1
    try {
      return await work()
    } finally {
      // Whoever is next takes over the place, so that nobody who comes now can slip in between.
      const next = this.#waiting.shift()
      if (next) next()
      else this.#running -= 1
    }
  }

  #turn(): Promise<void> {
    if (this.#waiting.length >= this.#maxWaiting) throw new PasswordsBusy()
    return new Promise((resolve) => this.#waiting.push(resolve))
  }
}
