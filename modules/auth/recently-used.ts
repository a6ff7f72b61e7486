/**
 * Remembers so many values. Room is made by the oldest one that nobody asked for since it was last passed over (Corbató's
 * clock, 1968): nearly the one that was not asked for the longest, and asking moves nothing.
 */
interface Slot<V> {
  readonly value: V
  wasAsked: boolean
}

export class RecentlyUsed<V> {
  readonly #capacity: number
  readonly #slots = new Map<string, Slot<V>>()

  constructor(capacity: number) {
    this.#capacity = capacity
  }

  get(key: string): V | undefined {
    const slot = this.#slots.get(key)
    if (slot === undefined) return undefined
    // Written once and not at each question.
    if (!slot.wasAsked) slot.wasAsked = true
    return slot.value
  }

  set(key: string, value: V): void {
    if (this.#capacity === 0) return
    this.#slots.delete(key)
    if (this.#slots.size >= this.#capacity) this.#makeRoom()
    this.#slots.set(key, { value, wasAsked: false })
  }

  delete(key: string): void {
    this.#slots.delete(key)
  }

  #makeRoom(): void {
    // A map keeps the order in which keys came, and shows those that come while it is walked; the second time round
    // nothing was asked for any more.
    for (const [key, slot] of this.#slots) {
      this.#slots.delete(key)
      if (!slot.wasAsked) return
      slot.wasAsked = false
      this.#slots.set(key, slot)
    }
  }
}
