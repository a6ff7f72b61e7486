/** A second factor that was proved a moment ago, before what would give an account away. */
import { Clock, type Principal } from 'tenon'
import { Injectable } from 'tenon/decorators'

import { Factors } from '../factors/factors.ts'
import { MfaConfig } from '../mfa-config.ts'
import { StepUpRequired } from '../mfa-errors.ts'
import { MfaPaths } from '../mfa-paths.ts'
import { hasSecondFactor } from './proven.ts'

@Injectable()
export class RecentProofs {
  readonly #factors: Factors
  readonly #minutes: number
  readonly #paths: MfaPaths
  readonly #clock: Clock

  constructor(factors: Factors, { recentMinutes }: MfaConfig, paths: MfaPaths, clock: Clock) {
    this.#factors = factors
    this.#minutes = recentMinutes
    this.#paths = paths
    this.#clock = clock
  }

  /** What was proved before is too old. Milliseconds since the epoch. */
  get since(): number {
    return this.#clock.epochMs() - this.#minutes * 60_000
  }

  /**
   * Asks a caller for a factor of its account, where the account has any.
   * @returns Whether it has.
   * @throws `MFA_STEP_UP_REQUIRED`
   */
  async require(principal: Principal): Promise<boolean> {
    const methods = await this.#factors.methodsOf(principal.id)
    if (methods.length === 0) return false
    if (hasSecondFactor(principal, this.since)) return true
    throw new StepUpRequired({
      challenge: this.#paths.stepUp,
      methods,
      maxAgeSeconds: this.#minutes * 60,
      isBearer: principal.authentication?.scheme === 'bearer',
    })
  }
}
