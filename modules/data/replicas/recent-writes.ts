/**
 * Who has written a moment ago, and so has to read from the primary: the call itself, and for a while its caller. Code outside
 * of calls, at start and in scripts, is not known and reads from the primary.
 */
import { ContextKey, tryCtx, type CallContext, type Clock } from 'tenon'

const WROTE = new ContextKey<Set<RecentWrites>>('data.wrote')

export class RecentWrites {
  readonly #clock: Clock | undefined
  readonly #stickyMs: number
  /** By tenant and caller, when they wrote last. */
  readonly #callers = new Map<string, number>()

  /** @param stickyMs - How long a caller is remembered by this process. */
  constructor(stickyMs: number, clock?: Clock) {
    this.#stickyMs = stickyMs
    this.#clock = clock
  }

  note(): void {
    const context = tryCtx()
    if (!context) return
    const wrote = context.get(WROTE)
    if (wrote) wrote.add(this)
    else context.set(WROTE, new Set([this]))
    const caller = callerOf(context)
    if (caller === undefined || this.#stickyMs === 0) return
    // At the end: those before it have written earlier.
    this.#callers.delete(caller)
    this.#callers.set(caller, this.#now)
    this.#forget()
  }

  /** Whether what the running code reads has to be what was written. */
  mustSee(): boolean {
    const context = tryCtx()
    if (!context || context.get(WROTE)?.has(this)) return true
    if (this.#callers.size === 0) return false
    const caller = callerOf(context)
    const at = caller === undefined ? undefined : this.#callers.get(caller)
    return at !== undefined && this.#now - at < this.#stickyMs
  }

  #forget(): void {
    for (const [caller, at] of this.#callers) {
      if (this.#now - at < this.#stickyMs) return
      this.#callers.delete(caller)
    }
  }

  get #now(): number {
    return this.#clock?.now().getTime() ?? Date.now()
  }
}

function callerOf({ principal, tenant }: CallContext): string | undefined {
  return principal && JSON.stringify([principal.kind, principal.id, tenant ?? principal.tenant])
}
