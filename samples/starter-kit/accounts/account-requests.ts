/** What people send to take part. */
import { Credentials, EmailAddress } from 'tenon/auth'
import { IsIn, Length } from 'tenon/validation'

import { ROLES, type Role } from '../access/roles.ts'

/** Founds an organisation; whoever signs up is its first admin. */
export class DeskSignUp extends Credentials {
  @Length(1, 80)
  readonly name!: string

  @Length(2, 80)
  readonly organisation!: string
}

/** For somebody who accepts by the link in a mail; whoever has an account keeps their own name. */
export class Invitation {
  @EmailAddress()
  readonly email!: string

  @Length(1, 80)
  readonly name!: string

  @IsIn(ROLES)
  readonly role!: Role
}

export class RoleChange {
  @IsIn(ROLES)
  readonly role!: Role
}
