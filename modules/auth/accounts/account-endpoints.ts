/** The endpoints of accounts, below a path of choice. */
import { when } from 'tenon'
import { Controller, NoTenant, When, type Class } from 'tenon/decorators'

import { TokenIssuer } from '../tokens/token-issuer.ts'
import { AccountController } from './account-controller.ts'
import { InvitationController } from './invitation-controller.ts'
import { PasswordController } from './password-controller.ts'
import { SessionController } from './session-controller.ts'
import { SignUpController } from './sign-up-controller.ts'
import { TokenLoginController } from './token-login-controller.ts'

const REASON = 'An account is found before its tenant is known.'

/**
 * Controllers of their own for each path: a decorator holds for a class, and a class is listed once.
 * @param hasSignUp - Without it the path of the sign-up is free for one of the application's own.
 */
export function accountEndpoints(prefix: string, hasSignUp: boolean): readonly Class[] {
  const options = { path: prefix, tags: ['Accounts'] }

  @Controller(options)
  @NoTenant(REASON)
  class Accounts extends AccountController {}

  @Controller(options)
  @NoTenant(REASON)
  class SignUp extends SignUpController {}

  @Controller(options)
  @NoTenant(REASON)
  class Invited extends InvitationController {}

  @Controller(options)
  @NoTenant(REASON)
  class Passwords extends PasswordController {}

  @Controller(options)
  @NoTenant(REASON)
  class Sessions extends SessionController {}

  @Controller(options)
  @NoTenant(REASON)
  @When(when.present(TokenIssuer))
  class TokenLogin extends TokenLoginController {}

  return [Accounts, ...(hasSignUp ? [SignUp] : []), Invited, Passwords, Sessions, TokenLogin]
}
