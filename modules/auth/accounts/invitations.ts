/**
 * Asking people to join. An invitation is a code on its way to a mailbox: whoever sends it makes no account, occupies no
 * address, and learns of nobody whether there is an account. Who may invite, the application decides.
 */
import { randomUUID } from 'node:crypto'

import { Clock, type CallContext } from 'tenon'
import { BaseRepository, DuplicateRow, IsNull, LessThan, MoreThan, Repository, UnitOfWork } from 'tenon/data'
import { Injectable } from 'tenon/decorators'

import { Cleaning } from '../cleaning.ts'
import { NewPasswords } from '../passwords/new-passwords.ts'
import { SESSION, Sessions } from '../sessions/sessions.ts'
import { AccountEvents } from './account-events.ts'
import { AccountPost } from './account-post.ts'
import { AccountStore, type AccountRecord } from './account-store.ts'
import { AccountsConfig } from './accounts-config.ts'
import { CodeInvalid, InvitationForAccount, InvitationMissing } from './accounts-errors.ts'
import { normalizeEmail } from './email.ts'
import { InvitationRow } from './invitation-row.ts'
import { OneTimeCodes, type FoundCode } from './one-time-codes.ts'
import { SignOuts } from './sign-outs.ts'

const DAY_MS = 86_400_000

export interface Invitation {
  readonly email: string
  readonly roles: readonly string[]
  /** The tenant to join. Default: none. */
  readonly tenant?: string
  /** For the store, where an account is made, such as a name. */
  readonly profile?: Readonly<Record<string, unknown>>
  readonly locale?: string
}

/** An invitation that nobody has accepted yet; moments in milliseconds since the epoch. */
export interface PendingInvitation {
  readonly id: string
  /** As `normalizeEmail` writes it. */
  readonly email: string
  readonly roles: readonly string[]
  readonly tenant: string | null
  readonly profile: Readonly<Record<string, unknown>>
  readonly createdAt: number
  readonly expiresAt: number
}

@Repository(InvitationRow)
export class InvitationRows extends BaseRepository<InvitationRow> {}

interface OpenInvitation {
  readonly code: FoundCode<'invitation'>
  readonly invitation: PendingInvitation
}

@Injectable()
export class Invitations {
  readonly #rows: InvitationRows
  readonly #accounts: AccountStore
  readonly #codes: OneTimeCodes
  readonly #passwords: NewPasswords
  readonly #sessions: Sessions
  readonly #signOuts: SignOuts
  readonly #post: AccountPost
  readonly #events: AccountEvents
  readonly #config: AccountsConfig
  readonly #unitOfWork: UnitOfWork
  readonly #clock: Clock

