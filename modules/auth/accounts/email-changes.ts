/**
 * Another e-mail address for an account: asked for by who knows the password and passes the gate again, confirmed by the new
 * mailbox.
 */
import { Clock } from 'tenon'
import { DuplicateRow, UnitOfWork } from 'tenon/data'
import { Injectable, Optional } from 'tenon/decorators'

import { AccountEvents } from './account-events.ts'
import { AccountPost } from './account-post.ts'
import { AccountStore } from './account-store.ts'
import { AccountsConfig } from './accounts-config.ts'
import { CodeInvalid } from './accounts-errors.ts'
import type { CallerOrigin } from './caller-origin.ts'
import { normalizeEmail } from './email.ts'
import { LoginGate } from './login-gate.ts'
import { Logins } from './logins.ts'
import { OneTimeCodes } from './one-time-codes.ts'
import { SignOuts } from './sign-outs.ts'

@Injectable()
export class EmailChanges {
  readonly #accounts: AccountStore
  readonly #codes: OneTimeCodes
  readonly #post: AccountPost
  readonly #logins: Logins
  readonly #signOuts: SignOuts
  readonly #events: AccountEvents
  readonly #config: AccountsConfig
  readonly #unitOfWork: UnitOfWork
  readonly #clock: Clock
  readonly #gate: LoginGate | undefined

  constructor(
    accounts: AccountStore,
    codes: OneTimeCodes,
    post: AccountPost,
    logins: Logins,
    signOuts: SignOuts,
    events: AccountEvents,
    config: AccountsConfig,
    unitOfWork: UnitOfWork,
    clock: Clock,
    @Optional() gate?: LoginGate,
  ) {
    this.#accounts = accounts
    this.#codes = codes
    this.#post = post
    this.#logins = logins
    this.#signOuts = signOuts
    this.#events = events
    this.#config = config
    this.#unitOfWork = unitOfWork
    this.#clock = clock
    this.#gate = gate
  }

  /**
   * Sends a code to the new address and a notice to the old one. Whether somebody else has the new address shows in its
   * mailbox alone.
   * @throws `AUTH_PASSWORD_WRONG`, `AUTH_TOO_MANY_ATTEMPTS`, and what a `LoginGate` asks for.
   */
  async begin(accountId: string, password: string, newEmail: string, origin: CallerOrigin = {}): Promise<void> {
    const account = await this.#logins.again(accountId, password, origin)
    await this.#gate?.passAgain(account)
    const email = normalizeEmail(newEmail)
    const code = await this.#codes.issue('new-email', account.id, { email }, this.#config.codeMinutes * 60_000)
    this.#post.afterwards(async () => {
      await this.#post.tell('emailChangeAsked', account.email, origin.locale)
      const isTaken = (await this.#accounts.findByEmail(email)) !== undefined
      await (isTaken
        ? this.#post.tell('alreadyRegistered', email, origin.locale)
        : this.#post.send('newEmail', email, code, origin.locale))
    })
  }

  /**
   * From now on the account belongs to the address whose mail the code is from; all its logins end.
   * @throws `AUTH_CODE_INVALID`
   */
  async confirm(code: string, { locale }: CallerOrigin = {}): Promise<void> {
    const found = await this.#codes.require('new-email', code)
    const account = await this.#accounts.findById(found.subject)
    if (!account || account.disabledAt !== null) throw new CodeInvalid()
    try {
      await this.#unitOfWork.transaction(async () => {
        await this.#codes.redeem(found)
        const verifiedAt = this.#clock.epochMs()
        await this.#accounts.change(account.id, { email: found.payload.email, verifiedAt })
      })
    } catch (error) {
      if (error instanceof DuplicateRow) throw new CodeInvalid().causedBy(error)
      throw error
    }
    await this.#signOuts.everywhere(account.id)
    this.#events.tell('accounts.email-changed', account.id)
    this.#post.afterwards(() => this.#post.tell('emailChanged', account.email, locale))
  }
}
