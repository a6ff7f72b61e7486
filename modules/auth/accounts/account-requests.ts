/** What callers may send; anything else in a body is refused. */
import { IsString, Length, MaxLength } from 'tenon/validation'

import { EmailAddress } from './email.ts'

/** However long passwords may be: more is refused before it costs any work. */
const LONGEST_PASSWORD = 1024
const LONGEST_CODE = 64

export class Credentials {
  @EmailAddress()
  readonly email!: string

  @IsString()
  @Length(1, LONGEST_PASSWORD)
  readonly password!: string
}

export class EmailOnly {
  @EmailAddress()
  readonly email!: string
}

export class CodeOnly {
  @IsString()
  @MaxLength(LONGEST_CODE)
  readonly code!: string
}

export class NewPassword extends CodeOnly {
  @IsString()
  @Length(1, LONGEST_PASSWORD)
  readonly password!: string
}

export class PasswordChange {
  @IsString()
  @Length(1, LONGEST_PASSWORD)
  readonly password!: string

  @IsString()
  @Length(1, LONGEST_PASSWORD)
  readonly newPassword!: string
}

export class EmailChange {
  @IsString()
  @Length(1, LONGEST_PASSWORD)
  readonly password!: string

  @EmailAddress()
  readonly newEmail!: string
}
