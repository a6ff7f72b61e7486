/**
 * Hands calls on to the authorization server: as an endpoint and not as middleware, so that headers, rate limits, traces and
 * the access log hold for them as for everything else.
 */
import { All, HttpContext, Public } from 'tenon'
import { Ctx, Injectable, Res, Skip } from 'tenon/decorators'
import { CsrfInterceptor } from 'tenon/auth'

import { OidcMount } from './oidc-mount.ts'
import { OidcProvider } from './oidc-provider.ts'

@Injectable()
export abstract class ProtocolController {
  readonly #provider: OidcProvider
  readonly #mount: OidcMount

  constructor(provider: OidcProvider, mount: OidcMount) {
    this.#provider = provider
    this.#mount = mount
  }

  @All('/*')
  @Public('The protocol knows its callers: people by its own cookie, clients by their secret.')
  @Skip(
    CsrfInterceptor,
    'Other sites are meant to lead here. Where something is done, the protocol has tokens of its own.',
  )
  async answer(@Ctx() context: HttpContext, @Res() response: HttpContext['response']): Promise<void> {
    const { request } = context
    const provider = await this.#provider.current()
    // No `form-action`: its pages send browsers back to clients. The library adds the hash of the one script it has.
    response.setHeader('content-security-policy', "default-src 'none'; base-uri 'none'; frame-ancestors 'none'")
    const { url } = request
    try {
      request.url = url.slice(this.#mount.path.length)
      await provider.callback()(request, response)
    } finally {
      request.url = url
    }
  }
}
