/** Which second factors an account has. */
import { Injectable, type MfaMethod } from 'tenon/decorators'

import { Passkeys } from '../passkeys/passkeys.ts'
import { RecoveryCodes } from '../recovery/recovery-codes.ts'
import { Totps } from '../totp/totps.ts'

@Injectable()
export class Factors {
  readonly #totps: Totps
  readonly #passkeys: Passkeys
  readonly #recoveryCodes: RecoveryCodes

  constructor(totps: Totps, passkeys: Passkeys, recoveryCodes: RecoveryCodes) {
    this.#totps = totps
    this.#passkeys = passkeys
    this.#recoveryCodes = recoveryCodes
  }

  /** What the account can prove; empty: it has no second factor. Recovery codes alone are none. */
  async methodsOf(accountId: string): Promise<readonly MfaMethod[]> {
    const own = await this.#ownOf(accountId)
    if (own.length === 0) return []
    return (await this.#recoveryCodes.count(accountId)) > 0 ? [...own, 'recovery'] : own
  }

  async isEnrolled(accountId: string): Promise<boolean> {
    return (await this.#ownOf(accountId)).length > 0
  }

  async #ownOf(accountId: string): Promise<readonly MfaMethod[]> {
    const hasApp = (await this.#totps.confirmedAt(accountId)) !== undefined
    const passkeys = await this.#passkeys.list(accountId)
    return [...new Set<MfaMethod>([...(hasApp ? (['otp'] as const) : []), ...passkeys.map(({ method }) => method)])]
  }
}
