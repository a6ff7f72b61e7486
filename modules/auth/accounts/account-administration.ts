/** What an application does with accounts by code: giving roles, closing. It has no endpoints: who may, it decides. */
import { Clock } from 'tenon'
import { Injectable } from 'tenon/decorators'

import { AccountEvents } from './account-events.ts'
import { AccountStore } from './account-store.ts'
import { AccountMissing } from './accounts-errors.ts'
import { OneTimeCodes } from './one-time-codes.ts'
import { SignOuts } from './sign-outs.ts'

@Injectable()
export class AccountAdministration {
  readonly #accounts: AccountStore
  readonly #codes: OneTimeCodes
  readonly #signOuts: SignOuts
  readonly #events: AccountEvents
  readonly #clock: Clock

  constructor(accounts: AccountStore, codes: OneTimeCodes, signOuts: SignOuts, events: AccountEvents, clock: Clock) {
    this.#accounts = accounts
    this.#codes = codes
    this.#signOuts = signOuts
    this.#events = events
    this.#clock = clock
  }

  /** Holds for tokens when they are refreshed, and for sessions within SESSION_CACHE_MS. @throws `AUTH_ACCOUNT_MISSING` */
  async setRoles(accountId: string, roles: readonly string[]): Promise<void> {
    await this.#require(accountId)
    await this.#accounts.change(accountId, { roles })
    this.#events.tell('accounts.roles-changed', accountId)
  }

  /** Nobody logs in with the account any more, and who is logged in is not. @throws `AUTH_ACCOUNT_MISSING` */
  async disable(accountId: string): Promise<void> {
    await this.#require(accountId)
    await this.#accounts.change(accountId, { disabledAt: this.#now })
    await this.#codes.revoke(accountId)
    await this.#signOuts.everywhere(accountId)
    this.#events.tell('accounts.disabled', accountId)
  }

  /** @throws `AUTH_ACCOUNT_MISSING` */
  async enable(accountId: string): Promise<void> {
    await this.#require(accountId)
    await this.#accounts.change(accountId, { disabledAt: null })
    this.#events.tell('accounts.enabled', accountId)
  }

  async #require(accountId: string): Promise<void> {
    if (!(await this.#accounts.findById(accountId))) throw new AccountMissing(accountId)
  }

  get #now(): number {
    return this.#clock.epochMs()
  }
}
