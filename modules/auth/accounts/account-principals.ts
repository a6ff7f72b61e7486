/** Who an account is, for sessions and tokens alike. */
import type { Principal } from 'tenon'
import { Injectable } from 'tenon/decorators'

import { KnownPrincipals } from '../tokens/known-principals.ts'
import { AccountStore, type AccountRecord } from './account-store.ts'

@Injectable()
export class AccountPrincipals extends KnownPrincipals {
  readonly #accounts: AccountStore

  constructor(accounts: AccountStore) {
    super()
    this.#accounts = accounts
  }

  /** What is no person has no account, and is known to others. */
  async current(principal: Principal): Promise<Principal | undefined> {
    if (principal.kind !== undefined && principal.kind !== 'user') return principal
    const account = await this.#accounts.findById(principal.id)
    if (!account || account.disabledAt !== null) return undefined
    const { roles: _roles, tenant: _tenant, ...kept } = principal
    return { ...kept, ...principalOf(account) }
  }
}

export function principalOf({ id, roles, tenant }: AccountRecord): Principal {
  return { id, kind: 'user', roles: [...roles], ...(tenant !== null && { tenant }) }
}
