/** What callers read. */
import { Doc, type CallContext } from 'tenon'
import { Expose, IsString, Type } from 'tenon/validation'

import { SESSION } from '../sessions/sessions.ts'
import type { SessionRecord } from '../sessions/session.ts'
import type { AccountRecord } from './account-store.ts'
import type { PendingInvitation } from './invitations.ts'

export class AccountView {
  @Expose() readonly id!: string
  @Expose() readonly email!: string
  @Expose() @IsString({ each: true }) readonly roles!: string[]
  @Doc({ nullable: true })
  @Expose()
  @IsString()
  readonly tenant!: string | null
  @Expose() readonly createdAt!: Date
}

export function viewAccount({ id, email, roles, tenant, createdAt }: AccountRecord): AccountView {
  return { id, email, roles: [...roles], tenant, createdAt: new Date(createdAt) }
}

/** What somebody is invited to, before there is an account. */
export class InvitationView {
  @Expose() readonly email!: string
  @Doc({ nullable: true })
  @Expose()
  @IsString()
  readonly tenant!: string | null
  @Expose() @IsString({ each: true }) readonly roles!: string[]
  @Expose() readonly expiresAt!: Date
  /** Whether it is joined by logging in; otherwise by choosing a password. */
  @Expose() readonly hasAccount!: boolean
}

export function viewInvitation({
  email,
  tenant,
  roles,
  expiresAt,
  hasAccount,
}: PendingInvitation & Pick<InvitationView, 'hasAccount'>): InvitationView {
  return { email, tenant, roles: [...roles], expiresAt: new Date(expiresAt), hasAccount }
}

export class CsrfView {
  /** To be sent as `x-csrf-token` with every call that changes something. */
  @Expose() readonly csrfToken!: string
}

/** The answer to a login that opens a cookie session. */
export class LoginView extends CsrfView {
  @Expose() @Type(() => AccountView) readonly account!: AccountView
}

export class SessionView {
  @Expose() readonly id!: string
  @Expose() readonly createdAt!: Date
  @Expose() readonly lastSeenAt!: Date
  @Expose() readonly expiresAt!: Date
  @Expose() readonly address!: string
  @Expose() readonly agent!: string
  /** The one this call was made with. */
  @Expose() readonly isCurrent!: boolean
}

export function viewSession(session: SessionRecord, context: CallContext): SessionView {
  const { id, createdAt, lastSeenAt, expiresAt, address, agent } = session
  return {
    id,
    createdAt: new Date(createdAt),
    lastSeenAt: new Date(lastSeenAt),
    expiresAt: new Date(expiresAt),
    address,
    agent,
    isCurrent: context.get(SESSION)?.id === id,
  }
}
