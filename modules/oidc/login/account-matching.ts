/**
 * Whose account an identity opens. An address is no proof: whoever runs or tricks an issuer can claim any. It opens an
 * existing account only where the issuer is declared to give these mailboxes out, and says that it has checked this one.
 */
import { randomUUID } from 'node:crypto'

import { Clock, securityEvents } from 'tenon'
import { AccountsConfig, AccountStore, normalizeEmail, type AccountRecord } from 'tenon/auth'
import { DuplicateRow } from 'tenon/data'
import { Injectable } from 'tenon/decorators'

import { OidcAccountUnknown, OidcEmailUnverified, OidcLinkNeeded } from '../oidc-errors.ts'
import { IdentityLinks } from './identity-links.ts'
import { mapClaims, type MappedClaims } from './map-claims.ts'
import type { IdentityClaims, OidcIssuer } from './oidc-issuer.ts'

/** Like a mailbox: whoever vouches for something else vouches for no mailbox. */
const MAILBOX = /^[^@\s]+@[^@\s]+$/
const LONGEST = 254

@Injectable()
export class AccountMatching {
  readonly #accounts: AccountStore
  readonly #config: AccountsConfig
  readonly #links: IdentityLinks
  readonly #clock: Clock

  constructor(accounts: AccountStore, config: AccountsConfig, links: IdentityLinks, clock: Clock) {
    this.#accounts = accounts
    this.#config = config
    this.#links = links
    this.#clock = clock
  }

  /**
   * The account of somebody who has logged in elsewhere, made where there is none and the settings allow it.
   * @throws `OIDC_ACCOUNT_UNKNOWN`, `OIDC_EMAIL_UNVERIFIED`, `OIDC_LINK_NEEDED`
   */
  async find(issuer: OidcIssuer, claims: IdentityClaims): Promise<AccountRecord> {
    const mapped = mapClaims(issuer, claims, this.#config.roles)
    const linked = await this.#links.find(issuer, claims)
    if (!linked) return this.#meet(issuer, claims, mapped)
    const owner = await this.#links.ownerOf(linked)
    if (!owner) throw new OidcAccountUnknown()
    await this.#links.noteLogin(linked, claims)
    return this.#refresh(owner, mapped)
  }

  /** Somebody who is here for the first time. */
  async #meet(issuer: OidcIssuer, claims: IdentityClaims, mapped: MappedClaims): Promise<AccountRecord> {
    const email = verifiedEmail(claims)
    const isAuthoritative = email !== undefined && vouchesFor(issuer, email)
    // Nothing about accounts is told to those whose address nobody vouches for.
    if (email === undefined) throw new OidcEmailUnverified(issuer.name)
    const existing = await this.#accounts.findByEmail(email)
    if (existing && !isAuthoritative) throw new OidcLinkNeeded(issuer.name)
    if (existing?.disabledAt !== null && existing !== undefined) throw new OidcAccountUnknown()
    const account = existing ? await this.#takeOver(existing, mapped) : await this.#make(issuer, claims, email, mapped)
    await this.#links.link(issuer, claims, account.id)
    return account
  }

  /** A password that was set before anybody had proved the mailbox may be a stranger's, who waits for its owner to come. */
  async #takeOver(account: AccountRecord, mapped: MappedClaims): Promise<AccountRecord> {
    if (account.verifiedAt !== null) return this.#refresh(account, mapped)
    const changes = { verifiedAt: this.#now, passwordHash: null }
    await this.#accounts.change(account.id, changes)
    return this.#refresh({ ...account, ...changes }, mapped)
  }

  async #make(
    { provision = this.#config.signUp, profile, name }: OidcIssuer,
    claims: IdentityClaims,
    email: string,
    { roles = this.#config.roles, tenant = null as never }: MappedClaims,
  ): Promise<AccountRecord> {
    if (!provision) throw new OidcAccountUnknown()
    const now = this.#now
    try {
      const account = await this.#accounts.add({
        id: randomUUID(),
        email,
        passwordHash: null,
        roles,
        tenant,
        verifiedAt: now,
        disabledAt: null,
        createdAt: now,
        profile: profile?.(claims) ?? {},
      })
      securityEvents.publish({
        type: 'oidc.provisioned',
        outcome: 'allowed',
        subject: account.id,
        at: now,
        details: { issuer: name },
      })
      return account
    } catch (error) {
      // Somebody was faster, perhaps the same person in another window.
      if (error instanceof DuplicateRow) throw new OidcLinkNeeded(name).causedBy(error)
      throw error
    }
  }

  /** What somebody may do in one tenant is not taken along into another. */
  async #refresh(account: AccountRecord, { roles: told, tenant }: MappedClaims): Promise<AccountRecord> {
    const moves = tenant !== undefined && tenant !== account.tenant
    const roles = told ?? (moves ? this.#config.roles : account.roles)
    const changes = { ...(!isSame(roles, account.roles) && { roles }), ...(moves && { tenant }) }
    if (Object.keys(changes).length === 0) return account
    await this.#accounts.change(account.id, changes)
    return { ...account, ...changes }
  }

  get #now(): number {
    return this.#clock.epochMs()
  }
}

/** `true` alone: some issuers send the text "false". */
function verifiedEmail({ email, email_verified: isVerified }: IdentityClaims): string | undefined {
  const isMailbox = typeof email === 'string' && MAILBOX.test(email) && email.length <= LONGEST
  return isMailbox && isVerified === true ? normalizeEmail(email) : undefined
}

/** The domain itself: a part of it may belong to somebody else. */
function vouchesFor({ authoritativeFor = [] }: OidcIssuer, email: string): boolean {
  const domain = email.slice(email.lastIndexOf('@') + 1)
  return authoritativeFor.some((each) => each.toLowerCase() === domain)
}

function isSame(some: readonly string[], others: readonly string[]): boolean {
  return some.length === others.length && some.every((each) => others.includes(each))
}
