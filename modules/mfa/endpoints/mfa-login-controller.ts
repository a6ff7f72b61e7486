/** Logging browsers in: after the password, or by a passkey alone. */
import { Body, Ctx, HttpCode, HttpContext, Post, Public, Returns, SetHeader, Throws } from 'tenon'
import { CsrfTokens, LoginView, originOf, Sessions, TooManyAttempts, viewAccount, type Login } from 'tenon/auth'
import { CsrfProtected, Injectable } from 'tenon/decorators'

import { Devices } from '../devices/devices.ts'
import { MfaLogins } from '../login/mfa-logins.ts'
import { FactorMissing, PasskeyRefused, ProofUnclear, ProofWrong, TicketInvalid } from '../mfa-errors.ts'
import { LoginRequest, PasskeyLogin, TicketOnly } from './mfa-requests.ts'
import { FinishedLoginView } from './mfa-views.ts'
import { RequestOptionsView } from './passkey-options-views.ts'

@Injectable()
export class MfaLoginController {
  readonly #logins: MfaLogins
  readonly #devices: Devices
  readonly #sessions: Sessions
  readonly #csrf: CsrfTokens

  constructor(logins: MfaLogins, devices: Devices, sessions: Sessions, csrf: CsrfTokens) {
    this.#logins = logins
    this.#devices = devices
    this.#sessions = sessions
    this.#csrf = csrf
  }

  /** Where the second factor is a passkey: what `PublicKeyCredential.parseRequestOptionsFromJSON()` takes. */
  @Post('/login/options')
  @Public('The ticket is the proof.')
  @HttpCode(200)
  @SetHeader('cache-control', 'no-store')
  @Returns(RequestOptionsView)
  @Throws(TicketInvalid, FactorMissing)
  begin(@Body() { ticket }: TicketOnly): Promise<RequestOptionsView> {
    return this.#logins.beginPasskey(ticket)
  }

  @Post('/login')
  @Public('This is how browsers become known.')
  @CsrfProtected()
  @HttpCode(200)
  @SetHeader('cache-control', 'no-store')
  @Returns(FinishedLoginView)
  @Throws(TicketInvalid, ProofUnclear, ProofWrong, PasskeyRefused, TooManyAttempts)
  async finish(
    @Body() { ticket, rememberDevice = false, ...proof }: LoginRequest,
    @Ctx() context: HttpContext,
  ): Promise<FinishedLoginView> {
    const login = await this.#logins.finish(ticket, proof)
    if (rememberDevice) await this.#devices.remember(context, login.account)
    const { account, csrfToken } = await this.#open(context, login)
    const { returnTo } = login
    return { account, csrfToken, ...(returnTo !== undefined && { returnTo }) }
  }

  /** For whoever has a passkey: no name is asked for. */
  @Post('/passkey/options')
  @Public('Whoever logs in is not known yet.')
  @HttpCode(200)
  @SetHeader('cache-control', 'no-store')
  @Returns(RequestOptionsView)
  @Throws(TooManyAttempts)
  beginByPasskey(@Ctx() context: HttpContext): Promise<RequestOptionsView> {
    return this.#logins.beginByPasskey(originOf(context))
  }

  @Post('/passkey/login')
  @Public('This is how browsers become known.')
  @CsrfProtected()
  @HttpCode(200)
  @SetHeader('cache-control', 'no-store')
  @Returns(LoginView)
  @Throws(PasskeyRefused)
  async byPasskey(@Body() { passkey }: PasskeyLogin, @Ctx() context: HttpContext): Promise<LoginView> {
    return this.#open(context, await this.#logins.byPasskey(passkey))
  }

  async #open(context: HttpContext, { account, factors }: Login): Promise<LoginView> {
    const secret = await this.#sessions.open(context, { accountId: account.id, factors, ...originOf(context) })
    return { account: viewAccount(account), csrfToken: this.#csrf.issue(context, secret) }
  }
}
