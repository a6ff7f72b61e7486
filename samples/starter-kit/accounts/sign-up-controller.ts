import { Body, CallContext, Controller, Ctx, HttpCode, Post, Public, Throws } from 'tenon'
import { originOf, PasswordWeak, SignUps, TooManyAttempts } from 'tenon/auth'
import { RateLimit } from 'tenon/security'
import { NoTenant } from 'tenon/tenancy'

import { OrganisationNameTaken } from '../organisations/organisations-errors.ts'
import { OrganisationsService } from '../organisations/organisations-service.ts'
import { DeskSignUp } from './account-requests.ts'

@Controller({ path: '/api/auth', tags: ['Accounts'] })
@NoTenant('The organisation is founded by this.')
export class SignUpController {
  readonly #signUps: SignUps
  readonly #organisations: OrganisationsService

  constructor(signUps: SignUps, organisations: OrganisationsService) {
    this.#signUps = signUps
    this.#organisations = organisations
  }

  /** The account and the organisation are there when the code of the mail is sent to `/api/auth/verify`. */
  @Post('/sign-up')
  @Public('Whoever signs up has no account yet.')
  @HttpCode(202)
  @RateLimit({ limit: 20, window: '1h' })
  @Throws(OrganisationNameTaken, PasswordWeak, TooManyAttempts)
  async signUp(@Body() request: DeskSignUp, @Ctx() context: CallContext): Promise<void> {
    const { email, password, name, organisation } = request
    await this.#organisations.requireFree(organisation)
    await this.#signUps.begin({ email, password, roles: ['admin'], profile: { name, organisation } }, originOf(context))
  }
}
