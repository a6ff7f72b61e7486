/**
 * Refuses calls that another site made a browser send with this site's cookies: by where the browser says that they come
 * from, and by a token that only pages of this site can read. On for everything that a session cookie would authenticate.
 */
import {
  Clock,
  describeProblem,
  HttpContext,
  securityEvents,
  type CallContext,
  type Contribution,
  type Endpoint,
  type EndpointInterceptor,
  type InterceptorDescription,
  type TenonError,
} from 'tenon'
import { CSRF_PROTECTED, Interceptor } from 'tenon/decorators'

import { bringsOwnCredential } from '../sessions/own-credential.ts'
import { SessionCookie } from '../sessions/session-cookie.ts'
import { CsrfOriginRefused, CsrfTokenRefused } from './csrf-errors.ts'
import { CSRF_HEADER, CsrfTokens } from './csrf-tokens.ts'
import { OriginCheck } from './origin-check.ts'

/** They change nothing (RFC 9110 §9.2.1). */
const SAFE: ReadonlySet<string | undefined> = new Set(['GET', 'HEAD', 'OPTIONS', 'TRACE'])

@Interceptor({ phase: 'protect' })
export class CsrfInterceptor implements EndpointInterceptor {
  readonly #cookie: SessionCookie
  readonly #tokens: CsrfTokens
  readonly #origins: OriginCheck
  readonly #clock: Clock

  constructor(cookie: SessionCookie, tokens: CsrfTokens, origins: OriginCheck, clock: Clock) {
    this.#cookie = cookie
    this.#tokens = tokens
    this.#origins = origins
    this.#clock = clock
  }

  /** What only reads needs no protection; what comes by no browser carries no cookie. */
  forEndpoint(endpoint: Endpoint): Contribution | undefined {
    if (endpoint.transport === 'command' || SAFE.has(endpoint.route?.method)) return undefined
    const always = endpoint.read(CSRF_PROTECTED) === true
    return { before: (context) => this.#check(context, always) }
  }

  describe(): InterceptorDescription {
    return {
      does: 'with a session cookie, takes calls of pages of this site alone',
      parameters: [
        {
          in: 'header',
          name: CSRF_HEADER,
          required: false,
          description: 'The CSRF token of the session; required when a cookie authenticates the call.',
        },
      ],
      problems: [
        describeProblem(CsrfOriginRefused, 'a page of another site made the call'),
        describeProblem(CsrfTokenRefused, 'a cookie authenticates the call and the token is missing'),
      ],
    }
  }

  #check(context: CallContext, always: boolean): void {
    // Endpoints of `@All` are reached by safe methods as well.
    if (context instanceof HttpContext && SAFE.has(context.request.method)) return
    if (!always && (this.#cookie.read(context) === undefined || bringsOwnCredential(context))) return
    try {
      this.#origins.check(context)
      if (!this.#tokens.isValid(context)) throw new CsrfTokenRefused(CSRF_HEADER)
    } catch (error) {
      this.#tell(context, (error as TenonError).code)
      throw error
    }
  }

  #tell({ endpoint }: CallContext, reason: string): void {
    const at = this.#clock.epochMs()
    securityEvents.publish({ type: 'csrf.refused', outcome: 'refused', subject: endpoint.name, reason, at })
  }
}
