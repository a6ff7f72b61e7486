/** What a login is given once more was proved by it: a new secret for a session, a new access token for programs. */
import { HttpContext, type AuthenticationFactor } from 'tenon'
import { CsrfTokens, SESSION, Sessions, TokenIssuer, type StrengthenedToken } from 'tenon/auth'
import { Injectable, Optional } from 'tenon/decorators'

import { CallerUnsuitable } from '../mfa-errors.ts'
import type { Owner } from './owners.ts'

/** For sessions a CSRF token, for the cookie has changed; for programs a token to repeat the call with. */
export type StrongerLogin = { readonly csrfToken: string } | StrengthenedToken

@Injectable()
export class StrongerLogins {
  readonly #sessions: Sessions
  readonly #csrf: CsrfTokens
  readonly #tokens: TokenIssuer | undefined

  constructor(sessions: Sessions, csrf: CsrfTokens, @Optional() tokens?: TokenIssuer) {
    this.#sessions = sessions
    this.#csrf = csrf
    this.#tokens = tokens
  }

  async add(context: HttpContext, { principal }: Owner, factor: AuthenticationFactor): Promise<StrongerLogin> {
    if (context.get(SESSION)) {
      const secret = await this.#sessions.rotate(context, [factor])
      return { csrfToken: this.#csrf.issue(context, secret) }
    }
    if (!this.#tokens) throw new CallerUnsuitable()
    return this.#tokens.strengthen(principal, [factor])
  }

  /** Ends all other logins of the account: whoever had stolen one is not to keep it. */
  async endOthers({ account, principal }: Owner): Promise<void> {
    const { scheme, credentialId } = principal.authentication!
    await this.#sessions.revokeAll(account.id, scheme === 'session' ? credentialId : undefined)
    for (const { id } of (await this.#tokens?.familiesOf(account.id)) ?? []) {
      if (id !== credentialId) await this.#tokens?.revokeFamily(id)
    }
  }
}
