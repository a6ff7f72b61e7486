/** Remembers so many values; the one that was not asked for the longest makes room. */
export class RecentlyUsed<V> {
  readonly #capacity: number
  readonly #values = new Map<string, V>()
  /** The key that was asked for last. */
  #latest: string | undefined

  constructor(capacity: number) {
    this.#capacity = capacity
  }

  get size(): number {
    return this.#values.size
  }

  get(key: string): V | undefined {
    const value = this.#values.get(key)
    if (value === undefined || key === this.#latest) return value
    // A map keeps the order in which keys came.
    this.#latest = key
    this.#values.delete(key)
    this.#values.set(key, value)
    return value
  }

  set(key: string, value: V): void {
    if (this.#capacity === 0) return
    this.#values.delete(key)
    if (this.#values.size >= this.#capacity) this.#values.delete(this.#values.keys().next().value!)
    this.#values.set(key, value)
    this.#latest = key
  }

  delete(key: string): void {
    this.#values.delete(key)
  }
}
