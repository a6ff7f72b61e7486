import { Controller, CurrentTenant, Get, Returns } from 'tenon'
import { Authenticated } from 'tenon/auth'
import { TenantScoped } from 'tenon/tenancy'

import { OrganisationView, viewOrganisation } from './organisation-view.ts'
import { OrganisationsService } from './organisations-service.ts'

@Controller({ path: '/api/organisation', tags: ['Organisation'] })
@TenantScoped()
export class OrganisationsController {
  readonly #organisations: OrganisationsService

  constructor(organisations: OrganisationsService) {
    this.#organisations = organisations
  }

  /** The caller's own; there is no way to name another. */
  @Get()
  @Authenticated()
  @Returns(OrganisationView)
  async mine(@CurrentTenant() tenant: string): Promise<OrganisationView> {
    return viewOrganisation(await this.#organisations.get(tenant))
  }
}
