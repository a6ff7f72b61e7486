/** Sessions that were read a moment ago, so that most calls are authenticated without asking anybody. */
import type { Principal } from 'tenon'

import type { SessionRecord } from './session.ts'

export interface KnownSession {
  readonly session: SessionRecord
  readonly principal: Principal
  /** Milliseconds since the epoch; the store is asked again then. */
  readonly until: number
}

const MOST = 10_000

export class KnownSessions {
  readonly #known = new Map<string, KnownSession>()

  get(secretHash: string, now: number): KnownSession | undefined {
    const known = this.#known.get(secretHash)
    if (known === undefined || known.until > now) return known
    this.#known.delete(secretHash)
    return undefined
  }

  add(known: KnownSession): void {
    // The oldest goes first: it would be asked for again soonest anyway.
    if (this.#known.size >= MOST) this.#known.delete(this.#known.keys().next().value as string)
    this.#known.set(known.session.secretHash, known)
  }

  forget(isMeant: (session: SessionRecord) => boolean): void {
    for (const [secretHash, { session }] of this.#known) if (isMeant(session)) this.#known.delete(secretHash)
  }
}
