/** Setting an authenticator app up, and removing it. */
import { Body, Ctx, Delete, HttpCode, HttpContext, Post, Returns, SetHeader, Throws } from 'tenon'
import { Authenticated, Injectable } from 'tenon/decorators'

import { FactorChanges } from '../factors/factor-changes.ts'
import {
  CallerUnsuitable,
  FactorMissing,
  LastFactor,
  LoginTooOld,
  MfaPackageMissing,
  ProofWrong,
  StepUpRequired,
} from '../mfa-errors.ts'
import { drawQrCode } from '../totp/draw-qr-code.ts'
import { CodeRequest, EnrolmentRequest } from './mfa-requests.ts'
import { ActivationView, EnrolmentView, viewActivation } from './mfa-views.ts'

@Injectable()
export class TotpController {
  readonly #changes: FactorChanges

  constructor(changes: FactorChanges) {
    this.#changes = changes
  }

  /** Counts for nothing until its first code has come. */
  @Post('/totp')
  @Authenticated('session', 'bearer')
  @HttpCode(200)
  @SetHeader('cache-control', 'no-store')
  @Returns(EnrolmentView)
  @Throws(CallerUnsuitable, StepUpRequired, LoginTooOld, MfaPackageMissing)
  async begin(@Body() { qr }: EnrolmentRequest, @Ctx() context: HttpContext): Promise<EnrolmentView> {
    const enrolment = await this.#changes.beginTotp(context)
    return { ...enrolment, ...(qr && { qr: await drawQrCode(enrolment.uri, qr) }) }
  }

  @Post('/totp/confirm')
  @Authenticated('session', 'bearer')
  @HttpCode(200)
  @SetHeader('cache-control', 'no-store')
  @Returns(ActivationView)
  @Throws(CallerUnsuitable, StepUpRequired, LoginTooOld, ProofWrong)
  async confirm(@Body() { code }: CodeRequest, @Ctx() context: HttpContext): Promise<ActivationView> {
    return viewActivation(await this.#changes.confirmTotp(context, code))
  }

  @Delete('/totp')
  @Authenticated('session', 'bearer')
  @HttpCode(204)
  @Throws(CallerUnsuitable, StepUpRequired, LoginTooOld, LastFactor, FactorMissing)
  async remove(@Ctx() context: HttpContext): Promise<void> {
    await this.#changes.removeTotp(context)
  }
}
