/** Looks users up for `tenon access why --user ada.marsh@northwind.example`. */
import { Service, type Principal } from 'tenon'
import { CallerDirectory } from 'tenon/access'
import { KnownPrincipals } from 'tenon/auth'

import { UserRepository } from './user-repository.ts'

@Service()
export class DeskCallers extends CallerDirectory {
  readonly #users: UserRepository
  readonly #principals: KnownPrincipals

  constructor(users: UserRepository, principals: KnownPrincipals) {
    super()
    this.#users = users
    this.#principals = principals
  }

  /** @param user - The e-mail address or the id. */
  async find(user: string): Promise<Principal | undefined> {
    const account = (await this.#users.findByEmail(user)) ?? (await this.#users.findById(user))
    return account && this.#principals.current({ id: account.id })
  }
}
