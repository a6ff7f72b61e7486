/** How long the event loop stood still while a call was going on; watched only while there are calls. */
const INTERVAL_MS = 5
const KEPT = 2000

export class LoopDelay {
  #calls = 0
  #timer: NodeJS.Timeout | undefined
  #lastTick = 0
  /** When the loop was late, and by how much. */
  readonly #late: { readonly at: number; readonly byMs: number }[] = []

  /** A call begins. */
  enter(): void {
    this.#calls += 1
    if (this.#timer) return
    this.#lastTick = performance.now()
    this.#timer = setInterval(() => this.#tick(), INTERVAL_MS)
    this.#timer.unref()
  }

  /** A call that began at `since` ends. @returns The longest delay meanwhile, in milliseconds. */
  leave(since: number): number {
    const pending = performance.now() - Math.max(this.#lastTick, since) - INTERVAL_MS
    const late = this.#late.filter(({ at }) => at >= since).map(({ byMs }) => byMs)
    this.#calls -= 1
    if (this.#calls === 0) {
      clearInterval(this.#timer)
      this.#timer = undefined
      this.#late.length = 0
    }
    return Math.max(0, pending, ...late)
  }

  #tick(): void {
    const now = performance.now()
    const byMs = now - this.#lastTick - INTERVAL_MS
    this.#lastTick = now
    if (byMs < 1) return
    this.#late.push({ at: now, byMs })
    if (this.#late.length > KEPT) this.#late.shift()
  }
}
