/** Logging in with others. */
import {
  Ctx,
  Doc,
  Get,
  HttpContext,
  Param,
  Public,
  Query,
  redirect,
  Returns,
  SetHeader,
  TenonError,
  Throws,
} from 'tenon'
import { KnownPrincipals, LoginGate, Sessions, TokenIssuer } from 'tenon/auth'
import { Injectable, Optional } from 'tenon/decorators'

import {
  OidcAccountUnknown,
  OidcAttemptInvalid,
  OidcEmailUnverified,
  OidcIssuerUnknown,
  OidcIssuerUnreachable,
  OidcLinkNeeded,
  OidcLoginRefused,
  OidcReturnRefused,
} from '../oidc-errors.ts'
import { originOf } from '../origin-of.ts'
import { AccountLinks } from './account-links.ts'
import { LoginCookies } from './login-cookies.ts'
import { IssuerView } from './login-views.ts'
import { OidcIssuers } from './oidc-issuers.ts'
import { OidcLoginConfig } from './oidc-login-config.ts'
import { OidcLogins, type VouchedIdentity } from './oidc-logins.ts'

const SEE_OTHER = 303

@Injectable()
export abstract class LoginController {
  protected abstract readonly prefix: string
  readonly #logins: OidcLogins
  readonly #issuers: OidcIssuers
  readonly #links: AccountLinks
  readonly #cookies: LoginCookies
  readonly #sessions: Sessions
  readonly #config: OidcLoginConfig
  readonly #principals: KnownPrincipals
  readonly #tokens: TokenIssuer | undefined
  readonly #gate: LoginGate | undefined

  constructor(
    logins: OidcLogins,
    issuers: OidcIssuers,
    links: AccountLinks,
    cookies: LoginCookies,
    sessions: Sessions,
    config: OidcLoginConfig,
    principals: KnownPrincipals,
    @Optional() tokens?: TokenIssuer,
    @Optional() gate?: LoginGate,
  ) {
    this.#logins = logins
    this.#issuers = issuers
    this.#links = links
    this.#cookies = cookies
    this.#sessions = sessions
    this.#config = config
    this.#principals = principals
    this.#tokens = tokens
    this.#gate = gate
  }

  @Get()
  @Public('Whoever logs in chooses with whom.')
  @Returns(IssuerView, { array: true })
  list(): IssuerView[] {
    return this.#issuers.all.map(({ name, title = name }) => ({ name, title }))
  }

  @Get('/:issuer/login')
  @Doc({ hidden: true })
  @Public('This is how browsers become known.')
  @SetHeader('cache-control', 'no-store')
  @Throws(OidcIssuerUnknown, OidcReturnRefused, OidcIssuerUnreachable)
  async begin(
    @Param('issuer') issuer: string,
    @Query('returnTo') returnTo: string | undefined,
    @Ctx() context: HttpContext,
  ): Promise<unknown> {
    const { prefix } = this
    return redirect((await this.#logins.begin(context, { issuer, prefix, returnTo })).href, SEE_OTHER)
  }

  /** What issuers add to their answers is theirs, so nothing of the query is declared. */
  @Get('/:issuer/callback')
  @Doc({ hidden: true })
  @Public('The answer of the issuer is the proof.')
  @SetHeader('cache-control', 'no-store')
  // The address holds the code; no page that is opened from here needs to know it.
  @SetHeader('referrer-policy', 'no-referrer')
  @Throws(OidcAttemptInvalid, OidcLoginRefused, OidcAccountUnknown, OidcEmailUnverified, OidcLinkNeeded)
  async finish(@Param('issuer') issuer: string, @Ctx() context: HttpContext): Promise<unknown> {
    try {
      const identity = await this.#logins.finish(context, issuer, this.prefix, queryOf(context))
      if (!identity.attempt.link) return await this.#open(context, identity)
      await this.#links.finish(context, identity)
      return redirect(identity.attempt.returnTo, SEE_OTHER)
    } catch (error) {
      const { errorPath, result } = this.#config
      const page = result === 'session' ? this.#gate?.pageFor(error) : undefined
      if (page !== undefined) return redirect(page, SEE_OTHER)
      if (errorPath === undefined || !(error instanceof TenonError)) throw error
      return redirect(`${errorPath}?error=${error.code}`, SEE_OTHER)
    }
  }

  async #open(context: HttpContext, identity: VouchedIdentity): Promise<unknown> {
    const account = await this.#logins.accountOf(identity)
    const { idToken, issuer, attempt } = identity
    const tokens = this.#config.result === 'tokens' ? this.#tokens : undefined
    // Good for nothing but the end of the login there, and needed when a second factor completes the one here.
    if (!tokens) this.#cookies.writeLogout(context, { issuer: issuer.name, accountId: account.id, idToken })
    // An issuer is no way around the second factor of an account, unless its word on factors counts.
    const gate = issuer.trustsFactors === true ? undefined : this.#gate
    const factors = gate ? await gate.pass(account, identity.factors, attempt.returnTo) : identity.factors
    const { id: accountId } = account
    if (tokens) {
      const principal = await this.#principals.current({ id: accountId, kind: 'user' })
      if (!principal) throw new OidcAccountUnknown()
      return tokens.issue({ ...principal, authentication: { scheme: 'bearer', factors } })
    }
    await this.#sessions.open(context, { accountId, factors, ...originOf(context) })
    return redirect(attempt.returnTo, SEE_OTHER)
  }
}

/** As it came: the library must see duplicates. */
function queryOf({ request }: HttpContext): string {
  const start = request.url.indexOf('?')
  return start === -1 ? '' : request.url.slice(start)
}
