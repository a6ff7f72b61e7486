/** Allowances of this process: synchronous, nothing allocated but the entry, and never more than so many. */
import type { Clock } from 'tenon'

import { gcra, type Rate, type Verdict } from './gcra.ts'
import type { RateLimitStore } from './rate-limit-store.ts'

/**
 * Two generations: when the young one holds half of what is allowed, it becomes the old one and the old one is dropped.
 * Who is seen again moves to the young one. So the space is bounded and every step takes the same time; dropped is who
 * has not called for the longest time.
 */
export class MemoryStore implements RateLimitStore {
  readonly name = 'memory'
  readonly #clock: Clock
  readonly #generationSize: number
  #young = new Map<string, number>()
  #old = new Map<string, number>()

  constructor(clock: Clock, maxKeys: number) {
    this.#clock = clock
    this.#generationSize = Math.max(1, Math.floor(maxKeys / 2))
  }

  /** How many subjects are known. */
  get size(): number {
    return this.#young.size + this.#old.size
  }

  take(key: string, rate: Rate, cost: number): Verdict {
    const nowUs = this.#clock.epochMs() * 1000
    const known = this.#young.get(key)
    const verdict = gcra(known ?? this.#old.get(key), nowUs, rate, cost)
    if (verdict >= 0) this.#keep(key, nowUs + verdict, known === undefined)
    return verdict
  }

  #keep(key: string, fullAt: number, isNew: boolean): void {
    if (isNew && this.#young.size >= this.#generationSize) {
      this.#old = this.#young
      this.#young = new Map()
    }
    this.#young.set(key, fullAt)
  }
}
