import type { PendingInvitation } from 'tenon/auth'
import { Expose } from 'tenon/validation'

import { MemberFields } from './member-fields.ts'

/** Somebody who was asked to join, as the admins read it. */
export class InvitationView extends MemberFields {
  @Expose() readonly expiresAt!: Date
}

export function viewInvitation({ profile, createdAt, expiresAt, ...invitation }: PendingInvitation): InvitationView {
  const { id, email, roles, tenant: organisationId } = invitation
  const moments = { createdAt: new Date(createdAt), expiresAt: new Date(expiresAt) }
  return { id, email, name: String(profile['name']), roles: [...roles], organisationId, ...moments }
}
