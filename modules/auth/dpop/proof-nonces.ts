/** Nonces that need no store: a keyed hash of the time slot, the same in all processes with the same secret. */
import { createHmac, hkdfSync, randomBytes, timingSafeEqual } from 'node:crypto'

import { Clock } from 'tenon'
import { Injectable } from 'tenon/decorators'

import { KeySetsConfig } from '../key-sets/key-sets-config.ts'

/** A nonce holds for its slot and the next. */
const SLOT_MS = 300_000

@Injectable()
export class ProofNonces {
  readonly #clock: Clock
  readonly #secret: Buffer

  constructor({ keySecret }: KeySetsConfig, clock: Clock) {
    this.#clock = clock
    this.#secret =
      keySecret === undefined
        ? randomBytes(32)
        : Buffer.from(hkdfSync('sha256', keySecret, '', 'tenon DPoP nonces', 32))
  }

  get current(): string {
    return this.#nonceOf(this.#slot)
  }

  holds(nonce: string): boolean {
    return [this.#slot, this.#slot - 1].some((slot) => {
      const expected = Buffer.from(this.#nonceOf(slot))
      const given = Buffer.from(nonce)
      return given.length === expected.length && timingSafeEqual(given, expected)
    })
  }

  #nonceOf(slot: number): string {
    return createHmac('sha256', this.#secret).update(String(slot)).digest('base64url')
  }

  get #slot(): number {
    return Math.floor(this.#clock.epochMs() / SLOT_MS)
  }
}
