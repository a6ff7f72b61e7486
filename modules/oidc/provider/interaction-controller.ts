/** The pages on which people log in and agree, in the middle of a login that a client has begun. */
import { randomBytes } from 'node:crypto'

import {
  Body,
  Ctx,
  Get,
  HttpCode,
  HttpContext,
  Param,
  Post,
  Public,
  redirect,
  SetHeader,
  TenonError,
  Throws,
} from 'tenon'
import { CsrfInterceptor, LoginGate, Logins, OriginCheck, Sessions } from 'tenon/auth'
import { Injectable, Optional, Skip } from 'tenon/decorators'
import { IsString, MaxLength } from 'tenon/validation'

import { OidcInteractionInvalid } from '../oidc-errors.ts'
import { originOf } from '../origin-of.ts'
import { SessionCaller } from '../session-caller.ts'
import { Interactions, type Question } from './interactions.ts'
import { OidcProviderConfig } from './oidc-provider-config.ts'
import { OidcProvider } from './oidc-provider.ts'
import { consentPage, formTargetOf, loginPage, page, pagePolicy, type PageText } from './pages.ts'

export class LoginForm {
  @IsString()
  @MaxLength(254)
  readonly email!: string

  @IsString()
  @MaxLength(1024)
  readonly password!: string
}

const SEE_OTHER = 303
const NO_CSRF = 'Forms without script send no header. The origin is checked, and the signed cookie of the interaction.'

@Injectable()
export abstract class InteractionController {
  readonly #interactions: Interactions
  readonly #provider: OidcProvider
  readonly #config: OidcProviderConfig
  readonly #logins: Logins
  readonly #sessions: Sessions
  readonly #caller: SessionCaller
  readonly #origins: OriginCheck
  readonly #gate: LoginGate | undefined

  constructor(
    interactions: Interactions,
    provider: OidcProvider,
    config: OidcProviderConfig,
    logins: Logins,
    sessions: Sessions,
    caller: SessionCaller,
    origins: OriginCheck,
    @Optional() gate?: LoginGate,
  ) {
    this.#interactions = interactions
    this.#provider = provider
    this.#config = config
    this.#logins = logins
    this.#sessions = sessions
    this.#caller = caller
    this.#origins = origins
    this.#gate = gate
  }

  /** Asks; or goes on at once where the application knows the answer. */
  @Get('/interaction/:uid')
  @Public('This is where people become known.')
  @SetHeader('cache-control', 'no-store')
  @Throws(OidcInteractionInvalid)
  async ask(@Param('uid') uid: string, @Ctx() context: HttpContext): Promise<unknown> {
    const question = await this.#interactions.read(context, uid)
    const { kind, client, scopes, loginHint } = question
    const action = this.#addressOf(uid)
    if (kind === 'consent') return this.#show(context, question, consentPage({ client, scopes, action }))
    const session = await this.#caller.session(context)
    if (session && (await this.#interactions.answers(question, session)))
      return redirect(await this.#interactions.logIn(context, session), SEE_OTHER)
    const { title, loginPath } = this.#config
    if (loginPath !== undefined) return redirect(`${loginPath}?returnTo=${encodeURIComponent(action)}`, SEE_OTHER)
    return this.#show(context, question, loginPage({ title, client, action, email: loginHint }))
  }

  /** Opens a session of the application; the question is asked again, and it is the answer. What is wrong is said on the page. */
  @Post('/interaction/:uid/login')
  @Public('This is where people become known.')
  @Skip(CsrfInterceptor, NO_CSRF)
  @HttpCode(200)
  @SetHeader('cache-control', 'no-store')
  @Throws(OidcInteractionInvalid)
  async logIn(
    @Param('uid') uid: string,
    @Body() { email, password }: LoginForm,
    @Ctx() context: HttpContext,
  ): Promise<unknown> {
    this.#origins.check(context)
    const question = await this.#interactions.read(context, uid)
    const action = this.#addressOf(uid)
    try {
      const origin = originOf(context)
      const { account, factors } = await this.#logins.byPassword(email, password, origin, action)
      await this.#sessions.open(context, { accountId: account.id, factors, ...origin })
      return redirect(action, SEE_OTHER)
    } catch (error) {
      const next = this.#gate?.pageFor(error)
      if (next !== undefined) return redirect(next, SEE_OTHER)
      if (!(error instanceof TenonError) || error.status >= 500) throw error
      const { title } = this.#config
      return this.#show(
        context,
        question,
        loginPage({ title, client: question.client, action, email, error: error.message }),
      )
    }
  }

  @Post('/interaction/:uid/confirm')
  @Public('The session of the application says who agrees.')
  @Skip(CsrfInterceptor, NO_CSRF)
  @Throws(OidcInteractionInvalid)
  async allow(@Param('uid') uid: string, @Ctx() context: HttpContext): Promise<unknown> {
    this.#origins.check(context)
    const question = await this.#interactions.read(context, uid)
    const session = await this.#caller.session(context)
    return redirect(await this.#interactions.allow(context, question, session), SEE_OTHER)
  }

  @Post('/interaction/:uid/abort')
  @Public('Whoever does not want to log in need not.')
  @Skip(CsrfInterceptor, NO_CSRF)
  @Throws(OidcInteractionInvalid)
  async refuse(@Param('uid') uid: string, @Ctx() context: HttpContext): Promise<unknown> {
    this.#origins.check(context)
    await this.#interactions.read(context, uid)
    return redirect(await this.#interactions.refuse(context), SEE_OTHER)
  }

  #addressOf(uid: string): string {
    return new URL(`${this.#provider.issuer}/interaction/${uid}`).pathname
  }

  #show({ response }: HttpContext, { redirectUri }: Question, text: PageText): string {
    const nonce = randomBytes(16).toString('base64')
    response.setHeader('content-type', 'text/html; charset=utf-8')
    response.setHeader('content-security-policy', pagePolicy(nonce, formTargetOf(redirectUri)))
    // With `no-referrer`, browsers hide from the form's target that it is the page's own.
    response.setHeader('referrer-policy', 'same-origin')
    return page(text, nonce)
  }
}
