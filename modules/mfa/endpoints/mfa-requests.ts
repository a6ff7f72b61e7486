/** What callers may send; anything else in a body is refused. */
import {
  IsArray,
  IsBoolean,
  IsDefined,
  IsIn,
  IsObject,
  IsOptional,
  IsString,
  Length,
  Matches,
  MaxLength,
  Type,
  ValidateNested,
} from 'tenon/validation'

import type { QrFormat } from '../totp/draw-qr-code.ts'

/** Base64url of 48 KiB: more than any authenticator answers, attestations with certificates included. */
const LONGEST_PART = 65_536
/** WebAuthn §5.8.3: 1023 bytes. */
const LONGEST_ID = 1364
const BASE64URL = /^[\w-]*$/
const LONGEST_NAME = 64
const LONGEST_TICKET = 64

class PasskeyAnswer {
  @IsString()
  @MaxLength(LONGEST_ID)
  @Matches(BASE64URL)
  readonly id!: string

  @IsString()
  @MaxLength(LONGEST_ID)
  @Matches(BASE64URL)
  readonly rawId!: string

  @IsIn(['public-key'])
  readonly type!: 'public-key'

  @IsOptional()
  @IsIn(['platform', 'cross-platform'])
  readonly authenticatorAttachment?: 'platform' | 'cross-platform'

  @IsObject()
  readonly clientExtensionResults!: Record<string, unknown>
}

class ProofResponse {
  @IsString()
  @MaxLength(LONGEST_PART)
  @Matches(BASE64URL)
  readonly clientDataJSON!: string

  @IsString()
  @MaxLength(LONGEST_PART)
  @Matches(BASE64URL)
  readonly authenticatorData!: string

  @IsString()
  @MaxLength(LONGEST_PART)
  @Matches(BASE64URL)
  readonly signature!: string

  @IsOptional()
  @IsString()
  @MaxLength(128)
  @Matches(BASE64URL)
  readonly userHandle?: string
}

class CreationResponse {
  @IsString()
  @MaxLength(LONGEST_PART)
  @Matches(BASE64URL)
  readonly clientDataJSON!: string

  @IsString()
  @MaxLength(LONGEST_PART)
  @Matches(BASE64URL)
  readonly attestationObject!: string

  /** These repeat what the attestation holds, for pages; they are not looked at here. */
  @IsOptional()
  @IsString()
  @MaxLength(LONGEST_PART)
  readonly authenticatorData?: string

  @IsOptional()
  @IsString()
  @MaxLength(LONGEST_PART)
  readonly publicKey?: string

  @IsOptional()
  readonly publicKeyAlgorithm?: number

  @IsOptional()
  @IsArray()
  @IsString({ each: true })
  @MaxLength(32, { each: true })
  readonly transports?: string[]
}

/** `PublicKeyCredential.toJSON()` of `navigator.credentials.get()`. */
export class PasskeyProof extends PasskeyAnswer {
  @IsDefined()
  @ValidateNested()
  @Type(() => ProofResponse)
  readonly response!: ProofResponse
}

/** `PublicKeyCredential.toJSON()` of `navigator.credentials.create()`. */
class PasskeyCreation extends PasskeyAnswer {
  @IsDefined()
  @ValidateNested()
  @Type(() => CreationResponse)
  readonly response!: CreationResponse
}

/** Exactly one of the three. */
export class ProofRequest {
  /** Six digits of the authenticator app. */
  @IsOptional()
  @IsString()
  @MaxLength(16)
  readonly code?: string

  @IsOptional()
  @IsString()
  @MaxLength(64)
  readonly recoveryCode?: string

  @IsOptional()
  @ValidateNested()
  @Type(() => PasskeyProof)
  readonly passkey?: PasskeyProof
}

export class TicketOnly {
  @IsString()
  @MaxLength(LONGEST_TICKET)
  readonly ticket!: string
}

export class TokenRequest extends ProofRequest {
  @IsString()
  @MaxLength(LONGEST_TICKET)
  readonly ticket!: string
}

export class LoginRequest extends TokenRequest {
  /** This browser is not asked for the second factor at the next logins. Default: `false`. */
  @IsOptional()
  @IsBoolean()
  readonly rememberDevice?: boolean
}

export class PasskeyLogin {
  @IsDefined()
  @ValidateNested()
  @Type(() => PasskeyProof)
  readonly passkey!: PasskeyProof
}

export class EnrolmentRequest {
  /** A picture of the address as well. Default: none. */
  @IsOptional()
  @IsIn(['svg', 'png'])
  readonly qr?: QrFormat
}

export class CodeRequest {
  @IsString()
  @MaxLength(16)
  readonly code!: string
}

export class NameRequest {
  @IsString()
  @Length(1, LONGEST_NAME)
  readonly name!: string
}

export class NewPasskeyRequest extends NameRequest {
  @IsDefined()
  @ValidateNested()
  @Type(() => PasskeyCreation)
  readonly passkey!: PasskeyCreation
}
