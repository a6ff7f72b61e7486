/**
 * A list whose members carry their links: joining and leaving cost a few assignments and no memory. A `Map` that somebody
 * joins and leaves with every call rebuilds its table all the time, and a table that has grown old keeps the next one,
 * with all that stands in it, from being collected early.
 */

/** A member of at most one list; the list keeps these three. */
export interface Linked<T> {
  isListed: boolean
  before: T | undefined
  behind: T | undefined
}

/** In the order they came. */
export class LinkedList<T extends Linked<T>> {
  #first: T | undefined
  #last: T | undefined
  #size = 0

  get size(): number {
    return this.#size
  }

  add(item: T): void {
    item.isListed = true
    item.before = this.#last
    if (this.#last) this.#last.behind = item
    else this.#first = item
    this.#last = item
    this.#size += 1
  }

  /** Whether it was in the list. */
  delete(item: T): boolean {
    if (!item.isListed) return false
    item.isListed = false
    const { before, behind } = item
    if (before) before.behind = behind
    else this.#first = behind
    if (behind) behind.before = before
    else this.#last = before
    item.before = undefined
    item.behind = undefined
    this.#size -= 1
    return true
  }

  /** As they are now: what leaves while somebody looks through them does not disturb. */
  all(): readonly T[] {
    const items: T[] = []
    for (let item = this.#first; item; item = item.behind) items.push(item)
    return items
  }
}
