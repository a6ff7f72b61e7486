/** What clients learn about somebody: by scope, of the account as it is now. */
import { AccountStore, type AccountRecord } from 'tenon/auth'
import { Injectable } from 'tenon/decorators'
import type { Account } from 'oidc-provider'

import { OidcProviderConfig } from './oidc-provider-config.ts'

/** Claims by scope (OpenID Connect Core §5.4, and ours). */
const SCOPES: Readonly<Record<string, readonly string[]>> = {
  openid: ['sub'],
  email: ['email', 'email_verified'],
  roles: ['roles'],
  tenant: ['tenant'],
}

@Injectable()
export class AccountClaims {
  readonly scopes: Readonly<Record<string, readonly string[]>>
  readonly #accounts: AccountStore
  readonly #further: OidcProviderConfig['claims']

  constructor(accounts: AccountStore, { scopes, claims }: OidcProviderConfig) {
    this.#accounts = accounts
    this.#further = claims
    this.scopes = { ...SCOPES, ...scopes }
  }

  /** `undefined` for an account that is gone or closed: its tokens count no longer, too. */
  async find(accountId: string): Promise<Account | undefined> {
    const account = await this.#accounts.findById(accountId)
    if (!account || account.disabledAt !== null) return undefined
    return { accountId, claims: async () => ({ ...(await this.#further?.(account)), ...claimsOf(account) }) }
  }
}

function claimsOf({ id, email, verifiedAt, roles, tenant }: AccountRecord) {
  return { sub: id, email, email_verified: verifiedAt !== null, roles: [...roles], ...(tenant !== null && { tenant }) }
}
