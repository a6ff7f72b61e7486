import { IsEmail, IsString, MaxLength } from 'tenon/validation'

import { Lowered } from './lowered.ts'
import { LONGEST_PASSWORD } from './passwords.ts'

/** What people send to get in. */
export class Login {
  @Lowered()
  @IsEmail()
  readonly email!: string

  @IsString()
  @MaxLength(LONGEST_PASSWORD)
  readonly password!: string
}
