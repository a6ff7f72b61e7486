/** New keys, and keys out of their JWK. */
import {
  createPrivateKey,
  createPublicKey,
  generateKeyPair,
  type JsonWebKey,
  type KeyObject,
  type KeyPairKeyObjectResult,
} from 'node:crypto'
import { promisify } from 'node:util'

import { loadJose } from './jose.ts'
import type { SigningAlgorithm } from './signing-key.ts'

type AsymmetricAlgorithm = Exclude<SigningAlgorithm, 'HS256'>

export interface KeyMaterial {
  /** RFC 7638 thumbprint. */
  readonly id: string
  readonly algorithm: AsymmetricAlgorithm
  readonly privateKey: KeyObject
  readonly publicKey: KeyObject
  /** With `kid`, `alg` and `use`, as RFC 7517 §4 has them. */
  readonly publicJwk: JsonWebKey
}

const generate = promisify(generateKeyPair) as (type: string, options?: object) => Promise<KeyPairKeyObjectResult>

const PAIRS: Readonly<Record<AsymmetricAlgorithm, () => Promise<KeyPairKeyObjectResult>>> = {
  EdDSA: () => generate('ed25519'),
  ES256: () => generate('ec', { namedCurve: 'P-256' }),
  RS256: () => generate('rsa', { modulusLength: 3072 }),
  'ML-DSA-65': () => generate('ml-dsa-65'),
}

export async function makeKey(algorithm: AsymmetricAlgorithm): Promise<KeyMaterial> {
  const { privateKey } = await PAIRS[algorithm]()
  return describeKey(privateKey, algorithm)
}

/** @throws TypeError what Node says of a JWK that is none, or is public. */
export async function readKey(jwk: JsonWebKey, algorithm: SigningAlgorithm): Promise<KeyMaterial> {
  if (algorithm === 'HS256') throw new TypeError('a shared secret belongs into AUTH_SHARED_SECRET')
  return describeKey(createPrivateKey({ key: jwk, format: 'jwk' }), algorithm)
}

async function describeKey(privateKey: KeyObject, algorithm: AsymmetricAlgorithm): Promise<KeyMaterial> {
  if (algorithmOf(privateKey) !== algorithm) throw new TypeError(`it is no key for ${algorithm}`)
  const publicKey = createPublicKey(privateKey)
  const jwk = publicKey.export({ format: 'jwk' })
  const { calculateJwkThumbprint } = await loadJose()
  const id = await calculateJwkThumbprint(jwk)
  return { id, algorithm, privateKey, publicKey, publicJwk: { ...jwk, kid: id, alg: algorithm, use: 'sig' } }
}

/** A 1024-bit RSA key, or a curve we do not know, is none of ours. */
function algorithmOf({ asymmetricKeyType, asymmetricKeyDetails }: KeyObject): AsymmetricAlgorithm | undefined {
  if (asymmetricKeyType === 'ed25519') return 'EdDSA'
  if (asymmetricKeyType === 'ec') return asymmetricKeyDetails?.namedCurve === 'prime256v1' ? 'ES256' : undefined
  if (asymmetricKeyType === 'rsa') return (asymmetricKeyDetails?.modulusLength ?? 0) >= 2048 ? 'RS256' : undefined
  return (asymmetricKeyType as string) === 'ml-dsa-65' ? 'ML-DSA-65' : undefined
}
