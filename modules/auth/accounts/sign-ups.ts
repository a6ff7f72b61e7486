/** Making accounts: by those who want one, after they have proved their mailbox. */
import { randomUUID } from 'node:crypto'

import { Clock } from 'tenon'
import { DuplicateRow, UnitOfWork } from 'tenon/data'
import { Injectable } from 'tenon/decorators'

import { NewPasswords } from '../passwords/new-passwords.ts'
import { AccountEvents } from './account-events.ts'
import { AccountGuard } from './account-guard.ts'
import { AccountPost } from './account-post.ts'
import { AccountStore, type AccountRecord } from './account-store.ts'
import { AccountsConfig } from './accounts-config.ts'
import { CodeInvalid } from './accounts-errors.ts'
import type { CallerOrigin } from './caller-origin.ts'
import { normalizeEmail } from './email.ts'
import { OneTimeCodes } from './one-time-codes.ts'

/** What the code of an application may say of a new account; callers of the ready endpoint say the first two alone. */
export interface SignUp {
  readonly email: string
  readonly password: string
  /** Default: the roles of the settings. */
  readonly roles?: readonly string[]
  readonly tenant?: string
  /** For the store, such as a name. */
  readonly profile?: Readonly<Record<string, unknown>>
}

@Injectable()
export class SignUps {
  readonly #accounts: AccountStore
  readonly #passwords: NewPasswords
  readonly #codes: OneTimeCodes
  readonly #post: AccountPost
  readonly #guard: AccountGuard
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
    this.#events = events
    this.#config = config
    this.#unitOfWork = unitOfWork
    this.#clock = clock
  }

  /**
   * Notes what is asked for and sends a mail. There is no account before its link was opened, so nobody can occupy an address
   * that is not theirs. Somebody who has an account gets a mail that says so; the caller notices no difference.
   * @throws `AUTH_PASSWORD_WEAK`, `AUTH_TOO_MANY_ATTEMPTS`, `AUTH_PASSWORDS_BUSY`
   */
  async begin(signUp: SignUp, origin: CallerOrigin = {}): Promise<void> {
    const { password, roles = this.#config.roles, tenant = null, profile = {} } = signUp
    const email = normalizeEmail(signUp.email)
    await this.#guard.countRequest(origin)
    const passwordHash = await this.#passwords.hash(password, email, 'password')
    const isKnown = (await this.#accounts.findByEmail(email)) !== undefined
    const lifetimeMs = this.#config.codeMinutes * 60_000
    const payload = { passwordHash, roles, tenant, profile }
    const code = await this.#codes.issue(isKnown ? 'sign-up-again' : 'sign-up', email, payload, lifetimeMs)
    this.#events.tell('accounts.sign-up')
    this.#post.afterwards(() =>
      isKnown
        ? this.#post.tell('alreadyRegistered', email, origin.locale)
        : this.#post.send('verification', email, code, origin.locale),
    )
  }

  /**
   * Makes the account whose mail this code is from.
   * @throws `AUTH_CODE_INVALID`
   */
  async verify(code: string): Promise<AccountRecord> {
    const found = await this.#codes.require('sign-up', code)
    const account = await this.#make(() =>
      this.#unitOfWork.transaction(async () => {
        await this.#codes.redeem(found)
        const now = this.#clock.epochMs()
        return this.#accounts.add({
          ...found.payload,
          id: randomUUID(),
          email: found.subject,
          verifiedAt: now,
          disabledAt: null,
          createdAt: now,
        })
      }),
    )
    this.#events.tell('accounts.verified', account.id)
    return account
  }

  /** Somebody else has made an account with this address in the meantime, by invitation. */
  async #make(add: () => Promise<AccountRecord>): Promise<AccountRecord> {
    try {
      return await add()
    } catch (error) {
      if (error instanceof DuplicateRow) throw new CodeInvalid().causedBy(error)
      throw error
    }
  }
}
