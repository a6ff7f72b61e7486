import { Expose } from 'tenon/validation'

/** An account as its owner and the admins read it. */
export class UserView {
  @Expose() readonly id!: string
  @Expose() readonly email!: string
  @Expose() readonly name!: string
  @Expose() readonly role!: string
  @Expose() readonly organisationId!: string
  @Expose() readonly createdAt!: Date
}

/** Somebody as the others in the organisation read them. */
export class PersonView {
  @Expose() readonly id!: string
  @Expose() readonly name!: string
}
