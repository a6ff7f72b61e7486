/** A clock that stands still until a test moves it. */
import { Clock } from '../clock/clock.ts'

interface Sleeper {
  readonly wakesAt: number
  readonly wake: () => void
}

export class FakeClock extends Clock {
  #now: number
  #sleepers: Sleeper[] = []

  constructor(now: Date = new Date('2026-01-01T00:00:00Z')) {
    super()
    this.#now = now.getTime()
  }

  now(): Date {
    return new Date(this.#now)
  }

  sleep(delayMs: number, signal?: AbortSignal): Promise<void> {
    const { promise, resolve, reject } = Promise.withResolvers<void>()
    if (signal?.aborted) reject(signal.reason as Error)
    else if (delayMs <= 0) resolve()
    else {
      const sleeper: Sleeper = {
        wakesAt: this.#now + delayMs,
        wake: () => {
          signal?.removeEventListener('abort', stop)
          resolve()
        },
      }
      const stop = (): void => {
        this.#sleepers = this.#sleepers.filter((each) => each !== sleeper)
        reject(signal?.reason as Error)
      }
      this.#sleepers.push(sleeper)
      signal?.addEventListener('abort', stop, { once: true })
    }
    return promise
  }

  /** Moves the time on and wakes whoever slept until then, in the order of their alarms. */
  async advance(byMs: number): Promise<void> {
    const end = this.#now + byMs
    for (let next = this.#nextUntil(end); next; next = this.#nextUntil(end)) {
      this.#now = next.wakesAt
      this.#sleepers = this.#sleepers.filter((each) => each !== next)
      next.wake()
      // Lets the one who was woken go to sleep again before later alarms ring.
      await new Promise(setImmediate)
    }
    this.#now = end
  }

  #nextUntil(end: number): Sleeper | undefined {
    return this.#sleepers.filter((sleeper) => sleeper.wakesAt <= end).toSorted((a, b) => a.wakesAt - b.wakesAt)[0]
  }
}
