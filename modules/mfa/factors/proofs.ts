/** Checks one proof of a second factor, however it is brought. */
import { Clock, securityEvents, type AuthenticationFactor } from 'tenon'
import { Attempts, TooManyAttempts, type AccountRecord, type AttemptKey, type AttemptLimit } from 'tenon/auth'
import { Injectable } from 'tenon/decorators'

import { MfaConfig } from '../mfa-config.ts'
import { MfaPost } from '../mails/mfa-post.ts'
import { ProofUnclear, ProofWrong } from '../mfa-errors.ts'
import { Passkeys } from '../passkeys/passkeys.ts'
import type { RequestAnswer } from '../passkeys/web-authn.ts'
import { RecoveryCodes } from '../recovery/recovery-codes.ts'
import { Totps } from '../totp/totps.ts'

/** Exactly one of them. */
export interface Proof {
  /** Of the authenticator app. */
  readonly code?: string | undefined
  readonly recoveryCode?: string | undefined
  readonly passkey?: RequestAnswer | undefined
}

const FIRST_WAIT_MS = 30_000
const DAY_MS = 86_400_000

@Injectable()
export class Proofs {
  readonly #totps: Totps
  readonly #recoveryCodes: RecoveryCodes
  readonly #passkeys: Passkeys
  readonly #attempts: Attempts
  readonly #post: MfaPost
  readonly #config: MfaConfig
  readonly #clock: Clock

  constructor(
    totps: Totps,
    recoveryCodes: RecoveryCodes,
    passkeys: Passkeys,
    attempts: Attempts,
    post: MfaPost,
    config: MfaConfig,
    clock: Clock,
  ) {
    this.#totps = totps
    this.#recoveryCodes = recoveryCodes
    this.#passkeys = passkeys
    this.#attempts = attempts
    this.#post = post
    this.#config = config
    this.#clock = clock
  }

  /**
   * Uses the proof up. Codes are counted per account, whichever login they come by; passkeys are not, for nobody guesses
   * signatures. Not inside a transaction of your own: what is counted would be taken back with it.
   * @param login - Names the login that a passkey was asked for by.
   * @throws `MFA_PROOF_UNCLEAR`, `MFA_PROOF_WRONG`, `MFA_PASSKEY_REFUSED`, `AUTH_TOO_MANY_ATTEMPTS`
   */
  async check(account: AccountRecord, login: string, proof: Proof): Promise<AuthenticationFactor> {
    const { code, recoveryCode, passkey } = proof
    if ([code, recoveryCode, passkey].filter(isGiven).length !== 1) throw new ProofUnclear()
    if (isGiven(passkey)) {
      const { method } = await this.#passkeys.prove(account.id, login, passkey)
      return { method, at: this.#now }
    }
    if (isGiven(code)) {
      await this.#checkCode(account.id, 'otp', () => this.#totps.use(account.id, code))
      return { method: 'otp', at: this.#now }
    }
    await this.#checkCode(account.id, 'recovery', () => this.#recoveryCodes.use(account.id, recoveryCode!))
    this.#post.tell('recovery-code-used', account)
    return { method: 'recovery', at: this.#now }
  }

  async #checkCode(accountId: string, method: string, use: () => Promise<boolean>): Promise<void> {
    const key: AttemptKey = ['mfa', accountId]
    await this.#count(key, accountId, method)
    if (!(await use())) {
      this.#refuse(accountId, method, 'code')
      throw new ProofWrong()
    }
    await this.#attempts.forget(key)
  }

  async #count(key: AttemptKey, accountId: string, method: string): Promise<void> {
    try {
      await this.#attempts.count(key, this.#limit)
    } catch (error) {
      if (error instanceof TooManyAttempts) this.#refuse(accountId, method, 'too many attempts')
      throw error
    }
  }

  #refuse(subject: string, method: string, reason: string): void {
    const details = { method }
    securityEvents.publish({ type: 'mfa.proof', outcome: 'refused', subject, reason, at: this.#now, details })
  }

  get #limit(): AttemptLimit {
    const { tries, longestWaitSeconds } = this.#config
    return {
      free: tries,
      firstWaitMs: FIRST_WAIT_MS,
      longestWaitMs: longestWaitSeconds * 1000,
      forgetAfterMs: DAY_MS,
    }
  }

  get #now(): number {
    return this.#clock.epochMs()
  }
}

/** In a body, `null` is as good as nothing. */
function isGiven<T>(part: T | null | undefined): part is T {
  return part !== undefined && part !== null
}
