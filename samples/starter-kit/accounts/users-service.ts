/** The members of an organisation. */
import { randomUUID } from 'node:crypto'

import { Clock, Service } from 'tenon'

import type { Caller, Role } from '../access/caller.ts'
import { EmailTaken } from './accounts-errors.ts'
import { NewUser } from './new-user.ts'
import { Passwords } from './passwords.ts'
import { UserRepository } from './user-repository.ts'
import { User } from './user.ts'

export interface Membership {
  readonly email: string
  readonly name: string
  readonly role: Role
  readonly passwordHash: string
}

@Service()
export class UsersService {
  readonly #users: UserRepository
  readonly #passwords: Passwords
  readonly #clock: Clock

  constructor(users: UserRepository, passwords: Passwords, clock: Clock) {
    this.#users = users
    this.#passwords = passwords
    this.#clock = clock
  }

  list({ organisationId }: Caller): Promise<User[]> {
    return this.#users.listMembers(organisationId)
  }

  me({ id }: Caller): Promise<User> {
    return this.#users.findOrFail(id)
  }

  /** A new member of the caller's organisation. @throws `DESK_EMAIL_TAKEN` */
  async add({ organisationId }: Caller, { password, ...account }: NewUser): Promise<User> {
    return this.insert(organisationId, { ...account, passwordHash: await this.#passwords.hash(password) })
  }

  /** @throws `DESK_EMAIL_TAKEN` */
  async insert(organisationId: string, { email, name, role, passwordHash }: Membership): Promise<User> {
    if (await this.#users.existsBy({ email })) throw new EmailTaken(email)
    const createdAt = this.#clock.now()
    return this.#users.insert({ id: randomUUID(), organisationId, email, name, role, passwordHash, createdAt })
  }
}