  constructor(
    rows: InvitationRows,
    accounts: AccountStore,
    codes: OneTimeCodes,
    passwords: NewPasswords,
    sessions: Sessions,
    signOuts: SignOuts,
    post: AccountPost,
    events: AccountEvents,
    config: AccountsConfig,
    unitOfWork: UnitOfWork,
    clock: Clock,
    cleaning: Cleaning,
  ) {
    this.#rows = rows
    this.#accounts = accounts
    this.#codes = codes
    this.#passwords = passwords
    this.#sessions = sessions
    this.#signOuts = signOuts
    this.#post = post
    this.#events = events
    this.#config = config
    this.#unitOfWork = unitOfWork
    this.#clock = clock
    cleaning.add(() => this.#clean())
  }

  /**
   * Sends a mail with a link to join. It takes the place of an earlier invitation of the same address to the same tenant.
   * Whether there is an account is looked up after the answer, and shows in the mail alone.
   */
  async invite({ email: typed, roles, tenant, profile = {}, locale }: Invitation): Promise<PendingInvitation> {
    const now = this.#now
    const invitation: PendingInvitation = {
      id: randomUUID(),
      email: normalizeEmail(typed),
      roles: [...roles],
      tenant: tenant ?? null,
      profile,
      createdAt: now,
      expiresAt: now + this.#config.invitationDays * DAY_MS,
    }
    const code = await this.#unitOfWork.transaction(async () => {
      await this.#remove(invitation)
      await this.#rows.insert(invitation as InvitationRow)
      return this.#codes.issue('invitation', invitation.id, {}, invitation.expiresAt - now)
    })
    this.#events.tell('accounts.invited', invitation.id)
    this.#post.afterwards(async () => {
      const isKnown = (await this.#accounts.findByEmail(invitation.email)) !== undefined
      await this.#post.send(isKnown ? 'invitationOfAccount' : 'invitation', invitation.email, code, locale)
    })
    return invitation
  }

  /** Those that wait to be accepted, the latest first. @param tenant - Default: those to no tenant. */
  list(tenant?: string): Promise<readonly PendingInvitation[]> {
    const where = { tenant: tenant ?? IsNull(), expiresAt: MoreThan(this.#now) }
    return this.#rows.find({ where, order: { createdAt: 'DESC', id: 'ASC' } })
  }

  /**
   * Takes an invitation back: its link counts no more.
   * @param tenant - That of the invitation; another one's is not there. Default: none.
   * @throws `AUTH_INVITATION_MISSING`
   */
  async revoke(id: string, tenant?: string): Promise<void> {
    await this.#unitOfWork.transaction(async () => {
      const count = await this.#rows.delete({ id, tenant: tenant ?? IsNull(), expiresAt: MoreThan(this.#now) })
      if (count === 0) throw new InvitationMissing(id)
      await this.#codes.revoke(id)
    })
    this.#events.tell('accounts.invitation-revoked', id)
  }

  /**
   * What a code invites to, for the page where its owner decides.
   * @throws `AUTH_CODE_INVALID`
   */
  async read(code: string): Promise<PendingInvitation & { readonly hasAccount: boolean }> {
    const { invitation } = await this.#open(code)
    const account = await this.#accounts.findByEmail(invitation.email)
    return { ...invitation, hasAccount: account !== undefined }
  }

  /**
   * Makes the account of somebody who has none, with the password of their choice.
   * @throws `AUTH_CODE_INVALID`, `AUTH_PASSWORD_WEAK`, `AUTH_PASSWORDS_BUSY`; `AUTH_INVITATION_FOR_ACCOUNT` where there is an
   * account by now, which `join` is for.
   */
  async accept(code: string, password: string): Promise<AccountRecord> {
    const open = await this.#open(code)
    const { email, roles, tenant, profile } = open.invitation
    if (await this.#accounts.findByEmail(email)) throw new InvitationForAccount()
    const passwordHash = await this.#passwords.hash(password, email, 'password')
    const now = this.#now
    const account = await this.#make(() =>
      this.#unitOfWork.transaction(async () => {
        await this.#use(open)
        return this.#accounts.add({
          id: randomUUID(),
          email,
          passwordHash,
          roles,
          tenant,
          verifiedAt: now,
          disabledAt: null,
          createdAt: now,
          profile,
        })
      }),
    )
    this.#events.tell('accounts.invitation-accepted', account.id)
    return account
  }

  /**
   * Lets somebody who has an account, and is logged in, join by the mail to its address. An account acts for one tenant: whoever
   * joins another leaves the one before, with its roles; of the same tenant the roles are added. All other logins end, and this
   * session gets a new secret.
   * @returns The session's new secret, where the call was made with one.
   * @throws `AUTH_CODE_INVALID`, for the mail of another address too.
   */
  async join(context: CallContext, accountId: string, code: string): Promise<string | undefined> {
    const open = await this.#open(code)
    const { email, roles, tenant } = open.invitation
    const account = await this.#accounts.findById(accountId)
    if (!account || account.disabledAt !== null || account.email !== email) throw new CodeInvalid()
    const kept = account.tenant === tenant ? account.roles : []
    await this.#unitOfWork.transaction(async () => {
      await this.#use(open)
      await this.#accounts.change(account.id, {
        roles: [...new Set([...kept, ...roles])],
        tenant,
        verifiedAt: account.verifiedAt ?? this.#now,
      })
    })
    const session = context.get(SESSION)
    await this.#signOuts.everywhere(account.id, session?.id)
    const secret = session && (await this.#sessions.rotate(context))
    this.#events.tell('accounts.invitation-accepted', account.id)
    return secret
  }

  async #open(text: string): Promise<OpenInvitation> {
    const code = await this.#codes.require('invitation', text)
    const invitation = await this.#rows.findOneBy({ id: code.subject, expiresAt: MoreThan(this.#now) })
    if (!invitation) throw new CodeInvalid()
    return { code, invitation }
  }

  /** Of several calls with one code, one gets through. */
  async #use({ code, invitation }: OpenInvitation): Promise<void> {
    await this.#codes.redeem(code)
    await this.#remove(invitation)
  }

  /** All that the address was sent for the same tenant. */
  async #remove({ email, tenant }: PendingInvitation): Promise<void> {
    const former = await this.#rows.findBy({ email, tenant: tenant ?? IsNull() })
    for (const { id } of former) {
      await this.#codes.revoke(id)
      await this.#rows.delete({ id })
    }
  }

  /** The owner has signed up in the meantime; the code waits for the login. */
  async #make(add: () => Promise<AccountRecord>): Promise<AccountRecord> {
    try {
      return await add()
    } catch (error) {
      if (error instanceof DuplicateRow) throw new InvitationForAccount().causedBy(error)
      throw error
    }
  }

  async #clean(): Promise<void> {
    await this.#rows.delete({ expiresAt: LessThan(this.#now) })
  }

  get #now(): number {
    return this.#clock.epochMs()
  }
}
