/** The organisations of the demo, and who belongs to them. */
import { Organisation } from '../../organisations/organisation.ts'
import { User } from '../../accounts/user.ts'
import type { Role } from '../../access/caller.ts'
import { ORGANISATIONS, PEOPLE } from './demo-texts.ts'
import type { Dice } from './dice.ts'

/** All demo accounts have it. */
export const DEMO_PASSWORD = 'service-desk-demo'
/** Whose login is printed at start. */
export const DEMO_EMAIL = 'ben.okafor@northwind.example'

const STAFF: readonly Role[] = ['admin', 'agent', 'agent']

export function demoOrganisations(dice: Dice, createdAt: Date): readonly Organisation[] {
  return ORGANISATIONS.map(({ name }) => ({ id: dice.uuid(), name, createdAt }))
}

/** @param passwordHash - Shared by all: hashing is slow on purpose. */
export function demoUsers(organisations: readonly Organisation[], dice: Dice, passwordHash: string): readonly User[] {
  const each = PEOPLE.length / organisations.length
  return PEOPLE.map((name, index) => {
    const place = Math.floor(index / each)
    const { id: organisationId, createdAt } = organisations[place] as Organisation
    const { domain } = ORGANISATIONS[place] as (typeof ORGANISATIONS)[number]
    const email = `${name.toLowerCase().replace(' ', '.')}@${domain}`
    const role = STAFF[index % each] ?? 'customer'
    return { id: dice.uuid(), organisationId, email, name, role, passwordHash, createdAt }
  })
}
