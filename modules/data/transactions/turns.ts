/**
 * Who may use a transaction's one connection now. Statements of parallel work run one after the other, and while a
 * savepoint is open those of the work around it wait: rolled back to, it would take them along.
 */
import { TransactionStalled } from './transaction-errors.ts'

interface Waiting<S> {
  readonly scope: S
  readonly enter: () => void
  readonly refuse: (error: Error) => void
}

export class Turns<S extends object> {
  readonly #limitMs: number
  readonly #waiting: Waiting<S>[] = []
  #isTaken = false
  #innermost: S

  /** @param limitMs - Longest wait for a savepoint to end. */
  constructor(innermost: S, limitMs: number) {
    this.#innermost = innermost
    this.#limitMs = limitMs
  }

  /** The scope whose statements run; the others wait for it to end. */
  get innermost(): S {
    return this.#innermost
  }

  /** Whoever has the turn moves on to a savepoint, or back out of it. */
  moveTo(scope: S): void {
    this.#innermost = scope
  }

  /**
   * Waits until it is the turn of `scope`.
   * @throws `DATA_TRANSACTION_STALLED` when it does not come in time, as for work that a savepoint waits for itself.
   */
  take(scope: S): Promise<void> {
    if (!this.#isTaken && scope === this.#innermost) {
      this.#isTaken = true
      return Promise.resolve()
    }
    return new Promise((enter, refuse) => {
      const timer = setTimeout(() => {
        this.#waiting.splice(this.#waiting.indexOf(waiting), 1)
        refuse(new TransactionStalled(this.#limitMs))
      }, this.#limitMs)
      const waiting: Waiting<S> = {
        scope,
        enter: () => {
          clearTimeout(timer)
          enter()
        },
        refuse: (error) => {
          clearTimeout(timer)
          refuse(error)
        },
      }
      this.#waiting.push(waiting)
    })
  }

  give(): void {
    this.#isTaken = false
    const next = this.#waiting.findIndex(({ scope }) => scope === this.#innermost)
    if (next === -1) return
    this.#isTaken = true
    this.#waiting.splice(next, 1)[0]?.enter()
  }

  /** Refuses everyone who waits, and waits for the statement that runs. */
  async takeLast(scope: S, refusal: () => Error): Promise<void> {
    for (const waiting of this.#waiting.splice(0)) waiting.refuse(refusal())
    this.#innermost = scope
    await this.take(scope)
  }
}
