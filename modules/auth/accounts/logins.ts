/** Logging in by password. */
import { Clock, securityEvents, type AuthenticationFactor } from 'tenon'
import { Injectable, Optional } from 'tenon/decorators'

import { PasswordHasher } from '../passwords/password-hasher.ts'
import { AccountGuard } from './account-guard.ts'
import { AccountStore, type AccountRecord } from './account-store.ts'
import { AccountMissing, EmailUnverified, LoginFailed, PasswordWrong, TooManyAttempts } from './accounts-errors.ts'
import type { CallerOrigin } from './caller-origin.ts'
import { normalizeEmail } from './email.ts'
import { LoginGate } from './login-gate.ts'

export interface Login {
  readonly account: AccountRecord
  readonly factors: readonly AuthenticationFactor[]
}

@Injectable()
export class Logins {
  readonly #accounts: AccountStore
  readonly #hasher: PasswordHasher
  readonly #guard: AccountGuard
  readonly #clock: Clock
  readonly #gate: LoginGate | undefined

  constructor(
    accounts: AccountStore,
    hasher: PasswordHasher,
    guard: AccountGuard,
    clock: Clock,
    @Optional() gate?: LoginGate,
  ) {
    this.#accounts = accounts
    this.#hasher = hasher
    this.#guard = guard
    this.#clock = clock
    this.#gate = gate
  }

  /**
   * Whose e-mail and password these are. Whether there is an account shows in nothing: the answer, the counted attempts and
   * the one run of argon2 are the same. Not inside a transaction of your own: what is counted would be taken back with it.
   * @param returnTo - Where the browser goes afterwards, for a `LoginGate` with a page of its own.
   * @throws `AUTH_LOGIN_FAILED`, `AUTH_TOO_MANY_ATTEMPTS`, `AUTH_EMAIL_UNVERIFIED`, and what a `LoginGate` asks for.
   */
  async byPassword(email: string, password: string, origin: CallerOrigin = {}, returnTo?: string): Promise<Login> {
    const normalized = normalizeEmail(email)
    const account = await this.#accounts.findByEmail(normalized)
    const isRight = await this.#check(account, normalized, password, origin)
    if (!account || !isRight || account.disabledAt !== null) {
      const reason = !account ? 'no account' : isRight ? 'disabled' : 'password'
      this.#tell('refused', account?.id, reason)
      throw new LoginFailed()
    }
    if (account.verifiedAt === null) {
      this.#tell('refused', account.id, 'unverified')
      throw new EmailUnverified()
    }
    const proved: readonly AuthenticationFactor[] = [{ method: 'pwd', at: this.#now }]
    const factors = this.#gate ? await this.#gate.pass(account, proved, returnTo) : proved
    this.#tell('allowed', account.id)
    return { account, factors }
  }

  /**
   * Asks for the password again, of somebody who is logged in, before something that matters.
   * @throws `AUTH_PASSWORD_WRONG`, `AUTH_TOO_MANY_ATTEMPTS`, `AUTH_ACCOUNT_MISSING`
   */
  async again(accountId: string, password: string, origin: CallerOrigin = {}): Promise<AccountRecord> {
    const account = await this.#accounts.findById(accountId)
    if (!account) throw new AccountMissing(accountId)
    if (!(await this.#check(account, account.email, password, origin))) {
      this.#tell('refused', account.id, 'password')
      throw new PasswordWrong()
    }
    return account
  }

  async #check(
    account: AccountRecord | undefined,
    email: string,
    password: string,
    origin: CallerOrigin,
  ): Promise<boolean> {
    const attempt = await this.#begin(account, email, origin)
    const stored = account?.passwordHash ?? undefined
    const isRight = await this.#hasher.verify(password, stored)
    if (!account || !isRight) return false
    await this.#guard.endLogin(attempt)
    if (stored !== undefined && this.#hasher.isOutdated(stored)) {
      await this.#accounts.change(account.id, { passwordHash: await this.#hasher.hash(password) })
    }
    return true
  }

  async #begin(account: AccountRecord | undefined, email: string, origin: CallerOrigin) {
    try {
      return await this.#guard.beginLogin(email, origin)
    } catch (error) {
      if (error instanceof TooManyAttempts) this.#tell('refused', account?.id, 'too many attempts')
      throw error
    }
  }

  /** Addresses that are no account's are not told: people type passwords into the wrong field. */
  #tell(outcome: 'allowed' | 'refused', subject: string | undefined, reason?: string): void {
    securityEvents.publish({
      type: 'accounts.login',
      outcome,
      at: this.#now,
      ...(subject !== undefined && { subject }),
      ...(subject !== undefined && outcome === 'allowed' && { principalId: subject }),
      ...(reason !== undefined && { reason }),
    })
  }

  get #now(): number {
    return this.#clock.epochMs()
  }
}
