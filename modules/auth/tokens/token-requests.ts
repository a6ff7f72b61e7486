/** What callers send to have tokens renewed or revoked, and what they get. */
import { Expose, IsIn, IsOptional, IsString, MaxLength } from 'tenon/validation'

export class RefreshRequest {
  @IsString()
  @MaxLength(256)
  readonly refreshToken!: string

  /** Default: that of the login. */
  @IsOptional()
  @IsString()
  @MaxLength(255)
  readonly audience?: string
}

/** RFC 7009 §2.1. */
export class RevokeRequest {
  /** A refresh token, which ends its login, or an access token, which ends alone. */
  @IsString()
  @MaxLength(8192)
  readonly token!: string
}

export class IssuedTokensView {
  @Expose() readonly accessToken!: string
  @Expose() @IsIn(['Bearer', 'DPoP']) readonly tokenType!: string
  @Expose() readonly expiresInSeconds!: number
  @Expose() readonly refreshToken!: string
  @Expose() readonly refreshExpiresInSeconds!: number
  @Expose() readonly familyId!: string
}
