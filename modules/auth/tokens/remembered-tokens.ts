/**
 * Tokens that were verified, by their own text: docs/decisions/0021-remembered-tokens.md says why not by a hash of it.
 * Nothing that was not verified gets in, and no more than `AUTH_TOKEN_CACHE` of them.
 */
import { RecentlyUsed } from '../recently-used.ts'
import type { VerifiedToken } from './verified-token.ts'

export interface RememberedToken {
  readonly token: string
  readonly verified: VerifiedToken
  /** `Revocations.changes` when it was last found not to be revoked. */
  unrevokedAsOf: number
}

/** The end of a signature is as good as random: enough to find a token by, and hashed faster than all of it. */
const END_CHARACTERS = 12

export class RememberedTokens {
  readonly #byEnd: RecentlyUsed<RememberedToken>

  constructor(capacity: number) {
    this.#byEnd = new RecentlyUsed(capacity)
  }

  find(token: string): RememberedToken | undefined {
    const found = this.#byEnd.get(endOf(token))
    // Whoever knows an end only is a stranger.
    return found !== undefined && found.token === token ? found : undefined
  }

  keep(token: string, verified: VerifiedToken, unrevokedAsOf: number): void {
    this.#byEnd.set(endOf(token), { token: copyOf(token), verified, unrevokedAsOf })
  }

  forget(token: string): void {
    this.#byEnd.delete(endOf(token))
  }
}

function endOf(token: string): string {
  return token.slice(-END_CHARACTERS)
}

/** A part of a header keeps all of it in memory, and takes longer to compare. Tokens are ASCII. */
function copyOf(token: string): string {
  return Buffer.from(token, 'latin1').toString('latin1')
}
