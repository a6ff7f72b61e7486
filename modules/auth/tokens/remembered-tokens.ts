/**
 * Tokens that were verified, by their own text: docs/decisions/0020-remembered-tokens.md says why not by a hash of it.
 * Nothing that was not verified gets in, and no more than `AUTH_TOKEN_CACHE` of them.
 */
import { RecentlyUsed } from '../recently-used.ts'
import type { VerifiedToken } from './verified-token.ts'

interface Remembered {
  readonly token: string
  readonly verified: VerifiedToken
}

/** The end of a signature is as good as random: enough to find a token by, and hashed faster than all of it. */
const END_CHARACTERS = 12

export class RememberedTokens {
  readonly #byEnd: RecentlyUsed<Remembered>

  constructor(capacity: number) {
    this.#byEnd = new RecentlyUsed(capacity)
  }

  find(token: string): VerifiedToken | undefined {
    const found = this.#byEnd.get(endOf(token))
    // Whoever knows an end only is a stranger.
    return found !== undefined && found.token === token ? found.verified : undefined
  }

  keep(token: string, verified: VerifiedToken): void {
    this.#byEnd.set(endOf(token), { token, verified })
  }

  forget(token: string): void {
    this.#byEnd.delete(endOf(token))
  }
}

function endOf(token: string): string {
  return token.slice(-END_CHARACTERS)
}
