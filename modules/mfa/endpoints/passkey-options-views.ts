/** Options for passkeys, as browsers parse them (WebAuthn §5.1.9 and §5.1.10). */
import { Doc } from 'tenon'
import { Expose, IsString, Type } from 'tenon/validation'

class RelyingPartyView {
  @Expose() readonly id?: string
  @Expose() readonly name!: string
}

class PasskeyUserView {
  @Expose() readonly id!: string
  @Expose() readonly name!: string
  @Expose() readonly displayName!: string
}

class AlgorithmView {
  /** A number of IANA's COSE registry: -48 is ML-DSA-44. */
  @Expose() readonly alg!: number
  @Expose() readonly type!: string
}

class CredentialView {
  @Expose() readonly id!: string
  @Expose() readonly type!: string
  @Expose() @IsString({ each: true }) @Doc({ optional: true }) readonly transports?: string[]
}

class AuthenticatorSelectionView {
  @Expose() readonly residentKey?: string
  @Expose() readonly requireResidentKey?: boolean
  @Expose() readonly userVerification?: string
}

class ExtensionsView {
  @Expose() readonly credProps?: boolean
}

/** For `PublicKeyCredential.parseCreationOptionsFromJSON()`. */
export class CreationOptionsView {
  @Expose() readonly challenge!: string
  @Expose() @Type(() => RelyingPartyView) readonly rp!: RelyingPartyView
  @Expose() @Type(() => PasskeyUserView) readonly user!: PasskeyUserView
  @Expose() @Type(() => AlgorithmView) readonly pubKeyCredParams!: AlgorithmView[]
  @Expose() readonly timeout?: number
  @Expose() readonly attestation?: string
  @Expose() @Type(() => CredentialView) readonly excludeCredentials?: CredentialView[]
  @Expose() @Type(() => AuthenticatorSelectionView) readonly authenticatorSelection?: AuthenticatorSelectionView
  @Expose() @Type(() => ExtensionsView) readonly extensions?: ExtensionsView
}

/** For `PublicKeyCredential.parseRequestOptionsFromJSON()`. */
export class RequestOptionsView {
  @Expose() readonly challenge!: string
  @Expose() readonly rpId?: string
  @Expose() readonly timeout?: number
  @Expose() readonly userVerification?: string
  /** Empty: the person chooses among those of the browser. */
  @Expose() @Type(() => CredentialView) readonly allowCredentials?: CredentialView[]
}
