/** Accounts to be made: by signing up, and by an admin for others. */
import { IsEmail, IsIn, Length } from 'tenon/validation'

import { ROLES, type Role } from '../access/caller.ts'
import { Lowered } from './lowered.ts'
import { LONGEST_PASSWORD, SHORTEST_PASSWORD } from './passwords.ts'

class Account {
  @Lowered()
  @IsEmail()
  readonly email!: string

  @Length(SHORTEST_PASSWORD, LONGEST_PASSWORD)
  readonly password!: string

  @Length(1, 80)
  readonly name!: string
}

/** Founds an organisation; whoever signs up is its first admin. */
export class SignUp extends Account {
  @Length(2, 80)
  readonly organisation!: string
}

export class NewUser extends Account {
  @IsIn(ROLES)
  readonly role!: Role
}
