/** `POST /auth/token/refresh` and `/auth/token/revoke`, or at a path of your own. */
import { Body, Controller, HttpCode, NoTenant, Post, Public, Returns, SetHeader, Throws, type Class } from 'tenon'

import { AccessTokens } from './access-tokens.ts'
import type { IssuedTokens } from './issued-tokens.ts'
import { TokenIssuer } from './token-issuer.ts'
import { IssuedTokensView, RefreshRequest, RevokeRequest } from './token-requests.ts'
import { RefreshTokenInvalid, RefreshTokenReused } from './tokens-errors.ts'

/**
 * A controller that renews and revokes tokens below `path`.
 * @example `@Module({ imports: [TokensModule], controllers: [tokenEndpoints('/api/session')] })`
 */
export function tokenEndpoints(path: string): Class {
  @Controller(path)
  @NoTenant('Who calls, and for which tenant, is found out here.')
  @Public('The token that is sent says who calls.')
  class TokenEndpoints {
    readonly #issuer: TokenIssuer
    readonly #access: AccessTokens

    constructor(issuer: TokenIssuer, access: AccessTokens) {
      this.#issuer = issuer
      this.#access = access
    }

    @Post('/refresh')
    @HttpCode(200)
    @SetHeader('cache-control', 'no-store')
    @Returns(IssuedTokensView)
    @Throws(RefreshTokenInvalid, RefreshTokenReused)
    refresh(@Body() { refreshToken, audience }: RefreshRequest): Promise<IssuedTokens> {
      return this.#issuer.refresh(refreshToken, audience)
    }

    /** The same answer whether it held or not (RFC 7009 §2.2). */
    @Post('/revoke')
    @HttpCode(204)
    async revoke(@Body() { token }: RevokeRequest): Promise<void> {
      await this.#issuer.revoke(token)
      await this.#access.revokeToken(token)
    }
  }
  return TokenEndpoints
}
