/** Who belongs to the organisations of the demo. */
import type { Random } from 'tenon/data'

import type { Role } from '../../access/roles.ts'
import type { User } from '../../accounts/user.ts'
import { ORGANISATIONS, PEOPLE } from './demo-texts.ts'

/** All demo accounts have it. */
export const DEMO_PASSWORD = 'service-desk-demo'
/** An admin, who must set up a second factor before anything else. */
export const DEMO_ADMIN_EMAIL = 'ada.marsh@northwind.example'
/** An agent: the login that is printed at start. */
export const DEMO_EMAIL = 'ben.okafor@northwind.example'

const STAFF: readonly Role[] = ['admin', 'agent', 'agent']

/** @param passwordHash - Shared by all: hashing is slow on purpose. */
export function demoUsers(
  organisations: readonly string[],
  random: Random,
  { passwordHash, createdAt }: Pick<User, 'passwordHash' | 'createdAt'>,
): readonly User[] {
  const each = PEOPLE.length / organisations.length
  return PEOPLE.map((name, index) => {
    const place = Math.floor(index / each)
    const { domain } = ORGANISATIONS[place] as (typeof ORGANISATIONS)[number]
    return {
      id: uuid(random),
      tenant: organisations[place] as string,
      email: `${name.toLowerCase().replace(' ', '.')}@${domain}`,
      name,
      roles: [STAFF[index % each] ?? 'customer'],
      passwordHash,
      verifiedAt: createdAt,
      disabledAt: null,
      createdAt,
    }
  })
}

/** Of version 4, as `crypto.randomUUID` makes them. */
function uuid(random: Random): string {
  return [random.hex(8), random.hex(4), `4${random.hex(3)}`, `8${random.hex(3)}`, random.hex(12)].join('-')
}
