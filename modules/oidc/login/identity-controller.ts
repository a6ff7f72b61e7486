/** Which identities open the account, and logging out where one came from. */
import {
  Body,
  Ctx,
  CurrentUser,
  Get,
  HttpCode,
  HttpContext,
  Param,
  Post,
  Public,
  Returns,
  Throws,
  type Principal,
} from 'tenon'
import { PublicUrl, SESSION, Sessions } from 'tenon/auth'
import { Authenticated, Injectable } from 'tenon/decorators'

import {
  OidcIdentityMissing,
  OidcIssuerUnknown,
  OidcIssuerUnreachable,
  OidcLastWayIn,
  OidcReauthenticationNeeded,
  OidcReturnRefused,
} from '../oidc-errors.ts'
import { originOf } from '../origin-of.ts'
import { AccountLinks } from './account-links.ts'
import { IdentityLinks } from './identity-links.ts'
import { LoginCookies } from './login-cookies.ts'
import { IdentityView, LinkRequest, LocationView, UnlinkRequest, viewIdentity } from './login-views.ts'
import { loadClient, OidcIssuers } from './oidc-issuers.ts'
import { OidcLogins } from './oidc-logins.ts'

@Injectable()
export abstract class IdentityController {
  protected abstract readonly prefix: string
  readonly #logins: OidcLogins
  readonly #links: AccountLinks
  readonly #identities: IdentityLinks
  readonly #issuers: OidcIssuers
  readonly #cookies: LoginCookies
  readonly #sessions: Sessions
  readonly #publicUrl: PublicUrl

  constructor(
    logins: OidcLogins,
    links: AccountLinks,
    identities: IdentityLinks,
    issuers: OidcIssuers,
    cookies: LoginCookies,
    sessions: Sessions,
    publicUrl: PublicUrl,
  ) {
    this.#logins = logins
    this.#links = links
    this.#identities = identities
    this.#issuers = issuers
    this.#cookies = cookies
    this.#sessions = sessions
    this.#publicUrl = publicUrl
  }

  @Get('/identities')
  @Authenticated('session')
  @Returns(IdentityView, { array: true })
  async list(@CurrentUser() { id }: Principal): Promise<IdentityView[]> {
    return (await this.#identities.list(id)).map(viewIdentity)
  }

  /** Begins to link an identity to the caller's account. Not with tokens: the way back knows the caller by the session. */
  @Post('/:issuer/link')
  @Authenticated('session')
  @HttpCode(200)
  @Returns(LocationView)
  @Throws(OidcIssuerUnknown, OidcReturnRefused, OidcReauthenticationNeeded, OidcIssuerUnreachable)
  async link(
    @Param('issuer') issuer: string,
    @Body() { password, returnTo }: LinkRequest,
    @Ctx() context: HttpContext,
  ): Promise<LocationView> {
    const { id: accountId } = await this.#links.prove(context, password, originOf(context))
    const link = { accountId, sessionId: context.require(SESSION).id }
    const { prefix } = this
    return { location: (await this.#logins.begin(context, { issuer, prefix, returnTo, link })).href }
  }

  /** By `POST`, for it has a body: proxies may drop that of a `DELETE`. */
  @Post('/identities/:id/unlink')
  @Authenticated('session')
  @HttpCode(204)
  @Throws(OidcIdentityMissing, OidcLastWayIn, OidcReauthenticationNeeded)
  async unlink(
    @Param('id') id: string,
    @Body() { password }: UnlinkRequest,
    @Ctx() context: HttpContext,
  ): Promise<void> {
    await this.#identities.unlink(await this.#links.prove(context, password, originOf(context)), id)
  }

  /** Ends the session here, and answers where it ends at the issuer it came from; `/` where there is nothing to end. */
  @Post('/logout')
  @Public('Whoever is not logged in is logged out.')
  @HttpCode(200)
  @Returns(LocationView)
  async logOut(@Ctx() context: HttpContext): Promise<LocationView> {
    await this.#sessions.close(context)
    const hint = this.#cookies.takeLogout(context)
    const issuer = this.#issuers.all.find(({ name }) => name === hint?.issuer)
    if (!hint || !issuer) return { location: '/' }
    const configuration = await this.#issuers.configurationOf(issuer)
    if (configuration.serverMetadata().end_session_endpoint === undefined) return { location: '/' }
    const { buildEndSessionUrl } = await loadClient()
    const url = buildEndSessionUrl(configuration, {
      id_token_hint: hint.idToken,
      post_logout_redirect_uri: this.#publicUrl.to('/').href,
    })
    return { location: url.href }
  }
}
