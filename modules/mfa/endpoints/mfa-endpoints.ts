/** The endpoints of second factors, below a path of choice. */
import { when } from 'tenon'
import { TokenIssuer } from 'tenon/auth'
import { Controller, NoTenant, Skip, When, type Class } from 'tenon/decorators'

import { EnrolmentInterceptor } from '../step-up/enrolment-interceptor.ts'
import { FactorsController } from './factors-controller.ts'
import { MfaLoginController } from './mfa-login-controller.ts'
import { MfaPageController } from './mfa-page-controller.ts'
import { MfaTokenController } from './mfa-token-controller.ts'
import { PasskeysController } from './passkeys-controller.ts'
import { StepUpController } from './step-up-controller.ts'
import { TotpController } from './totp-controller.ts'

const NO_TENANT = 'Factors belong to accounts, whichever tenant they act for.'
const SET_UP = 'This is where a missing factor is set up or proved.'

/** Controllers of their own for each path: a decorator holds for a class, and a class is listed once. */
export function mfaEndpoints(prefix: string): readonly Class[] {
  const options = { path: `${prefix}/mfa`, tags: ['MFA'] }

  @Controller(options)
  @NoTenant(NO_TENANT)
  @Skip(EnrolmentInterceptor, SET_UP)
  class MfaFactors extends FactorsController {}

  @Controller(options)
  @NoTenant(NO_TENANT)
  @Skip(EnrolmentInterceptor, SET_UP)
  class MfaTotp extends TotpController {}

  @Controller(options)
  @NoTenant(NO_TENANT)
  @Skip(EnrolmentInterceptor, SET_UP)
  class MfaPasskeys extends PasskeysController {}

  @Controller(options)
  @NoTenant(NO_TENANT)
  @Skip(EnrolmentInterceptor, SET_UP)
  class MfaStepUp extends StepUpController {}

  @Controller(options)
  @NoTenant(NO_TENANT)
  class MfaLogin extends MfaLoginController {}

  @Controller(options)
  @NoTenant(NO_TENANT)
  class MfaPage extends MfaPageController {}

  @Controller(options)
  @NoTenant(NO_TENANT)
  @When(when.present(TokenIssuer))
  class MfaTokens extends MfaTokenController {}

  return [MfaFactors, MfaTotp, MfaPasskeys, MfaStepUp, MfaLogin, MfaPage, MfaTokens]
}
