/** Organisations: founded at sign-up, read by their members. */
import { randomUUID } from 'node:crypto'

import { Clock, Service } from 'tenon'

import { OrganisationRepository } from './organisation-repository.ts'
import { Organisation } from './organisation.ts'
import { OrganisationNameTaken } from './organisations-errors.ts'

@Service()
export class OrganisationsService {
  readonly #organisations: OrganisationRepository
  readonly #clock: Clock

  constructor(organisations: OrganisationRepository, clock: Clock) {
    this.#organisations = organisations
    this.#clock = clock
  }

  /** @throws `DESK_ORGANISATION_NAME_TAKEN` */
  async found(name: string): Promise<Organisation> {
    if (await this.#organisations.existsBy({ name })) throw new OrganisationNameTaken(name)
    return this.#organisations.insert({ id: randomUUID(), name, createdAt: this.#clock.now() })
  }

  /** @throws `DATA_ENTITY_NOT_FOUND` */
  get(id: string): Promise<Organisation> {
    return this.#organisations.findOrFail(id)
  }
}
