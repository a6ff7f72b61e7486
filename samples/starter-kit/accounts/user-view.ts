import { Doc } from 'tenon'
import { Expose, IsString } from 'tenon/validation'

import type { User } from './user.ts'

export const MEMBER_STATES = ['active', 'disabled'] as const
export type MemberState = (typeof MEMBER_STATES)[number]

/** An account as its owner and the admins read it. */
export class UserView {
  @Expose() readonly id!: string
  @Expose() readonly email!: string
  @Expose() readonly name!: string
  @Expose() @IsString({ each: true }) readonly roles!: string[]
  @Doc({ nullable: true })
  @Expose()
  @IsString()
  readonly organisationId!: string | null
  @Expose() readonly state!: string
  @Expose() readonly createdAt!: Date
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
