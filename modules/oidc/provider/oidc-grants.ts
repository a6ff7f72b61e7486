/** What people have agreed to, for a page on which they see it and take it back. */
import { Clock, securityEvents } from 'tenon'
import { Injectable } from 'tenon/decorators'

import { OidcRecords } from './oidc-records.ts'

export interface OidcGrantSummary {
  readonly id: string
  readonly clientId: string
  readonly scopes: readonly string[]
  readonly grantedAt: Date
}

@Injectable()
export class OidcGrants {
  readonly #records: OidcRecords
  readonly #clock: Clock

  constructor(records: OidcRecords, clock: Clock) {
    this.#records = records
    this.#clock = clock
  }

  async list(accountId: string): Promise<readonly OidcGrantSummary[]> {
    const all = await this.#records.list('Grant', accountId)
    return all.map(({ jti = '', clientId = '', openid, iat = 0 }) => ({
      id: jti,
      clientId,
      scopes: scopesOf(openid),
      grantedAt: new Date(iat * 1000),
    }))
  }

  /** Ends what a client may do in the account's name: its refresh tokens and opaque access tokens count no longer. */
  async revoke(accountId: string, clientId: string): Promise<void> {
    for (const { id } of (await this.list(accountId)).filter((grant) => grant.clientId === clientId)) {
      await this.#records.remove('Grant', id)
      await this.#records.removeOfGrant(id)
    }
    this.#tell(accountId, clientId)
  }

  /** Ends everything that clients may do in the account's name, and its logins with them. */
  async revokeAllOf(accountId: string): Promise<void> {
    await this.#records.removeOfAccount(accountId)
    this.#tell(accountId)
  }

  #tell(principalId: string, subject?: string): void {
    const at = this.#clock.epochMs()
    securityEvents.publish({
      type: 'oidc.grants-revoked',
      outcome: 'allowed',
      principalId,
      at,
      ...(subject !== undefined && { subject }),
    })
  }
}

function scopesOf(openid: unknown): readonly string[] {
  const { scope = '' } = (openid ?? {}) as { readonly scope?: string }
  return scope.split(' ').filter((each) => each !== '')
}
