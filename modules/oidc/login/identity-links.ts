/** Which identities elsewhere open which account. */
import { hash } from 'node:crypto'

import { Clock, securityEvents } from 'tenon'
import { AccountStore, type AccountRecord } from 'tenon/auth'
import { DuplicateRow } from 'tenon/data'
import { Injectable } from 'tenon/decorators'

import { OidcIdentityMissing, OidcIdentityTaken, OidcLastWayIn } from '../oidc-errors.ts'
import type { LinkedIdentity } from './linked-identity.ts'
import { LinkedIdentities } from './login-rows.ts'
import type { IdentityClaims, OidcIssuer } from './oidc-issuer.ts'

/** Longest `sub` (OpenID Connect Core §2), and longest issuer that a row holds. */
const LONGEST = 255

@Injectable()
export class IdentityLinks {
  readonly #rows: LinkedIdentities
  readonly #accounts: AccountStore
  readonly #clock: Clock

  constructor(rows: LinkedIdentities, accounts: AccountStore, clock: Clock) {
    this.#rows = rows
    this.#accounts = accounts
    this.#clock = clock
  }

  async find({ issuer }: OidcIssuer, { sub }: IdentityClaims): Promise<LinkedIdentity | undefined> {
    return (await this.#rows.findOneBy({ id: identityId(issuer, sub) })) ?? undefined
  }

  async list(accountId: string): Promise<readonly LinkedIdentity[]> {
    return this.#rows.find({ where: { accountId }, order: { linkedAt: 'ASC' } })
  }

  /** @throws `OIDC_IDENTITY_TAKEN` when another account has it. */
  async link(issuer: OidcIssuer, claims: IdentityClaims, accountId: string): Promise<void> {
    const now = this.#now
    const identity = {
      id: identityId(issuer.issuer, claims.sub),
      accountId,
      issuer: issuer.issuer.slice(0, LONGEST),
      subject: claims.sub.slice(0, LONGEST),
      email: emailOf(claims),
      linkedAt: now,
      lastLoginAt: now,
    }
    try {
      await this.#rows.insert(identity)
    } catch (error) {
      if (!(error instanceof DuplicateRow)) throw error
      const owner = await this.find(issuer, claims)
      if (owner?.accountId !== accountId) throw new OidcIdentityTaken(issuer.name).causedBy(error)
      return
    }
    this.#tell('oidc.linked', accountId, issuer.issuer)
  }

  async noteLogin({ id }: LinkedIdentity, claims: IdentityClaims): Promise<void> {
    await this.#rows.update({ id }, { email: emailOf(claims), lastLoginAt: this.#now })
  }

  /** @throws `OIDC_IDENTITY_MISSING`; `OIDC_LAST_WAY_IN` when nothing else opens the account. */
  async unlink({ id: accountId, passwordHash }: AccountRecord, id: string): Promise<void> {
    const all = await this.list(accountId)
    const linked = all.find((each) => each.id === id)
    if (!linked) throw new OidcIdentityMissing(id.slice(0, 64))
    if (all.length === 1 && passwordHash === null) throw new OidcLastWayIn()
    await this.#rows.delete({ id, accountId })
    this.#tell('oidc.unlinked', accountId, linked.issuer)
  }

  /** The account, if it is still there and open. */
  async ownerOf({ accountId }: LinkedIdentity): Promise<AccountRecord | undefined> {
    const account = await this.#accounts.findById(accountId)
    return account && account.disabledAt === null ? account : undefined
  }

  #tell(type: string, principalId: string, subject: string): void {
    securityEvents.publish({ type, outcome: 'allowed', principalId, subject, at: this.#now })
  }

  get #now(): number {
    return this.#clock.epochMs()
  }
}

/** No issuer contains a line break, so no two pairs read alike. */
function identityId(issuer: string, subject: string): string {
  return hash('sha256', `${issuer}\n${subject}`)
}

function emailOf({ email }: IdentityClaims): string | null {
  return typeof email === 'string' && email.length <= 254 ? email : null
}
