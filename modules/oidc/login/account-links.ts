/** Adding and removing ways to log in, by somebody who is logged in and has just proved again who it is. */
import { Clock, type CallContext } from 'tenon'
import { AccountStore, Logins, SESSION, type AccountRecord, type CallerOrigin, type SessionRecord } from 'tenon/auth'
import { Injectable } from 'tenon/decorators'

import { OidcAttemptInvalid, OidcReauthenticationNeeded } from '../oidc-errors.ts'
import { IdentityLinks } from './identity-links.ts'
import type { VouchedIdentity } from './oidc-logins.ts'
import { SessionCaller } from '../session-caller.ts'

const FRESH_MS = 5 * 60_000

@Injectable()
export class AccountLinks {
  readonly #accounts: AccountStore
  readonly #logins: Logins
  readonly #links: IdentityLinks
  readonly #caller: SessionCaller
  readonly #clock: Clock

  constructor(accounts: AccountStore, logins: Logins, links: IdentityLinks, caller: SessionCaller, clock: Clock) {
    this.#accounts = accounts
    this.#logins = logins
    this.#links = links
    this.#caller = caller
    this.#clock = clock
  }

  /**
   * Asks again for the password; of an account without one, for a login of the last five minutes.
   * @throws `OIDC_REAUTHENTICATION_NEEDED`, `AUTH_PASSWORD_WRONG`, `AUTH_TOO_MANY_ATTEMPTS`
   */
  async prove(context: CallContext, password: string | undefined, origin: CallerOrigin): Promise<AccountRecord> {
    const session = context.require(SESSION)
    // In a body, `null` is as good as nothing.
    if (typeof password === 'string') return this.#logins.again(session.accountId, password, origin)
    const account = await this.#accounts.findById(session.accountId)
    if (!account || account.passwordHash !== null || !this.#isFresh(session)) throw new OidcReauthenticationNeeded()
    return account
  }

  /**
   * Links what has come back to the account that asked for it: in the session in which it asked, and no other.
   * @throws `OIDC_ATTEMPT_INVALID`, `OIDC_IDENTITY_TAKEN`
   */
  async finish(context: CallContext, { issuer, claims, attempt }: VouchedIdentity): Promise<void> {
    const session = await this.#caller.session(context)
    const { link } = attempt
    if (!link || session?.id !== link.sessionId || session.accountId !== link.accountId) throw new OidcAttemptInvalid()
    await this.#links.link(issuer, claims, link.accountId)
  }

  #isFresh({ factors }: SessionRecord): boolean {
    return factors.some(({ at }) => at > this.#clock.epochMs() - FRESH_MS)
  }
}
