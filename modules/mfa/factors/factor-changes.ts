/** Setting factors up and removing them: by who has logged in, or proved a factor, a short time ago. */
import { Clock, securityEvents, type AuthenticationFactor, type HttpContext } from 'tenon'
import { OneTimeCodes } from 'tenon/auth'
import { Injectable } from 'tenon/decorators'

import { OF_FACTORS } from '../challenges.ts'
import { DEVICE, Devices } from '../devices/devices.ts'
import type { FactorChange } from '../mails/mfa-mails.ts'
import { MfaPost } from '../mails/mfa-post.ts'
import { MfaConfig } from '../mfa-config.ts'
import { FactorMissing, LastFactor, LoginTooOld, NotEnrolled, ProofWrong } from '../mfa-errors.ts'
import { MfaPaths } from '../mfa-paths.ts'
import type { Passkey } from '../passkeys/passkey-row.ts'
import { Passkeys } from '../passkeys/passkeys.ts'
import type { CreationAnswer, CreationOptions } from '../passkeys/web-authn.ts'
import { RecoveryCodes } from '../recovery/recovery-codes.ts'
import { Owners, type Owner } from '../step-up/owners.ts'
import { RecentProofs } from '../step-up/recent-proofs.ts'
import { StrongerLogins, type StrongerLogin } from '../step-up/stronger-logins.ts'
import { Totps, type TotpEnrolment } from '../totp/totps.ts'
import { Factors } from './factors.ts'

/** What setting a factor up comes to. */
export interface Activation {
  readonly login: StrongerLogin
  /** With the first factor; shown once. */
  readonly recoveryCodes?: readonly string[]
}

/** Somebody who may change factors now. */
interface Changer extends Owner {
  readonly isEnrolled: boolean
}

@Injectable()
export class FactorChanges {
  readonly #owners: Owners
  readonly #recent: RecentProofs
  readonly #factors: Factors
  readonly #totps: Totps
  readonly #passkeys: Passkeys
  readonly #recoveryCodes: RecoveryCodes
  readonly #devices: Devices
  readonly #codes: OneTimeCodes
  readonly #logins: StrongerLogins
  readonly #post: MfaPost
  readonly #config: MfaConfig
  readonly #paths: MfaPaths
  readonly #clock: Clock

  constructor(
    owners: Owners,
    recent: RecentProofs,
    factors: Factors,
    totps: Totps,
    passkeys: Passkeys,
    recoveryCodes: RecoveryCodes,
    devices: Devices,
    codes: OneTimeCodes,
    logins: StrongerLogins,
    post: MfaPost,
    config: MfaConfig,
    paths: MfaPaths,
    clock: Clock,
  ) {
    this.#owners = owners
    this.#recent = recent
    this.#factors = factors
    this.#totps = totps
    this.#passkeys = passkeys
    this.#recoveryCodes = recoveryCodes
    this.#devices = devices
    this.#codes = codes
    this.#logins = logins
    this.#post = post
    this.#config = config
    this.#paths = paths
    this.#clock = clock
  }

  async beginTotp(context: HttpContext): Promise<TotpEnrolment> {
    const { account } = await this.#changer(context)
    return this.#totps.begin(account.id, account.email)
  }

