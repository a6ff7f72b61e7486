/** Proving a second factor again; then the call that wanted it is repeated. */
import { Body, Ctx, HttpCode, HttpContext, Post, Returns, SetHeader, Throws } from 'tenon'
import { TooManyAttempts } from 'tenon/auth'
import { Authenticated, Injectable } from 'tenon/decorators'

import {
  CallerUnsuitable,
  FactorMissing,
  NotEnrolled,
  PasskeyRefused,
  ProofUnclear,
  ProofWrong,
} from '../mfa-errors.ts'
import { StepUps } from '../step-up/step-ups.ts'
import { ProofRequest } from './mfa-requests.ts'
import { StrongerLoginView } from './mfa-views.ts'
import { RequestOptionsView } from './passkey-options-views.ts'

@Injectable()
export class StepUpController {
  readonly #stepUps: StepUps

  constructor(stepUps: StepUps) {
    this.#stepUps = stepUps
  }

  /** What `PublicKeyCredential.parseRequestOptionsFromJSON()` takes. */
  @Post('/step-up/options')
  @Authenticated('session', 'bearer')
  @HttpCode(200)
  @SetHeader('cache-control', 'no-store')
  @Returns(RequestOptionsView)
  @Throws(CallerUnsuitable, FactorMissing)
  begin(@Ctx() context: HttpContext): Promise<RequestOptionsView> {
    return this.#stepUps.beginPasskey(context)
  }

  @Post('/step-up')
  @Authenticated('session', 'bearer')
  @HttpCode(200)
  @SetHeader('cache-control', 'no-store')
  @Returns(StrongerLoginView)
  @Throws(CallerUnsuitable, NotEnrolled, ProofUnclear, ProofWrong, PasskeyRefused, TooManyAttempts)
  prove(@Body() proof: ProofRequest, @Ctx() context: HttpContext): Promise<StrongerLoginView> {
    return this.#stepUps.prove(context, proof)
  }
}
