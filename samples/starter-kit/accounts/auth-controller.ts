import { Body, Controller, HttpCode, Post, Public, Returns, Throws } from 'tenon'

import { OrganisationNameTaken } from '../organisations/organisations-errors.ts'
import { EmailTaken, LoginFailed } from './accounts-errors.ts'
import { AccountsService, type Session } from './accounts-service.ts'
import { Login } from './login.ts'
import { SignUp } from './new-user.ts'
import { SessionView } from './session-view.ts'

@Controller('/api/auth')
@Public('This is how callers become known.')
export class AuthController {
  readonly #accounts: AccountsService

  constructor(accounts: AccountsService) {
    this.#accounts = accounts
  }

  @Post('/sign-up')
  @Returns(SessionView)
  @Throws(OrganisationNameTaken, EmailTaken)
  signUp(@Body() request: SignUp): Promise<Session> {
    return this.#accounts.signUp(request)
  }

  @Post('/login')
  @HttpCode(200)
  @Returns(SessionView)
  @Throws(LoginFailed)
  logIn(@Body() login: Login): Promise<Session> {
    return this.#accounts.logIn(login)
  }
}
