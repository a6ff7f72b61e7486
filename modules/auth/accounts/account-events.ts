/** Tells whoever watches what was done with accounts. Logins that fail have more to say, and say it themselves. */
import { Clock, securityEvents } from 'tenon'
import { Injectable } from 'tenon/decorators'

@Injectable()
export class AccountEvents {
  readonly #clock: Clock

  constructor(clock: Clock) {
    this.#clock = clock
  }

  /** @param subject - An id; never an address, which may be of somebody without an account. */
  tell(type: `accounts.${string}`, subject?: string): void {
    const at = this.#clock.epochMs()
    securityEvents.publish({ type, outcome: 'allowed', at, ...(subject !== undefined && { subject }) })
  }
}
