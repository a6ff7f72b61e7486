import type { TenantRecord } from 'tenon/tenancy'
import { Expose } from 'tenon/validation'

/** What its members read of an organisation. */
export class OrganisationView {
  @Expose() readonly id!: string
  @Expose() readonly name!: string
  @Expose() readonly foundedAt!: Date
}

export function viewOrganisation({ id, name, settings }: TenantRecord): OrganisationView {
  return { id, name, foundedAt: new Date(String(settings['foundedAt'])) }
}
