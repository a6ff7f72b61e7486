/** The time, as a provider: tests move it by hand. */

/** Inject it wherever the time matters; `Date.now()` cannot be moved by a test. */
export abstract class Clock {
  abstract now(): Date

  /** Milliseconds since the epoch. */
  epochMs(): number {
    return this.now().getTime()
  }

  /** Resolves after `delayMs`; rejects with the signal's reason when it aborts first. */
  abstract sleep(delayMs: number, signal?: AbortSignal): Promise<void>
}
