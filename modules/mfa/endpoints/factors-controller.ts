/** What somebody has besides a password, and browsers that are not asked for it. */
import { Ctx, Delete, Get, HttpCode, HttpContext, Param, Post, Returns, SetHeader, Throws } from 'tenon'
import { Authenticated, Injectable } from 'tenon/decorators'

import { Devices } from '../devices/devices.ts'
import { FactorChanges } from '../factors/factor-changes.ts'
import { Factors } from '../factors/factors.ts'
import { CallerUnsuitable, FactorMissing, LoginTooOld, NotEnrolled, StepUpRequired } from '../mfa-errors.ts'
import { Passkeys } from '../passkeys/passkeys.ts'
import { RecoveryCodes } from '../recovery/recovery-codes.ts'
import { Owners } from '../step-up/owners.ts'
import { Totps } from '../totp/totps.ts'
import { FactorsView, RecoveryCodesView, viewDevice, viewPasskey } from './mfa-views.ts'

@Injectable()
export class FactorsController {
  readonly #owners: Owners
  readonly #factors: Factors
  readonly #totps: Totps
  readonly #passkeys: Passkeys
  readonly #recoveryCodes: RecoveryCodes
  readonly #devices: Devices
  readonly #changes: FactorChanges

  constructor(
    owners: Owners,
    factors: Factors,
    totps: Totps,
    passkeys: Passkeys,
    recoveryCodes: RecoveryCodes,
    devices: Devices,
    changes: FactorChanges,
  ) {
    this.#owners = owners
    this.#factors = factors
    this.#totps = totps
    this.#passkeys = passkeys
    this.#recoveryCodes = recoveryCodes
    this.#devices = devices
    this.#changes = changes
  }

  @Get()
  @Authenticated('session', 'bearer')
  @Returns(FactorsView)
  @Throws(CallerUnsuitable)
  async list(@Ctx() context: HttpContext): Promise<FactorsView> {
    const { id } = (await this.#owners.of(context)).account
    const since = await this.#totps.confirmedAt(id)
    return {
      methods: [...(await this.#factors.methodsOf(id))],
      authenticatorSince: since === undefined ? null : new Date(since),
      passkeys: (await this.#passkeys.list(id)).map(viewPasskey),
      recoveryCodesLeft: await this.#recoveryCodes.count(id),
      rememberedDevices: (await this.#devices.list(id)).map(viewDevice),
    }
  }

  /** Ten new ones; the old ones count no more. */
  @Post('/recovery-codes')
  @Authenticated('session', 'bearer')
  @HttpCode(200)
  @SetHeader('cache-control', 'no-store')
  @Returns(RecoveryCodesView)
  @Throws(CallerUnsuitable, StepUpRequired, LoginTooOld, NotEnrolled)
  async renewRecoveryCodes(@Ctx() context: HttpContext): Promise<RecoveryCodesView> {
    return { recoveryCodes: [...(await this.#changes.renewRecoveryCodes(context))] }
  }

  @Delete('/devices/:id')
  @Authenticated('session', 'bearer')
  @HttpCode(204)
  @Throws(CallerUnsuitable, FactorMissing)
  async forgetDevice(@Param('id') id: string, @Ctx() context: HttpContext): Promise<void> {
    const { account } = await this.#owners.of(context)
    await this.#devices.forget(account.id, id)
  }

  @Delete('/devices')
  @Authenticated('session', 'bearer')
  @HttpCode(204)
  @Throws(CallerUnsuitable)
  async forgetDevices(@Ctx() context: HttpContext): Promise<void> {
    const { account } = await this.#owners.of(context)
    await this.#devices.forgetAll(account.id)
  }
}
