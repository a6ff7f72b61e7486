import { Expose } from 'tenon/validation'

/** What its members read of an organisation. */
export class OrganisationView {
  @Expose() readonly id!: string
  @Expose() readonly name!: string
  @Expose() readonly createdAt!: Date
}
