/**
 * Tokens that were verified, by their hash, so that nothing in the process lists those that can be used:
 * docs/decisions/0021-remembered-tokens.md. Nothing that was not verified gets in, and no more than `AUTH_TOKEN_CACHE` of them.
 */
import { hash } from 'node:crypto'

import { RecentlyUsed } from '../recently-used.ts'
import type { VerifiedToken } from './verified-token.ts'

export interface RememberedToken {
  readonly verified: VerifiedToken
  /** `Revocations.changes` when it was last found not to be revoked. */
  unrevokedAsOf: number
}

export class RememberedTokens {
  readonly #byHash: RecentlyUsed<RememberedToken>

  constructor(capacity: number) {
    this.#byHash = new RecentlyUsed(capacity)
  }

  find(token: string): RememberedToken | undefined {
    return this.#byHash.get(hashOf(token))
  }

  keep(token: string, verified: VerifiedToken, unrevokedAsOf: number): void {
    this.#byHash.set(hashOf(token), { verified, unrevokedAsOf })
  }

  forget(token: string): void {
    this.#byHash.delete(hashOf(token))
  }
}

function hashOf(token: string): string {
  return hash('sha256', token, 'base64')
}
