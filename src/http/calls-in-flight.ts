/** The calls that are not over, in the order they came. A linked list: joining and leaving cost a few assignments. */
import type { HttpCall } from './http-call.ts'

export class CallsInFlight {
  #first: HttpCall | undefined
  #last: HttpCall | undefined
  #size = 0

  get size(): number {
    return this.#size
  }

  add(call: HttpCall): void {
    call.isInFlight = true
    call.before = this.#last
    if (this.#last) this.#last.behind = call
    else this.#first = call
    this.#last = call
    this.#size += 1
  }

  /** Whether it was in flight. */
  delete(call: HttpCall): boolean {
    if (!call.isInFlight) return false
    call.isInFlight = false
    const { before, behind } = call
    if (before) before.behind = behind
    else this.#first = behind
    if (behind) behind.before = before
    else this.#last = before
    call.before = undefined
    call.behind = undefined
    this.#size -= 1
    return true
  }

  /** As they are now: what leaves while somebody looks through them does not disturb. */
  all(): readonly HttpCall[] {
    const calls: HttpCall[] = []
    for (let call = this.#first; call; call = call.behind) calls.push(call)
    return calls
  }
}