  /** @throws `MFA_PROOF_WRONG` */
  async confirmTotp(context: HttpContext, code: string): Promise<Activation> {
    const changer = await this.#changer(context)
    if (!(await this.#totps.confirm(changer.account.id, code))) throw new ProofWrong()
    return this.#activate(context, changer, 'otp', 'authenticator-added')
  }

  /** @throws `MFA_LAST_FACTOR`, `MFA_FACTOR_MISSING` */
  async removeTotp(context: HttpContext): Promise<void> {
    const { account } = await this.#changer(context)
    const passkeys = await this.#passkeys.list(account.id)
    await this.#requireOther(account, passkeys.length > 0)
    if (!(await this.#totps.remove(account.id))) throw new FactorMissing('authenticator app')
    await this.#removed(account, 'authenticator-removed')
  }

  async beginPasskey(context: HttpContext): Promise<CreationOptions> {
    const { account, login } = await this.#changer(context)
    return this.#passkeys.beginCreation(account, login)
  }

  async addPasskey(
    context: HttpContext,
    name: string,
    answer: CreationAnswer,
  ): Promise<Activation & { readonly passkey: Passkey }> {
    const changer = await this.#changer(context)
    const passkey = await this.#passkeys.create(changer.account.id, changer.login, name, answer)
    return { passkey, ...(await this.#activate(context, changer, passkey.method, 'passkey-added')) }
  }

  async renamePasskey(context: HttpContext, id: string, name: string): Promise<void> {
    const { account } = await this.#owners.of(context)
    await this.#passkeys.rename(account.id, id, name)
  }

  /** @throws `MFA_LAST_FACTOR`, `MFA_FACTOR_MISSING` */
  async removePasskey(context: HttpContext, id: string): Promise<void> {
    const { account } = await this.#changer(context)
    const all = await this.#passkeys.list(account.id)
    const others = all.filter((each) => each.id !== id)
    // Before anything is said of the caller's own: one of somebody else is not there.
    if (others.length === all.length) throw new FactorMissing('passkey')
    const hasApp = (await this.#totps.confirmedAt(account.id)) !== undefined
    await this.#requireOther(account, others.length > 0 || hasApp)
    await this.#passkeys.remove(account.id, id)
    await this.#removed(account, 'passkey-removed')
  }

  /** @throws `MFA_NOT_ENROLLED` */
  async renewRecoveryCodes(context: HttpContext): Promise<readonly string[]> {
    const { account, isEnrolled } = await this.#changer(context)
    if (!isEnrolled) throw new NotEnrolled({ enrol: this.#paths.enrol })
    const codes = await this.#recoveryCodes.issue(account.id)
    this.#told(account, 'recovery-codes-replaced')
    return codes
  }

  /**
   * Who enrols may be somebody with a stolen session: the first factor wants a login of a moment ago, any further change
   * a factor.
   */
  async #changer(context: HttpContext): Promise<Changer> {
    const owner = await this.#owners.of(context)
    const isEnrolled = await this.#recent.require(owner.principal)
    const { since } = this.#recent
    const { authentication } = owner.principal
    if (!isEnrolled && !authentication?.factors.some(({ method, at }) => method !== DEVICE && at >= since)) {
      throw new LoginTooOld(this.#config.recentMinutes)
    }
    return { ...owner, isEnrolled }
  }

  async #activate(
    context: HttpContext,
    changer: Changer,
    method: AuthenticationFactor['method'],
    change: FactorChange,
  ): Promise<Activation> {
    const { account, isEnrolled } = changer
    const recoveryCodes = isEnrolled ? undefined : await this.#recoveryCodes.issue(account.id)
    if (!isEnrolled) await this.#logins.endOthers(changer)
    const login = await this.#logins.add(context, changer, { method, at: this.#now })
    this.#told(account, change)
    return { login, ...(recoveryCodes && { recoveryCodes }) }
  }

  async #requireOther({ roles, passwordHash }: Owner['account'], hasOther: boolean): Promise<void> {
    const mustHave = roles.some((role) => this.#config.requiredFor.includes(role))
    // Without a password, the passkey is the only way in.
    if (!hasOther && (mustHave || passwordHash === null)) throw new LastFactor()
  }

  async #removed(account: Owner['account'], change: FactorChange): Promise<void> {
    // What was remembered or begun with the factor is not to outlive it.
    await this.#devices.forgetAll(account.id)
    await this.#codes.revoke(account.id, OF_FACTORS)
    this.#told(account, change)
    if (await this.#factors.isEnrolled(account.id)) return
    await this.#recoveryCodes.removeAll(account.id)
    this.#told(account, 'all-removed')
  }

  #told({ id, email }: Owner['account'], change: FactorChange): void {
    securityEvents.publish({ type: `mfa.${change}`, outcome: 'allowed', subject: id, at: this.#now })
    this.#post.tell(change, { email })
  }

  get #now(): number {
    return this.#clock.epochMs()
  }
}
