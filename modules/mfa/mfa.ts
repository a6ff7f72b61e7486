/** What an application asks and does about the factors of others: in administration, for people who have lost theirs. */
import { Clock, securityEvents } from 'tenon'
import { AccountStore, OneTimeCodes, SignOuts } from 'tenon/auth'
import { Injectable, type MfaMethod } from 'tenon/decorators'

import { OF_FACTORS } from './challenges.ts'
import { Devices } from './devices/devices.ts'
import { Factors } from './factors/factors.ts'
import { MfaPost } from './mails/mfa-post.ts'
import { Passkeys } from './passkeys/passkeys.ts'
import { RecoveryCodes } from './recovery/recovery-codes.ts'
import { Totps } from './totp/totps.ts'

@Injectable()
export class Mfa {
  readonly #accounts: AccountStore
  readonly #factors: Factors
  readonly #totps: Totps
  readonly #passkeys: Passkeys
  readonly #recoveryCodes: RecoveryCodes
  readonly #devices: Devices
  readonly #codes: OneTimeCodes
  readonly #signOuts: SignOuts
  readonly #post: MfaPost
  readonly #clock: Clock

  constructor(
    accounts: AccountStore,
    factors: Factors,
    totps: Totps,
    passkeys: Passkeys,
    recoveryCodes: RecoveryCodes,
    devices: Devices,
    codes: OneTimeCodes,
    signOuts: SignOuts,
    post: MfaPost,
    clock: Clock,
  ) {
    this.#accounts = accounts
    this.#factors = factors
    this.#totps = totps
    this.#passkeys = passkeys
    this.#recoveryCodes = recoveryCodes
    this.#devices = devices
    this.#codes = codes
    this.#signOuts = signOuts
    this.#post = post
    this.#clock = clock
  }

  /** What an account can prove besides its password; empty: nothing. */
  methodsOf(accountId: string): Promise<readonly MfaMethod[]> {
    return this.#factors.methodsOf(accountId)
  }

  /** Removes every factor of an account and signs it out everywhere: for somebody who has proved in another way who she is. */
  async reset(accountId: string): Promise<void> {
    await this.#totps.remove(accountId)
    await this.#passkeys.removeAll(accountId)
    await this.#recoveryCodes.removeAll(accountId)
    await this.#devices.forgetAll(accountId)
    await this.#codes.revoke(accountId, OF_FACTORS)
    await this.#signOuts.everywhere(accountId)
    const at = this.#clock.epochMs()
    securityEvents.publish({ type: 'mfa.reset', outcome: 'allowed', subject: accountId, at })
    const account = await this.#accounts.findById(accountId)
    if (account) this.#post.tell('all-removed', account)
  }
}
