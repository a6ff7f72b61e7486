/** Which attempts of people with accounts are counted, and how many are free. */
import { Injectable } from 'tenon/decorators'

import { AccountsConfig } from './accounts-config.ts'
import { TooManyAttempts } from './accounts-errors.ts'
import { Attempts, type AttemptKey, type AttemptLimit, type CountedAttempt } from './attempts.ts'
import { networkOf, type CallerOrigin } from './caller-origin.ts'

const HOUR_MS = 3_600_000
const DAY_MS = 24 * HOUR_MS
/** How long a network counts as one that the owner of an account uses. */
const FAMILIAR_MS = 30 * DAY_MS

/** The counts of one login; taken back when it was right. */
export interface LoginAttempt {
  readonly network: CountedAttempt | undefined
  readonly accountKey: AttemptKey
  readonly familiarKey: AttemptKey | undefined
}

@Injectable()
export class AccountGuard {
  readonly #attempts: Attempts
  readonly #config: AccountsConfig

  constructor(attempts: Attempts, config: AccountsConfig) {
    this.#attempts = attempts
    this.#config = config
  }

  /**
   * Counts a login by account and by network, the same for accounts that do not exist. From a network in which the owner has
   * logged in lately, failures are counted apart: strangers who fail on purpose do not lock the owner out.
   * @throws `AUTH_TOO_MANY_ATTEMPTS`
   */
  async beginLogin(email: string, { address }: CallerOrigin): Promise<LoginAttempt> {
    const name = networkOf(address)
    const network = name === '' ? undefined : await this.#attempts.count(['login-network', name], this.#networkLimit)
    const familiarKey: AttemptKey | undefined = name === '' ? undefined : ['familiar', email, name]
    const isFamiliar = familiarKey !== undefined && (await this.#attempts.isNoted(familiarKey))
    const accountKey: AttemptKey = isFamiliar ? ['login', email, name] : ['login', email]
    await this.#attempts.count(accountKey, this.#accountLimit)
    return { network, accountKey, familiarKey }
  }

  /** Only what this login has cost its network is given back: with an account of their own, nobody clears the rest. */
  async endLogin({ network, accountKey, familiarKey }: LoginAttempt): Promise<void> {
    await this.#attempts.forget(accountKey)
    if (network) await this.#attempts.takeBack(network)
    if (familiarKey) await this.#attempts.note(familiarKey, FAMILIAR_MS)
  }

  /** The owner has proved the mailbox: what strangers have tried no longer keeps them waiting. */
  async forgive(email: string): Promise<void> {
    await this.#attempts.forget(['login', email])
  }

  /** Counts what anybody may ask for. @throws `AUTH_TOO_MANY_ATTEMPTS` */
  async countRequest({ address }: CallerOrigin): Promise<void> {
    const name = networkOf(address)
    if (name === '') return
    await this.#attempts.count(['request', name], this.#hourly(this.#config.requestsPerHour))
  }

  /** Whether a mailbox may get one more mail; nobody is told when not. */
  async mayMail(email: string): Promise<boolean> {
    try {
      await this.#attempts.count(['mail', email], this.#hourly(this.#config.mailsPerHour))
      return true
    } catch (error) {
      if (error instanceof TooManyAttempts) return false
      throw error
    }
  }

  get #accountLimit(): AttemptLimit {
    return this.#slowing(this.#config.loginTries)
  }

  get #networkLimit(): AttemptLimit {
    return this.#slowing(this.#config.addressTries)
  }

  #slowing(free: number): AttemptLimit {
    return { free, firstWaitMs: 1000, longestWaitMs: this.#config.longestWaitSeconds * 1000, forgetAfterMs: DAY_MS }
  }

  #hourly(free: number): AttemptLimit {
    return { free, firstWaitMs: HOUR_MS, longestWaitMs: HOUR_MS, forgetAfterMs: HOUR_MS }
  }
}
