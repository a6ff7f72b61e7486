/** Who there is at a desk, and what each may do at all. Of which tickets and comments, their policies say. */

/** Customers ask, agents answer, admins also decide who takes part. */
export const ROLES = ['customer', 'agent', 'admin'] as const
export type Role = (typeof ROLES)[number]

/** What endpoints ask for, and what API keys are limited to. */
export const PERMISSIONS = ['tickets:read', 'tickets:write', 'tickets:work', 'members:manage'] as const
export type Permission = (typeof PERMISSIONS)[number]

/** Each role may what those it includes may. */
export const DESK_ROLES = {
  customer: { permissions: ['tickets:read', 'tickets:write'] },
  agent: { includes: ['customer'], permissions: ['tickets:work'] },
  admin: { includes: ['agent'], permissions: ['members:manage', 'access:explain'] },
} as const
