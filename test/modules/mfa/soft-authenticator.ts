/**
 * An authenticator and the browser around it, made of node:crypto: it answers as real ones do, unless it is told to lie.
 * Written from the specification (WebAuthn Level 3 §6), not from the library that it tests.
 */
import { createHash, generateKeyPairSync, randomBytes, sign, type KeyObject } from 'node:crypto'

import { encodeCbor, type Cbor } from './cbor.ts'

export type KeyKind = 'ES256' | 'EdDSA' | 'ML-DSA-44'

/** What it may lie about. */
export interface Lies {
  readonly origin?: string
  readonly rpId?: string
  readonly challenge?: string
  readonly type?: string
  readonly counter?: number
  readonly isPresent?: boolean
  readonly isVerified?: boolean
  readonly userHandle?: string | undefined
  readonly credentialId?: Buffer
  /** Signs with another key. */
  readonly key?: KeyObject
  /** Changes the signature. */
  readonly tampers?: boolean
  readonly crossOrigin?: boolean
  readonly topOrigin?: string
}

export interface CreationOptions {
  readonly challenge: string
  readonly rp: { readonly id: string }
  readonly user: { readonly id: string }
  readonly pubKeyCredParams: readonly { readonly alg: number }[]
}

export interface RequestOptions {
  readonly challenge: string
  readonly rpId: string
  readonly allowCredentials?: readonly { readonly id: string }[]
}

const ALGORITHMS: Readonly<Record<KeyKind, number>> = { ES256: -7, EdDSA: -8, 'ML-DSA-44': -48 }

export class SoftAuthenticator {
  readonly id = randomBytes(32)
  readonly kind: KeyKind
  readonly #privateKey: KeyObject
  readonly #publicKey: KeyObject
  readonly #origin: string
  readonly #isBackedUp: boolean
  counter = 0
  #userHandle = ''

  constructor(origin: string, { kind = 'ES256', isBackedUp = false }: { kind?: KeyKind; isBackedUp?: boolean } = {}) {
    const { privateKey, publicKey } = keyPair(kind)
    this.kind = kind
    this.#privateKey = privateKey
    this.#publicKey = publicKey
    this.#origin = origin
    this.#isBackedUp = isBackedUp
  }

  /** `navigator.credentials.create()` */
  create(options: CreationOptions, lies: Lies = {}): object {
    if (!options.pubKeyCredParams.some(({ alg }) => alg === ALGORITHMS[this.kind])) throw new Error('Not asked for.')
    this.#userHandle = options.user.id
    this.counter += 1
    const credentialId = lies.credentialId ?? this.id
    const attested = Buffer.concat([
      Buffer.alloc(16),
      Buffer.from([credentialId.length >> 8, credentialId.length & 0xff]),
      credentialId,
      encodeCbor(this.#coseKey),
    ])
    const authData = this.#authenticatorData(options.rp.id, lies, attested)
    const attestation = new Map<string, Cbor>([
      ['fmt', 'none'],
      ['attStmt', new Map()],
      ['authData', authData],
    ])
    return {
      ...envelope(credentialId),
      response: {
        clientDataJSON: this.#clientData('webauthn.create', options.challenge, lies),
        attestationObject: encodeCbor(attestation).toString('base64url'),
        transports: ['internal'],
      },
    }
  }

  /** `navigator.credentials.get()` */
  get(options: RequestOptions, lies: Lies = {}): object {
    this.counter += 1
    const authData = this.#authenticatorData(options.rpId, lies)
    const clientDataJSON = this.#clientData('webauthn.get', options.challenge, lies)
    const clientHash = createHash('sha256').update(Buffer.from(clientDataJSON, 'base64url')).digest()
    const signature = this.#sign(Buffer.concat([authData, clientHash]), lies.key ?? this.#privateKey)
    if (lies.tampers) signature[signature.length - 1]! ^= 1
    const userHandle = 'userHandle' in lies ? lies.userHandle : this.#userHandle
    return {
      ...envelope(lies.credentialId ?? this.id),
      response: {
        clientDataJSON,
        authenticatorData: authData.toString('base64url'),
        signature: signature.toString('base64url'),
        ...(userHandle !== undefined && { userHandle }),
      },
    }
  }

  #sign(data: Buffer, key: KeyObject): Buffer {
    return sign(this.kind === 'ES256' ? 'sha256' : null, data, key)
  }

  #clientData(type: string, challenge: string, lies: Lies): string {
    const { origin = this.#origin, crossOrigin = false, topOrigin } = lies
    const data = {
      type: lies.type ?? type,
      challenge: lies.challenge ?? challenge,
      origin,
      crossOrigin,
      ...(topOrigin !== undefined && { topOrigin }),
    }
    return Buffer.from(JSON.stringify(data)).toString('base64url')
  }

  /** WebAuthn §6.1 */
  #authenticatorData(rpId: string, lies: Lies, attested?: Buffer): Buffer {
    const { isPresent = true, isVerified = true, counter = this.counter } = lies
    const flags =
      (isPresent ? 0x01 : 0) |
      (isVerified ? 0x04 : 0) |
      (this.#isBackedUp ? 0x18 : 0) |
      (attested === undefined ? 0 : 0x40)
    const count = Buffer.alloc(4)
    count.writeUInt32BE(counter)
    const rpIdHash = createHash('sha256')
      .update(lies.rpId ?? rpId)
      .digest()
    return Buffer.concat([rpIdHash, Buffer.from([flags]), count, attested ?? Buffer.alloc(0)])
  }

  /** RFC 9053 §7; for ML-DSA RFC 9964. */
  get #coseKey(): ReadonlyMap<number, Cbor> {
    const alg: [number, Cbor] = [3, ALGORITHMS[this.kind]]
    if (this.kind === 'ML-DSA-44') {
      // The last 1312 bytes of the SPKI are the key itself (FIPS 204, table 2).
      const raw = this.#publicKey.export({ format: 'der', type: 'spki' }).subarray(-1312)
      return new Map<number, Cbor>([[1, 7], alg, [-1, Buffer.from(raw)]])
    }
    const { x = '', y = '' } = this.#publicKey.export({ format: 'jwk' }) as { x?: string; y?: string }
    const point = (text: string): Buffer => Buffer.from(text, 'base64url')
    return this.kind === 'EdDSA'
      ? new Map<number, Cbor>([[1, 1], alg, [-1, 6], [-2, point(x)]])
      : new Map<number, Cbor>([[1, 2], alg, [-1, 1], [-2, point(x)], [-3, point(y)]])
  }
}

export function keyPair(kind: KeyKind): { readonly privateKey: KeyObject; readonly publicKey: KeyObject } {
  if (kind === 'EdDSA') return generateKeyPairSync('ed25519')
  if (kind === 'ML-DSA-44') return generateKeyPairSync('ml-dsa-44')
  return generateKeyPairSync('ec', { namedCurve: 'P-256' })
}

function envelope(credentialId: Buffer): object {
  const id = credentialId.toString('base64url')
  return { id, rawId: id, type: 'public-key', clientExtensionResults: {} }
}
