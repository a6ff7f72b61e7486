/** New passwords: for those who have forgotten theirs, and for those who want another. */
import { Clock, type CallContext } from 'tenon'
import { UnitOfWork } from 'tenon/data'
import { Injectable } from 'tenon/decorators'

import { NewPasswords } from '../passwords/new-passwords.ts'
import { SESSION, Sessions } from '../sessions/sessions.ts'
import { AccountEvents } from './account-events.ts'
import { AccountGuard } from './account-guard.ts'
import { AccountPost } from './account-post.ts'
import { AccountStore } from './account-store.ts'
import { AccountsConfig } from './accounts-config.ts'
import { CodeInvalid } from './accounts-errors.ts'
import type { CallerOrigin } from './caller-origin.ts'
import { normalizeEmail } from './email.ts'
import { Logins } from './logins.ts'
import { OneTimeCodes } from './one-time-codes.ts'
import { SignOuts } from './sign-outs.ts'

@Injectable()
export class AccountPasswords {
  readonly #accounts: AccountStore
  readonly #passwords: NewPasswords
  readonly #codes: OneTimeCodes
  readonly #post: AccountPost
  readonly #guard: AccountGuard
  readonly #logins: Logins
  readonly #sessions: Sessions
  readonly #signOuts: SignOuts
  readonly #events: AccountEvents
  readonly #config: AccountsConfig
  readonly #unitOfWork: UnitOfWork
  readonly #clock: Clock

  constructor(
    accounts: AccountStore,
    passwords: NewPasswords,
    codes: OneTimeCodes,
    post: AccountPost,
    guard: AccountGuard,
    logins: Logins,
    sessions: Sessions,
    signOuts: SignOuts,
    events: AccountEvents,
    config: AccountsConfig,
    unitOfWork: UnitOfWork,
    clock: Clock,
  ) {
    this.#accounts = accounts
    this.#passwords = passwords
    this.#codes = codes
    this.#post = post
    this.#guard = guard
    this.#logins = logins
    this.#sessions = sessions
    this.#signOuts = signOuts
    this.#events = events
    this.#config = config
    this.#unitOfWork = unitOfWork
    this.#clock = clock
  }

  /**
   * Sends a mail to whoever has an account with this address. Looking for it happens after the answer, which therefore
   * takes the same time for all.
   * @throws `AUTH_TOO_MANY_ATTEMPTS`
   */
  async forgotten(email: string, origin: CallerOrigin = {}): Promise<void> {
    const normalized = normalizeEmail(email)
    await this.#guard.countRequest(origin)
    this.#events.tell('accounts.reset-requested')
    this.#post.afterwards(async () => {
      const account = await this.#accounts.findByEmail(normalized)
      if (!account || account.disabledAt !== null) return
      const payload = { email: account.email }
      const code = await this.#codes.issue('reset', account.id, payload, this.#config.codeMinutes * 60_000)
      // To the address that is kept, never to the one that was typed.
      await this.#post.send('reset', account.email, code, origin.locale)
    })
  }

  /**
   * Sets the password of the account whose mail the code is from, confirms its address, and ends all its logins.
   * @throws `AUTH_CODE_INVALID`, `AUTH_PASSWORD_WEAK`, `AUTH_PASSWORDS_BUSY`
   */
  async reset(code: string, password: string, { locale }: CallerOrigin = {}): Promise<void> {
    const found = await this.#codes.require('reset', code)
    const account = await this.#accounts.findById(found.subject)
    // The address may have changed since: the old mailbox opens nothing any more.
    if (!account || account.disabledAt !== null || account.email !== found.payload.email) throw new CodeInvalid()
    const passwordHash = await this.#passwords.hash(password, account.email, 'password')
    await this.#unitOfWork.transaction(async () => {
      await this.#codes.redeem(found)
      const verifiedAt = account.verifiedAt ?? this.#now
      await this.#accounts.change(account.id, { passwordHash, verifiedAt })
    })
    await this.#signOuts.everywhere(account.id)
    await this.#guard.forgive(account.email)
    this.#events.tell('accounts.password-reset', account.id)
    this.#post.afterwards(() => this.#post.tell('passwordChanged', account.email, locale))
  }

  /**
   * Changes the password of somebody who knows the old one. All other logins end, and this session gets a new secret.
   * @returns The session's new secret, where the call was made with one.
   * @throws `AUTH_PASSWORD_WRONG`, `AUTH_PASSWORD_WEAK`, `AUTH_TOO_MANY_ATTEMPTS`, `AUTH_PASSWORDS_BUSY`
   */
  async change(
    context: CallContext,
    accountId: string,
    { password, newPassword }: { readonly password: string; readonly newPassword: string },
    origin: CallerOrigin = {},
  ): Promise<string | undefined> {
    const account = await this.#logins.again(accountId, password, origin)
    const passwordHash = await this.#passwords.hash(newPassword, account.email, 'newPassword')
    await this.#unitOfWork.transaction(async () => {
      await this.#accounts.change(account.id, { passwordHash })
      await this.#codes.revoke(account.id)
    })
    const session = context.get(SESSION)
    await this.#signOuts.everywhere(account.id, session?.id)
    const secret = session && (await this.#sessions.rotate(context, [{ method: 'pwd', at: this.#now }]))
    this.#events.tell('accounts.password-changed', account.id)
    this.#post.afterwards(() => this.#post.tell('passwordChanged', account.email, origin.locale))
    return secret
  }

  get #now(): number {
    return this.#clock.epochMs()
  }
}
