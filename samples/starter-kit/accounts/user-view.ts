import { Expose } from 'tenon/validation'

import { MemberFields } from './member-fields.ts'
import type { User } from './user.ts'

export const MEMBER_STATES = ['active', 'disabled'] as const
export type MemberState = (typeof MEMBER_STATES)[number]

/** An account as its owner and the admins read it. */
export class UserView extends MemberFields {
  @Expose() readonly state!: string
}

export function viewUser(user: User): UserView {
  const { id, email, name, roles, tenant, createdAt } = user
  return { id, email, name, roles, organisationId: tenant, state: stateOf(user), createdAt: new Date(createdAt) }
}

/** Somebody as the others in the organisation read them. */
export class PersonView {
  @Expose() readonly id!: string
  @Expose() readonly name!: string
}

function stateOf({ disabledAt }: User): MemberState {
  return disabledAt === null ? 'active' : 'disabled'
}
