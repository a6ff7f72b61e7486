/** A token request (RFC 6749 §4.4.2, RFC 8693 §2.1) and its answer, in the words of the RFCs. */
import { Expose, IsOptional, IsString, MaxLength } from 'tenon/validation'

const LONGEST_TOKEN = 8192

export class GrantRequest {
  @IsString()
  @MaxLength(255)
  readonly grant_type!: string

  @IsOptional()
  @IsString()
  @MaxLength(64)
  readonly client_id?: string

  @IsOptional()
  @IsString()
  @MaxLength(128)
  readonly client_secret?: string

  @IsOptional()
  @IsString()
  @MaxLength(1024)
  readonly scope?: string

  @IsOptional()
  @IsString()
  @MaxLength(255)
  readonly audience?: string

  @IsOptional()
  @IsString()
  @MaxLength(LONGEST_TOKEN)
  readonly subject_token?: string

  @IsOptional()
  @IsString()
  @MaxLength(255)
  readonly subject_token_type?: string

  @IsOptional()
  @IsString()
  @MaxLength(255)
  readonly requested_token_type?: string

  @IsOptional()
  @IsString()
  @MaxLength(LONGEST_TOKEN)
  readonly actor_token?: string
}

export class GrantAnswer {
  @Expose() readonly access_token!: string
  @Expose() readonly token_type!: string
  @Expose() readonly expires_in!: number
  @Expose() @IsOptional() readonly scope?: string
  @Expose() @IsOptional() readonly issued_token_type?: string
}
