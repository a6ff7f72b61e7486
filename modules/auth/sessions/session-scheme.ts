/** Callers known by the cookie of their session. */
import { describeProblem, type CallContext, type DescribedProblem, type Principal } from 'tenon'
import { Injectable } from 'tenon/decorators'

import { AuthenticationScheme } from '../authentication-scheme.ts'
import { bringsOwnCredential } from './own-credential.ts'
import { SessionCookie } from './session-cookie.ts'
import { SessionInvalid } from './sessions-errors.ts'
import { Sessions } from './sessions.ts'

@Injectable()
export class SessionScheme extends AuthenticationScheme {
  readonly name = 'session'
  readonly document: Readonly<Record<string, unknown>>
  readonly challenge = undefined
  override readonly problems: readonly DescribedProblem[] = [describeProblem(SessionInvalid, 'the session has ended')]
  readonly #cookie: SessionCookie
  readonly #sessions: Sessions

  constructor(cookie: SessionCookie, sessions: Sessions) {
    super()
    this.#cookie = cookie
    this.#sessions = sessions
    this.document = { type: 'apiKey', in: 'cookie', name: cookie.name }
  }

  /** @throws `AUTH_SESSION_INVALID` */
  authenticate(context: CallContext): Principal | undefined | Promise<Principal> {
    const secret = this.#cookie.read(context)
    if (secret === undefined || bringsOwnCredential(context)) return undefined
    return this.#sessions.authenticate(context, secret)
  }
}
