/** Whose factors a call may prove or change: a person's with an account here, who calls for herself by a login of her own. */
import { type CallContext, type Principal } from 'tenon'
import { AccountStore, TokenIssuer, type AccountRecord } from 'tenon/auth'
import { Injectable, Optional } from 'tenon/decorators'

import { CallerUnsuitable } from '../mfa-errors.ts'

export interface Owner {
  readonly account: AccountRecord
  readonly principal: Principal
  /** Names the login, for what is bound to it. */
  readonly login: string
}

@Injectable()
export class Owners {
  readonly #accounts: AccountStore
  readonly #tokens: TokenIssuer | undefined

  constructor(accounts: AccountStore, @Optional() tokens?: TokenIssuer) {
    this.#accounts = accounts
    this.#tokens = tokens
  }

  /** @throws `MFA_CALLER_UNSUITABLE` */
  async of({ principal }: CallContext): Promise<Owner> {
    if (!principal || !isPerson(principal) || !(await this.#hasLogin(principal))) throw new CallerUnsuitable()
    const account = await this.#accounts.findById(principal.id)
    if (!account || account.disabledAt !== null) throw new CallerUnsuitable()
    const { scheme, credentialId } = principal.authentication!
    return { account, principal, login: `${scheme}:${credentialId}` }
  }

  /** A session was found by its secret; a token may be of another issuer, or descend from no login. */
  async #hasLogin({ id, authentication }: Principal): Promise<boolean> {
    if (authentication?.scheme === 'session') return true
    if (authentication?.scheme !== 'bearer' || !this.#tokens) return false
    const families = await this.#tokens.familiesOf(id)
    return families.some((family) => family.id === authentication.credentialId)
  }
}

/** Nobody acts in her name, and her credential is not limited to less than she may. */
function isPerson({ kind = 'user', actor, scopes, authentication }: Principal): boolean {
  return kind === 'user' && actor === undefined && scopes === undefined && authentication?.credentialId !== undefined
}
