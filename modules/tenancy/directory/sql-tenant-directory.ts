/** The default directory: a table beside the application's own. */
import { BaseRepository, Repository } from 'tenon/data'
import { Injectable } from 'tenon/decorators'

import { TenantDirectory, type TenantRecord } from './tenant-directory.ts'
import { Tenant } from './tenant.ts'

@Repository(Tenant)
export class TenantRepository extends BaseRepository<Tenant> {}

@Injectable()
export class SqlTenantDirectory extends TenantDirectory {
  readonly #tenants: TenantRepository

  constructor(tenants: TenantRepository) {
    super()
    this.#tenants = tenants
  }

  async find(id: string): Promise<TenantRecord | undefined> {
    return (await this.#tenants.findOneBy({ id })) ?? undefined
  }
}
