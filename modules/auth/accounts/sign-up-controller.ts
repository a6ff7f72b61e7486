/** Asking for an account. An application that asks for more than a password has a sign-up of its own instead. */
import { Body, CallContext, Ctx, HttpCode, Post, Public, Throws } from 'tenon'
import { Injectable } from 'tenon/decorators'

import { PasswordsBusy, PasswordWeak } from '../passwords/passwords-errors.ts'
import { Credentials } from './account-requests.ts'
import { AccountsConfig } from './accounts-config.ts'
import { SignUpClosed, TooManyAttempts } from './accounts-errors.ts'
import { originOf } from './origin-of.ts'
import { SignUps } from './sign-ups.ts'

@Injectable()
export class SignUpController {
  readonly #signUps: SignUps
  readonly #config: AccountsConfig

  constructor(signUps: SignUps, config: AccountsConfig) {
    this.#signUps = signUps
    this.#config = config
  }

  @Post('/sign-up')
  @Public('Whoever signs up has no account yet.')
  @HttpCode(202)
  @Throws(SignUpClosed, PasswordWeak, TooManyAttempts, PasswordsBusy)
  async signUp(@Body() request: Credentials, @Ctx() context: CallContext): Promise<void> {
    if (!this.#config.signUp) throw new SignUpClosed()
    // Named one by one: what an account may do is never for the caller to say.
    await this.#signUps.begin({ email: request.email, password: request.password }, originOf(context))
  }
}
