/**
 * Stands between password and login: accounts with a second factor get a ticket to prove it with. Who is logged in proves it
 * again before the account is reached by another address.
 */
import {
  Clock,
  describeProblem,
  securityEvents,
  tryCtx,
  type AuthenticationFactor,
  type InterceptorDescription,
} from 'tenon'
import { LoginGate, OneTimeCodes, type AccountRecord } from 'tenon/auth'
import { Injectable } from 'tenon/decorators'

import { DEVICE, Devices } from '../devices/devices.ts'
import { Factors } from '../factors/factors.ts'
import { passwordMark } from '../factors/password-mark.ts'
import { MfaConfig } from '../mfa-config.ts'
import { MfaRequired, ProgramRefused, StepUpRequired, type MfaTicket } from '../mfa-errors.ts'
import { MfaPaths } from '../mfa-paths.ts'
import { isLoggedIn } from '../step-up/proven.ts'
import { RecentProofs } from '../step-up/recent-proofs.ts'

@Injectable()
export class MfaGate extends LoginGate {
  readonly #factors: Factors
  readonly #recent: RecentProofs
  readonly #devices: Devices
  readonly #codes: OneTimeCodes
  readonly #config: MfaConfig
  readonly #paths: MfaPaths
  readonly #clock: Clock

  constructor(
    factors: Factors,
    recent: RecentProofs,
    devices: Devices,
    codes: OneTimeCodes,
    config: MfaConfig,
    paths: MfaPaths,
    clock: Clock,
  ) {
    super()
    this.#factors = factors
    this.#recent = recent
    this.#devices = devices
    this.#codes = codes
    this.#config = config
    this.#paths = paths
    this.#clock = clock
  }

  /** @throws `MFA_REQUIRED` */
  async pass(
    account: AccountRecord,
    factors: readonly AuthenticationFactor[],
    returnTo?: string,
  ): Promise<readonly AuthenticationFactor[]> {
    const methods = await this.#factors.methodsOf(account.id)
    if (methods.length === 0) return factors
    const context = tryCtx()
    const device = context && (await this.#devices.recognize(context, account))
    if (device) return [...factors, { method: DEVICE, at: device.createdAt }]
    const { ticketSeconds } = this.#config
    const payload = { factors, passwordMark: passwordMark(account), ...(returnTo !== undefined && { returnTo }) }
    const ticket = await this.#codes.issue('mfa-login', account.id, payload, ticketSeconds * 1000)
    securityEvents.publish({
      type: 'mfa.asked',
      outcome: 'allowed',
      subject: account.id,
      at: this.#clock.epochMs(),
    })
    throw new MfaRequired({ ticket, expiresInSeconds: ticketSeconds, methods, next: this.#paths.login })
  }

  override describe(): InterceptorDescription {
    return {
      does: 'asks accounts that have a second factor for it',
      problems: [describeProblem(MfaRequired, 'the password is right, and the account has a second factor')],
    }
  }

  /** @throws `MFA_STEP_UP_REQUIRED`, `MFA_PROGRAM_REFUSED` */
  override async passAgain({ id }: AccountRecord): Promise<void> {
    const principal = tryCtx()?.principal
    const isOwner = principal?.id === id && isLoggedIn(principal)
    if (isOwner) await this.#recent.require(principal)
    else if (await this.#factors.isEnrolled(id)) throw new ProgramRefused()
  }

  override describeAgain(): InterceptorDescription {
    return {
      does: 'asks accounts that have a second factor for it',
      problems: [
        describeProblem(StepUpRequired, 'the second factor was proved too long ago'),
        describeProblem(ProgramRefused, 'the account has a second factor, and no login of its own calls'),
      ],
    }
  }

  override pageFor(problem: unknown): string | undefined {
    if (!(problem instanceof MfaRequired)) return undefined
    const { ticket, methods } = problem.extensions as object as MfaTicket
    return `${this.#config.loginPath ?? this.#paths.page}#ticket=${ticket}&methods=${methods.join(',')}`
  }
}
