/** Bearer tokens: signed statements of who logged in, and until when it counts. */
import { createSecretKey, type KeyObject } from 'node:crypto'

import jwt from 'jsonwebtoken'
import { Clock, Service } from 'tenon'

import { TokenInvalid } from '../access/access-errors.ts'
import { TokenConfig } from './token-config.ts'

export interface IssuedToken {
  readonly token: string
  readonly expiresAt: Date
}

const ALGORITHM = 'HS256'
const ISSUER = 'service-desk'

@Service()
export class Tokens {
  readonly #key: KeyObject
  readonly #lifetimeSeconds: number
  readonly #clock: Clock

  constructor({ secret, hours }: TokenConfig, clock: Clock) {
    this.#key = createSecretKey(secret, 'utf8')
    this.#lifetimeSeconds = hours * 3600
    this.#clock = clock
  }

  issue(userId: string): IssuedToken {
    const iat = this.#nowSeconds()
    const exp = iat + this.#lifetimeSeconds
    const token = jwt.sign({ sub: userId, iss: ISSUER, iat, exp }, this.#key, { algorithm: ALGORITHM })
    return { token, expiresAt: new Date(exp * 1000) }
  }

  /**
   * Whose token it is.
   * @throws `DESK_TOKEN_INVALID`
   */
  verify(token: string): string {
    try {
      const clockTimestamp = this.#nowSeconds()
      const claims = jwt.verify(token, this.#key, { algorithms: [ALGORITHM], issuer: ISSUER, clockTimestamp })
      if (typeof claims === 'object' && claims.sub !== undefined) return claims.sub
    } catch (cause) {
      throw new TokenInvalid().causedBy(cause)
    }
    throw new TokenInvalid()
  }

  #nowSeconds(): number {
    return Math.floor(this.#clock.now().getTime() / 1000)
  }
}
