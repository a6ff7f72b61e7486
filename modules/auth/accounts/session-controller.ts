/** Logging browsers in and out. */
import {
  Body,
  CallContext,
  Ctx,
  CurrentUser,
  Delete,
  Get,
  HttpCode,
  HttpContext,
  Param,
  Post,
  Public,
  Returns,
  SetHeader,
  Throws,
  Use,
  type Principal,
} from 'tenon'
import { Authenticated, CsrfProtected, Injectable } from 'tenon/decorators'

import { CsrfTokens } from '../csrf/csrf-tokens.ts'
import { PasswordsBusy } from '../passwords/passwords-errors.ts'
import { SessionMissing } from '../sessions/sessions-errors.ts'
import { Sessions } from '../sessions/sessions.ts'
import { Credentials } from './account-requests.ts'
import { CsrfView, LoginView, SessionView, viewAccount, viewSession } from './account-views.ts'
import { EmailUnverified, LoginFailed, TooManyAttempts } from './accounts-errors.ts'
import { GatedLogin } from './gated-login.ts'
import { Logins } from './logins.ts'
import { originOf } from './origin-of.ts'
import { SignOuts } from './sign-outs.ts'

@Injectable()
export class SessionController {
  readonly #logins: Logins
  readonly #sessions: Sessions
  readonly #signOuts: SignOuts
  readonly #csrf: CsrfTokens

  constructor(logins: Logins, sessions: Sessions, signOuts: SignOuts, csrf: CsrfTokens) {
    this.#logins = logins
    this.#sessions = sessions
    this.#signOuts = signOuts
    this.#csrf = csrf
  }

  /** A new token for the session that the call carries; without one, for the login. */
  @Get('/csrf')
  @Public('Whoever logs in needs a token before.')
  @SetHeader('cache-control', 'no-store')
  @Returns(CsrfView)
  csrf(@Ctx() context: HttpContext): CsrfView {
    return { csrfToken: this.#csrf.issue(context) }
  }

  @Post('/login')
  @Public('This is how browsers become known.')
  @CsrfProtected()
  @HttpCode(200)
  @SetHeader('cache-control', 'no-store')
  @Returns(LoginView)
  @Use(GatedLogin)
  @Throws(LoginFailed, EmailUnverified, TooManyAttempts, PasswordsBusy)
  async logIn(@Body() { email, password }: Credentials, @Ctx() context: HttpContext): Promise<LoginView> {
    const origin = originOf(context)
    const { account, factors } = await this.#logins.byPassword(email, password, origin)
    const secret = await this.#sessions.open(context, { accountId: account.id, factors, ...origin })
    return { account: viewAccount(account), csrfToken: this.#csrf.issue(context, secret) }
  }

  /** Public, for a session that has ended by itself is to be logged out of as well. */
  @Post('/logout')
  @Public('Whoever is not logged in is logged out.')
  @HttpCode(204)
  async logOut(@Ctx() context: CallContext): Promise<void> {
    await this.#sessions.close(context)
  }

  @Get('/sessions')
  @Authenticated('session', 'bearer')
  @Returns(SessionView, { array: true })
  async list(@CurrentUser() { id }: Principal, @Ctx() context: CallContext): Promise<SessionView[]> {
    return (await this.#sessions.list(id)).map((session) => viewSession(session, context))
  }

  @Delete('/sessions/:id')
  @Authenticated('session', 'bearer')
  @HttpCode(204)
  @Throws(SessionMissing)
  async end(@Param('id') sessionId: string, @CurrentUser() { id }: Principal): Promise<void> {
    await this.#sessions.revoke(id, sessionId)
  }

  /** Signs out everywhere: all sessions, this one included, and all tokens. */
  @Delete('/sessions')
  @Authenticated('session', 'bearer')
  @HttpCode(204)
  async endAll(@CurrentUser() { id }: Principal, @Ctx() context: CallContext): Promise<void> {
    await this.#signOuts.everywhere(id)
    await this.#sessions.close(context)
  }
}
