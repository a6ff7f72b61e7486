/** The members of an organisation. */
import { Service } from 'tenon'
import { Access } from 'tenon/access'
import { AccountAdministration, SignOuts } from 'tenon/auth'

import type { Role } from '../access/roles.ts'
import { UserRepository } from './user-repository.ts'
import { User } from './user.ts'

@Service()
export class MembersService {
  readonly #users: UserRepository
  readonly #administration: AccountAdministration
  readonly #signOuts: SignOuts
  readonly #access: Access

  constructor(users: UserRepository, administration: AccountAdministration, signOuts: SignOuts, access: Access) {
    this.#users = users
    this.#administration = administration
    this.#signOuts = signOuts
    this.#access = access
  }

  get(id: string): Promise<User> {
    return this.#users.findOrFail(id)
  }

  list(): Promise<User[]> {
    return this.#users.find({ where: this.#access.visible(User, 'read'), order: { name: 'ASC', id: 'ASC' } })
  }

  async changeRole(id: string, role: Role): Promise<User> {
    await this.#administration.setRoles(id, [role])
    await this.#signOuts.everywhere(id)
    return this.get(id)
  }

  async disable(id: string): Promise<void> {
    await this.#administration.disable(id)
  }
}
