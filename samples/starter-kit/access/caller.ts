/** Who calls, as this application knows them: the framework's principal with a role in an organisation. */
import type { Principal } from 'tenon'

/** Customers ask, agents answer, admins also decide who takes part. */
export const ROLES = ['customer', 'agent', 'admin'] as const
export type Role = (typeof ROLES)[number]

export interface Caller extends Principal {
  readonly email: string
  readonly role: Role
  readonly organisationId: string
}
