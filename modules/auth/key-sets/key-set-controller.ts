/** `/.well-known/jwks.json`: the public keys, for everybody who verifies our tokens. */
import { Controller, Get, NoTenant, Public, SetHeader } from 'tenon'

import { KeySet } from './key-set.ts'

@Controller('/.well-known')
@NoTenant('Keys are read before any caller is known.')
@Public('Public keys are for everybody.')
export class KeySetController {
  readonly #keys: KeySet

  constructor(keys: KeySet) {
    this.#keys = keys
  }

  /** May be kept for five minutes: far less than a new key is published before it signs. */
  @Get('/jwks.json')
  @SetHeader('cache-control', 'public, max-age=300')
  @SetHeader('content-type', 'application/jwk-set+json')
  read(): { readonly keys: readonly object[] } {
    return this.#keys.published
  }
}
