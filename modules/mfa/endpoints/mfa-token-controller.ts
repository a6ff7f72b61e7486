/** The same for programs that keep tokens themselves. */
import { Body, HttpCode, Post, Public, Returns, SetHeader, Throws } from 'tenon'
import {
  IssuedTokensView,
  KnownPrincipals,
  TokenIssuer,
  TooManyAttempts,
  type IssuedTokens,
  type Login,
} from 'tenon/auth'
import { Injectable } from 'tenon/decorators'

import { MfaLogins } from '../login/mfa-logins.ts'
import { PasskeyRefused, ProofUnclear, ProofWrong, TicketInvalid } from '../mfa-errors.ts'
import { PasskeyLogin, TokenRequest } from './mfa-requests.ts'

@Injectable()
export class MfaTokenController {
  readonly #logins: MfaLogins
  readonly #tokens: TokenIssuer
  readonly #principals: KnownPrincipals

  constructor(logins: MfaLogins, tokens: TokenIssuer, principals: KnownPrincipals) {
    this.#logins = logins
    this.#tokens = tokens
    this.#principals = principals
  }

  @Post('/token')
  @Public('This is how programs become known.')
  @HttpCode(200)
  @SetHeader('cache-control', 'no-store')
  @Returns(IssuedTokensView)
  @Throws(TicketInvalid, ProofUnclear, ProofWrong, PasskeyRefused, TooManyAttempts)
  async finish(@Body() { ticket, ...proof }: TokenRequest): Promise<IssuedTokens> {
    return this.#issue(await this.#logins.finish(ticket, proof))
  }

  @Post('/passkey/token')
  @Public('This is how programs become known.')
  @HttpCode(200)
  @SetHeader('cache-control', 'no-store')
  @Returns(IssuedTokensView)
  @Throws(PasskeyRefused)
  async byPasskey(@Body() { passkey }: PasskeyLogin): Promise<IssuedTokens> {
    return this.#issue(await this.#logins.byPasskey(passkey))
  }

  async #issue({ account, factors }: Login): Promise<IssuedTokens> {
    const principal = await this.#principals.current({ id: account.id, kind: 'user' })
    // Closed a moment ago.
    if (!principal) throw new TicketInvalid()
    return this.#tokens.issue({ ...principal, authentication: { scheme: 'bearer', factors } })
  }
}
