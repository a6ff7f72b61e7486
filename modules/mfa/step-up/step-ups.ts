/** Proves a second factor again, for a login that is there already. */
import { Clock, securityEvents, type HttpContext } from 'tenon'
import { Injectable } from 'tenon/decorators'

import { Factors } from '../factors/factors.ts'
import { Proofs, type Proof } from '../factors/proofs.ts'
import { NotEnrolled } from '../mfa-errors.ts'
import { MfaPaths } from '../mfa-paths.ts'
import { Passkeys } from '../passkeys/passkeys.ts'
import type { RequestOptions } from '../passkeys/web-authn.ts'
import { Owners, type Owner } from './owners.ts'
import { StrongerLogins, type StrongerLogin } from './stronger-logins.ts'

@Injectable()
export class StepUps {
  readonly #owners: Owners
  readonly #factors: Factors
  readonly #proofs: Proofs
  readonly #passkeys: Passkeys
  readonly #logins: StrongerLogins
  readonly #paths: MfaPaths
  readonly #clock: Clock

  constructor(
    owners: Owners,
    factors: Factors,
    proofs: Proofs,
    passkeys: Passkeys,
    logins: StrongerLogins,
    paths: MfaPaths,
    clock: Clock,
  ) {
    this.#owners = owners
    this.#factors = factors
    this.#proofs = proofs
    this.#passkeys = passkeys
    this.#logins = logins
    this.#paths = paths
    this.#clock = clock
  }

  /** @throws `MFA_CALLER_UNSUITABLE`, `MFA_FACTOR_MISSING` */
  async beginPasskey(context: HttpContext): Promise<RequestOptions> {
    const { account, login } = await this.#owners.of(context)
    return this.#passkeys.beginProof(account.id, login)
  }

  /**
   * @throws `MFA_CALLER_UNSUITABLE`, `MFA_NOT_ENROLLED`, `MFA_PROOF_UNCLEAR`, `MFA_PROOF_WRONG`, `MFA_PASSKEY_REFUSED`,
   * `AUTH_TOO_MANY_ATTEMPTS`
   */
  async prove(context: HttpContext, proof: Proof): Promise<StrongerLogin> {
    const owner = await this.#owners.of(context)
    await this.#requireEnrolled(owner)
    const factor = await this.#proofs.check(owner.account, owner.login, proof)
    securityEvents.publish({
      type: 'mfa.proof',
      outcome: 'allowed',
      subject: owner.account.id,
      at: this.#clock.epochMs(),
      details: { method: factor.method },
    })
    return this.#logins.add(context, owner, factor)
  }

  async #requireEnrolled({ account }: Owner): Promise<void> {
    if (!(await this.#factors.isEnrolled(account.id))) throw new NotEnrolled({ enrol: this.#paths.enrol })
  }
}
