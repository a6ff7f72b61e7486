/**
 * CSRF tokens: sent in a cookie and in a header, signed together with the session they belong to (OWASP's signed double
 * submit). The one file that imports csrf-csrf.
 *
 * The key of the signature is derived from the session's secret, so that there is no further secret to set up and share,
 * a token is worth nothing with another session, and nothing of either after the next login. Before a login there is no
 * session: then the `__Host-` cookie, which no other site can set, and the check of the origin carry the protection.
 */
import { hash } from 'node:crypto'

import { parseCookie } from 'cookie'
import { doubleCsrf } from 'csrf-csrf'
import { HttpContext, type CallContext } from 'tenon'
import { Injectable } from 'tenon/decorators'

import { SessionCookie } from '../sessions/session-cookie.ts'
import { SessionsConfig } from '../sessions/sessions-config.ts'

export const CSRF_HEADER = 'x-csrf-token'

type Csrf = ReturnType<typeof doubleCsrf>
type CsrfRequest = Parameters<Csrf['validateRequest']>[0]

/** What csrf-csrf reads of an Express request, with the secret in place of the session. */
interface Facade {
  readonly headers: { readonly [CSRF_HEADER]: string | undefined }
  readonly cookies: Readonly<Record<string, string | undefined>>
  readonly secret: string
}

const NO_SESSION = 'none'

@Injectable()
export class CsrfTokens {
  readonly #session: SessionCookie
  readonly #csrf: Csrf

  constructor(session: SessionCookie, { secure, cookie }: SessionsConfig) {
    this.#session = session
    const secretOf = (request?: unknown): string => hash('sha256', `csrf:${(request as Facade).secret}`)
    this.#csrf = doubleCsrf({
      getSecret: secretOf,
      getSessionIdentifier: secretOf,
      cookieName: secure ? `__Host-${cookie}-csrf` : `${cookie}-csrf`,
      cookieOptions: { secure, sameSite: 'lax', path: '/', httpOnly: true },
      getCsrfTokenFromRequest: (request) => request.headers[CSRF_HEADER],
    })
  }

  /**
   * The session's token, put into its cookie as well; the one that the call carries, if it belongs to the session, so that
   * one tab does not spoil the token of another.
   * @param secret - Of the session it is for. Default: the one the call carries.
   */
  issue(context: HttpContext, secret: string | undefined = this.#session.read(context)): string {
    return this.#csrf.generateCsrfToken(this.#facade(context, secret), context.response)
  }

  /** Whether the call carries a token that belongs to its session. */
  isValid(context: CallContext): boolean {
    return this.#csrf.validateRequest(this.#facade(context, this.#session.read(context)))
  }

  #facade(context: CallContext, secret: string = NO_SESSION): CsrfRequest {
    const facade: Facade = {
      headers: { [CSRF_HEADER]: context.header(CSRF_HEADER) },
      cookies: parseCookie(context.header('cookie') ?? ''),
      secret,
    }
    return facade as unknown as CsrfRequest
  }
}
