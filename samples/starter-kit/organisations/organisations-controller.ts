import { Controller, CurrentUser, Get, Returns } from 'tenon'

import type { Caller } from '../access/caller.ts'
import { EVERYONE, Roles } from '../access/roles.ts'
import { OrganisationView } from './organisation-view.ts'
import { Organisation } from './organisation.ts'
import { OrganisationsService } from './organisations-service.ts'

@Controller('/api/organisation')
export class OrganisationsController {
  readonly #organisations: OrganisationsService

  constructor(organisations: OrganisationsService) {
    this.#organisations = organisations
  }

  /** The caller's own; there is no way to name another. */
  @Get()
  @Roles(...EVERYONE)
  @Returns(OrganisationView)
  mine(@CurrentUser() caller: Caller): Promise<Organisation> {
    return this.#organisations.get(caller.organisationId)
  }
}
