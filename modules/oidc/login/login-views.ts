/** What callers send and read. */
import { Doc } from 'tenon'
import { Expose, IsOptional, IsString, MaxLength } from 'tenon/validation'

import type { LinkedIdentity } from './linked-identity.ts'

const LONGEST_TARGET = 1000
/** As long as any password may be. */
const LONGEST_PASSWORD = 1024

export class LinkRequest {
  /** Of the account; left out where it has none. */
  @IsOptional()
  @IsString()
  @MaxLength(LONGEST_PASSWORD)
  readonly password?: string

  @IsOptional()
  @IsString()
  @MaxLength(LONGEST_TARGET)
  readonly returnTo?: string
}

export class UnlinkRequest {
  /** Of the account; left out where it has none. */
  @IsOptional()
  @IsString()
  @MaxLength(LONGEST_PASSWORD)
  readonly password?: string
}

export class IssuerView {
  @Expose() readonly name!: string
  @Expose() readonly title!: string
}

/** Where the page is to lead the browser. */
export class LocationView {
  @Expose() readonly location!: string
}

export class IdentityView {
  @Expose() readonly id!: string
  @Expose() readonly issuer!: string
  @Doc({ nullable: true })
  @Expose()
  @IsString()
  readonly email!: string | null
  @Expose() readonly linkedAt!: Date
  @Expose() readonly lastLoginAt!: Date
}

export function viewIdentity({ id, issuer, email, linkedAt, lastLoginAt }: LinkedIdentity): IdentityView {
  return { id, issuer, email, linkedAt: new Date(linkedAt), lastLoginAt: new Date(lastLoginAt) }
}
