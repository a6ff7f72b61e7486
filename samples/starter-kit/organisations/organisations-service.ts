/** Organisations are the tenants of the desk: founded at sign-up, read by their members. */
import { Clock, Service } from 'tenon'
import { DuplicateRow } from 'tenon/data'
import { TenantDirectory, TenantExists, Tenants, type TenantRecord } from 'tenon/tenancy'

import { OrganisationNameTaken, OrganisationNameUnusable } from './organisations-errors.ts'

/** As long as the name of a tenant may be. */
const LONGEST_ID = 48

@Service()
export class OrganisationsService {
  readonly #tenants: Tenants
  readonly #directory: TenantDirectory
  readonly #clock: Clock

  constructor(tenants: Tenants, directory: TenantDirectory, clock: Clock) {
    this.#tenants = tenants
    this.#directory = directory
    this.#clock = clock
  }

  /** @throws `DESK_ORGANISATION_NAME_TAKEN`, `DESK_ORGANISATION_NAME_UNUSABLE` */
  async found(name: string): Promise<TenantRecord> {
    try {
      const foundedAt = this.#clock.now().toISOString()
      return await this.#tenants.create({ id: idOf(name), name, settings: { foundedAt } })
    } catch (error) {
      // Of two who found it at the same moment, the database stops one.
      if (error instanceof TenantExists || error instanceof DuplicateRow)
        throw new OrganisationNameTaken(name).causedBy(error)
      throw error
    }
  }

  /** @throws `DESK_ORGANISATION_NAME_TAKEN`, `DESK_ORGANISATION_NAME_UNUSABLE` */
  async requireFree(name: string): Promise<void> {
    if (await this.#directory.find(idOf(name))) throw new OrganisationNameTaken(name)
  }

  get(id: string): Promise<TenantRecord> {
    return this.#tenants.get(id)
  }
}

/** `Lumen Energy` is `lumen-energy`: a name for host names and folders as well. */
function idOf(name: string): string {
  const plain = name.normalize('NFKD').toLowerCase().replaceAll(/\p{M}/gu, '')
  const id = plain
    .replaceAll(/[^a-z0-9]+/g, '-')
    .slice(0, LONGEST_ID)
    .replaceAll(/^-+|-+$/g, '')
  if (id === '') throw new OrganisationNameUnusable(name)
  return id
}
