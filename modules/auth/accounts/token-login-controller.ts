/** Logging in programs that keep tokens themselves: phones, command lines, other servers. They get no cookie. */
import { Body, Ctx, HttpCode, HttpContext, Post, Public, Returns, SetHeader, Throws, Use } from 'tenon'
import { Injectable } from 'tenon/decorators'

import { PasswordsBusy } from '../passwords/passwords-errors.ts'
import { TokenIssuer } from '../tokens/token-issuer.ts'
import { principalOf } from './account-principals.ts'
import { Credentials } from './account-requests.ts'
import { EmailUnverified, LoginFailed, TooManyAttempts } from './accounts-errors.ts'
import { GatedLogin } from './gated-login.ts'
import { Logins } from './logins.ts'
import { originOf } from './origin-of.ts'
import type { IssuedTokens } from '../tokens/issued-tokens.ts'
import { IssuedTokensView } from '../tokens/token-requests.ts'

@Injectable()
export class TokenLoginController {
  readonly #logins: Logins
  readonly #tokens: TokenIssuer

  constructor(logins: Logins, tokens: TokenIssuer) {
    this.#logins = logins
    this.#tokens = tokens
  }

  @Post('/token')
  @Public('This is how programs become known.')
  @HttpCode(200)
  @SetHeader('cache-control', 'no-store')
  @Returns(IssuedTokensView)
  @Use(GatedLogin)
  @Throws(LoginFailed, EmailUnverified, TooManyAttempts, PasswordsBusy)
  async logIn(@Body() { email, password }: Credentials, @Ctx() context: HttpContext): Promise<IssuedTokens> {
    const { account, factors } = await this.#logins.byPassword(email, password, originOf(context))
    return this.#tokens.issue({ ...principalOf(account), authentication: { scheme: 'bearer', factors } })
  }
}
