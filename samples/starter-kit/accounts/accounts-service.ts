/** Getting in: signing up, logging in, and knowing who calls. */
import { Service } from 'tenon'
import { UnitOfWork } from 'tenon/data'

import type { Caller } from '../access/caller.ts'
import { OrganisationsService } from '../organisations/organisations-service.ts'
import { LoginFailed } from './accounts-errors.ts'
import { Login } from './login.ts'
import { SignUp } from './new-user.ts'
import { Passwords } from './passwords.ts'
import { Tokens, type IssuedToken } from './tokens.ts'
import { UserRepository } from './user-repository.ts'
import { User } from './user.ts'
import { UsersService } from './users-service.ts'

export interface Session extends IssuedToken {
  readonly user: User
}

@Service()
export class AccountsService {
  readonly #users: UsersService
  readonly #repository: UserRepository
  readonly #organisations: OrganisationsService
  readonly #passwords: Passwords
  readonly #tokens: Tokens
  readonly #unitOfWork: UnitOfWork

  constructor(
    users: UsersService,
    repository: UserRepository,
    organisations: OrganisationsService,
    passwords: Passwords,
    tokens: Tokens,
    unitOfWork: UnitOfWork,
  ) {
    this.#users = users
    this.#repository = repository
    this.#organisations = organisations
    this.#passwords = passwords
    this.#tokens = tokens
    this.#unitOfWork = unitOfWork
  }

  /**
   * A new organisation with its first admin.
   * @throws `DESK_ORGANISATION_NAME_TAKEN`, `DESK_EMAIL_TAKEN`
   */
  async signUp({ organisation: name, ...account }: SignUp): Promise<Session> {
    // Hashing takes long, and nobody else can write while a transaction is open on SQLite.
    const passwordHash = await this.#passwords.hash(account.password)
    const user = await this.#unitOfWork.transaction(async () => {
      const organisation = await this.#organisations.found(name)
      return this.#users.insert(organisation.id, { ...account, role: 'admin', passwordHash })
    })
    return this.open(user)
  }

  /** @throws `DESK_LOGIN_FAILED`, the same and after the same time for a wrong password and for no such account. */
  async logIn({ email, password }: Login): Promise<Session> {
    const user = await this.#repository.findByEmail(email)
    const isRight = await this.#passwords.verify(password, user?.passwordHash)
    if (!user || !isRight) throw new LoginFailed()
    return this.open(user)
  }

  /** A session for somebody whose identity is known. */
  open(user: User): Session {
    return { ...this.#tokens.issue(user.id), user }
  }

  async findCaller(userId: string): Promise<Caller | undefined> {
    const user = await this.#repository.findOneBy({ id: userId })
    if (!user) return undefined
    const { id, email, role, organisationId } = user
    return { id, email, role, organisationId }
  }
}
