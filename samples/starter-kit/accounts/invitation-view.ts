import { Doc } from 'tenon'
import type { PendingInvitation } from 'tenon/auth'
import { Expose, IsString } from 'tenon/validation'

/** Somebody who was asked to join, as the admins read it. */
export class InvitationView {
  @Expose() readonly id!: string
  @Expose() readonly email!: string
  @Expose() readonly name!: string
  @Expose() @IsString({ each: true }) readonly roles!: string[]
  @Doc({ nullable: true })
  @Expose()
  @IsString()
  readonly organisationId!: string | null
  @Expose() readonly createdAt!: Date
  @Expose() readonly expiresAt!: Date
}

export function viewInvitation({ profile, createdAt, expiresAt, ...invitation }: PendingInvitation): InvitationView {
  const { id, email, roles, tenant: organisationId } = invitation
  const moments = { createdAt: new Date(createdAt), expiresAt: new Date(expiresAt) }
  return { id, email, name: String(profile['name']), roles: [...roles], organisationId, ...moments }
}
