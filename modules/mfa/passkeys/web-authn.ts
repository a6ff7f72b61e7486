/** WebAuthn answers, verified. The one file that knows @simplewebauthn/server. */
import type {
  AuthenticationResponseJSON,
  PublicKeyCredentialCreationOptionsJSON,
  PublicKeyCredentialRequestOptionsJSON,
  RegistrationResponseJSON,
  VerifiedAuthenticationResponse,
} from '@simplewebauthn/server'
import { Injectable } from 'tenon/decorators'

import { loadPackage } from '../load-package.ts'
import { MfaConfig } from '../mfa-config.ts'
import type { Passkey } from './passkey-row.ts'
import { RelyingParty } from './relying-party.ts'

type Library = typeof import('@simplewebauthn/server')

export type CreationOptions = PublicKeyCredentialCreationOptionsJSON
export type RequestOptions = PublicKeyCredentialRequestOptionsJSON
export type CreationAnswer = RegistrationResponseJSON
export type RequestAnswer = AuthenticationResponseJSON

/** What a page of a browser says that it has signed for. */
export interface ClientData {
  readonly challenge: string
  readonly origin: string
}

export type NewPasskey = Pick<Passkey, 'credentialId' | 'publicKey' | 'counter' | 'method' | 'transports' | 'aaguid'>

/** An answer whose signature holds. */
export interface SignedAnswer {
  readonly counter: number
  readonly method: Passkey['method']
}

/** How people are told of a passkey by their authenticator. */
export interface PasskeyOwner {
  readonly id: string
  readonly email: string
}

@Injectable()
export class WebAuthn {
  readonly #config: MfaConfig
  readonly #party: RelyingParty

  constructor(config: MfaConfig, party: RelyingParty) {
    this.#config = config
    this.#party = party
  }

  /**
   * What `navigator.credentials.create()` takes. The algorithms are those of the library: ML-DSA-44 first where the
   * runtime can verify it, then EdDSA, ES256 and RS256.
   */
  async creationOptions(
    { id, email }: PasskeyOwner,
    challenge: string,
    known: readonly Passkey[],
  ): Promise<CreationOptions> {
    const { generateRegistrationOptions } = await load()
    return generateRegistrationOptions({
      rpID: this.#party.id,
      rpName: this.#party.name,
      userName: email,
      userDisplayName: email,
      userID: new TextEncoder().encode(id),
      challenge: bytesOf(challenge),
      timeout: this.#timeoutMs,
      attestationType: 'none',
      excludeCredentials: known.map(descriptorOf),
      authenticatorSelection: { residentKey: 'required', userVerification: this.#config.userVerification },
    })
  }

  /** What `navigator.credentials.get()` takes. @param known - Empty: the person chooses among those of the browser. */
  async requestOptions(challenge: string, known: readonly Passkey[]): Promise<RequestOptions> {
    const { generateAuthenticationOptions } = await load()
    return generateAuthenticationOptions({
      rpID: this.#party.id,
      challenge: bytesOf(challenge),
      timeout: this.#timeoutMs,
      userVerification: known.length === 0 ? 'required' : this.#config.userVerification,
      allowCredentials: known.map(descriptorOf),
    })
  }

  /** @throws the library's error, whose message holds parts of the answer: it must not be shown or logged. */
  async verifyCreation(answer: CreationAnswer, { challenge, origin }: ClientData): Promise<NewPasskey | undefined> {
    const { verifyRegistrationResponse } = await load()
    const { registrationInfo } = await verifyRegistrationResponse({
      response: answer,
      expectedChallenge: challenge,
      expectedOrigin: this.#party.originsFor(origin),
      expectedRPID: this.#party.id,
      requireUserVerification: this.#config.userVerification === 'required',
    })
    if (!registrationInfo) return undefined
    const { credential, credentialDeviceType, aaguid } = registrationInfo
    return {
      credentialId: credential.id,
      publicKey: Buffer.from(credential.publicKey).toString('base64url'),
      counter: credential.counter,
      method: methodOf(credentialDeviceType),
      transports: JSON.stringify(credential.transports ?? []),
      aaguid,
    }
  }

  /** @throws the library's error, as `verifyCreation` does. */
  async verifyRequest(
    answer: RequestAnswer,
    { challenge, origin }: ClientData,
    passkey: Passkey,
    isOnlyProof: boolean,
  ): Promise<SignedAnswer | undefined> {
    const { verifyAuthenticationResponse } = await load()
    const { verified, authenticationInfo } = await verifyAuthenticationResponse({
      response: answer,
      expectedChallenge: challenge,
      expectedOrigin: this.#party.originsFor(origin),
      expectedRPID: this.#party.id,
      requireUserVerification: isOnlyProof || this.#config.userVerification === 'required',
      // The count is compared after the signature, by who keeps it: before that, anybody could make one up.
      credential: { id: passkey.credentialId, publicKey: bytesOf(passkey.publicKey), counter: 0 },
    })
    if (!verified) return undefined
    return { counter: authenticationInfo.newCounter, method: methodOf(authenticationInfo.credentialDeviceType) }
  }

  get #timeoutMs(): number {
    return this.#config.challengeSeconds * 1000
  }
}

/** What the page says, unverified; `undefined` for what no page of ours sends, such as one inside a page of another site. */
export function readClientData(clientDataJSON: string): ClientData | undefined {
  try {
    const text = Buffer.from(clientDataJSON, 'base64url').toString('utf8')
    const { challenge, origin, crossOrigin } = JSON.parse(text) as Readonly<Record<string, unknown>>
    if (typeof challenge !== 'string' || typeof origin !== 'string' || crossOrigin === true) return undefined
    return { challenge, origin }
  } catch {
    return undefined
  }
}

async function load(): Promise<Library> {
  const name = '@simplewebauthn/server'
  return (await loadPackage({ name, version: '14.0.3', feature: 'Passkeys' })) as Library
}

function methodOf(
  deviceType: VerifiedAuthenticationResponse['authenticationInfo']['credentialDeviceType'],
): Passkey['method'] {
  return deviceType === 'singleDevice' ? 'hwk' : 'swk'
}

function descriptorOf({ credentialId, transports }: Passkey): { readonly id: string; readonly transports: string[] } {
  return { id: credentialId, transports: JSON.parse(transports) as string[] }
}

function bytesOf(base64url: string): Uint8Array<ArrayBuffer> {
  return new Uint8Array(Buffer.from(base64url, 'base64url'))
}
