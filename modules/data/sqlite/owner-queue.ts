/**
 * The queue before the one connection of a SQLite database: who owns it runs statements, the others wait their turn.
 * Without it, a statement of one caller lands in the open transaction of another and is rolled back with it.
 */
import { SqliteClosed, SqliteLockTimeout } from './sqlite-errors.ts'

interface Waiting<O> {
  readonly owner: O
  readonly enter: () => void
  readonly refuse: (error: Error) => void
}

export class OwnerQueue<O extends object> {
  readonly #timeoutMs: number
  readonly #waiting: Waiting<O>[] = []
  #owner: O | undefined
  /** How often the owner has entered without leaving. */
  #entries = 0
  #isClosed = false

  /** @param timeoutMs - How long one may wait. */
  constructor(timeoutMs: number) {
    this.#timeoutMs = timeoutMs
  }

  /** Who may run statements now. */
  get owner(): O | undefined {
    return this.#owner
  }

  /** How many wait. */
  get waiting(): number {
    return this.#waiting.length
  }

  /** Whether a statement of `owner` that does not wait for anything may run now, without entering. */
  isOpenTo(owner: O | undefined): boolean {
    return this.#owner === owner && !(owner === undefined && this.#isClosed)
  }

  /**
   * Waits until `owner` owns the connection. The owner enters again at once, and leaves as often as it entered.
   * @throws `DATA_SQLITE_LOCK_TIMEOUT` when its turn does not come in time, `DATA_SQLITE_CLOSED` when it
   * comes after `close`.
   */
  enter(owner: O): Promise<void> {
    if (this.#isClosed && owner !== this.#owner) return Promise.reject(new SqliteClosed())
    return this.#queue(owner)
  }

  /** Ends one entry of the owner; after its last one the next in the queue owns the connection. */
  leave(): void {
    this.#entries -= 1
    if (this.#entries > 0) return
    this.#owner = undefined
    const next = this.#waiting.shift()
    if (next === undefined) return
    this.#own(next.owner)
    next.enter()
  }

  /** Refuses newcomers and waits until everyone who came before has left. */
  async close(owner: O): Promise<void> {
    this.#isClosed = true
    await this.#queue(owner)
  }

  #queue(owner: O): Promise<void> {
    if (this.#owner === undefined || this.#owner === owner) {
      this.#own(owner)
      return Promise.resolve()
    }
    return new Promise((enter, refuse) => {
      const timer = setTimeout(() => this.#giveUp(waiting), this.#timeoutMs)
      const waiting: Waiting<O> = {
        owner,
        enter: () => {
          clearTimeout(timer)
          enter()
        },
        refuse,
      }
      this.#waiting.push(waiting)
    })
  }

  #own(owner: O): void {
    this.#owner = owner
    this.#entries += 1
  }

  #giveUp(waiting: Waiting<O>): void {
    this.#waiting.splice(this.#waiting.indexOf(waiting), 1)
    waiting.refuse(new SqliteLockTimeout(this.#timeoutMs, this.#waiting.length))
  }
}
