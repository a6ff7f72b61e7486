import { AccountRepository, type AccountChanges, type NewAccount } from 'tenon/auth'
import { IsNull, Not, Repository } from 'tenon/data'

import { OrganisationsService } from '../organisations/organisations-service.ts'
import { LastAdmin } from './accounts-errors.ts'
import { User } from './user.ts'

@Repository(User)
export class UserRepository extends AccountRepository<User> {
  readonly #organisations: OrganisationsService

  constructor(organisations: OrganisationsService) {
    super()
    this.#organisations = organisations
  }

  /**
   * Whoever has proved their mailbox founds the organisation they signed up with, in the same transaction.
   * @throws `DESK_ORGANISATION_NAME_TAKEN` when somebody else was faster.
   */
  override async add({ profile: { organisation, ...profile }, ...account }: NewAccount): Promise<User> {
    if (typeof organisation !== 'string') return super.add({ ...account, profile })
    const { id: tenant } = await this.#organisations.found(organisation)
    return super.add({ ...account, tenant, profile })
  }

  /**
   * Whoever accepts the invitation of another organisation leaves their own; not when nobody else could look after it.
   * @throws `DESK_LAST_ADMIN`
   */
  override async change(id: string, changes: AccountChanges): Promise<void> {
    if (changes.tenant !== undefined) await this.#requireAdminAfter(id, changes.tenant)
    await super.change(id, changes)
  }

  findMember(organisationId: string, id: string): Promise<User | null> {
    return this.findOneBy({ tenant: organisationId, id })
  }

  async #requireAdminAfter(id: string, tenant: string | null): Promise<void> {
    const leaving = await this.findById(id)
    if (!leaving?.tenant || leaving.tenant === tenant || !isAdmin(leaving)) return
    const others = await this.findBy({ tenant: leaving.tenant, id: Not(id), disabledAt: IsNull() })
    if (others.length > 0 && !others.some(isAdmin)) throw new LastAdmin()
  }
}

function isAdmin({ roles }: User): boolean {
  return roles.includes('admin')
}
