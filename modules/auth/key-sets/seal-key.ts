/** Private keys at rest: AES-256-GCM, bound to the row they belong to. */
import { createCipheriv, createDecipheriv, hkdfSync, randomBytes } from 'node:crypto'

import { KeySecretWrong } from './key-sets-errors.ts'

const ALGORITHM = 'aes-256-gcm'
const SEALED = 'v1.'
const IV_BYTES = 12
const TAG_BYTES = 16

/** @param secret - Without one, the text stays as it is. */
export function sealKey(keyId: string, privateKey: string, secret: string | undefined): string {
  if (secret === undefined) return privateKey
  const iv = randomBytes(IV_BYTES)
  const cipher = createCipheriv(ALGORITHM, keyOf(secret), iv).setAAD(boundTo(keyId))
  const sealed = Buffer.concat([cipher.update(privateKey, 'utf8'), cipher.final()])
  return SEALED + Buffer.concat([iv, cipher.getAuthTag(), sealed]).toString('base64url')
}

/** @throws `AUTH_KEY_SECRET_WRONG` */
export function openKey(keyId: string, stored: string, secret: string | undefined): string {
  // Kept before there was a secret.
  if (!stored.startsWith(SEALED)) return stored
  if (secret === undefined) throw new KeySecretWrong(keyId)
  try {
    const bytes = Buffer.from(stored.slice(SEALED.length), 'base64url')
    const decipher = createDecipheriv(ALGORITHM, keyOf(secret), bytes.subarray(0, IV_BYTES), {
      authTagLength: TAG_BYTES,
    })
      .setAAD(boundTo(keyId))
      .setAuthTag(bytes.subarray(IV_BYTES, IV_BYTES + TAG_BYTES))
    return Buffer.concat([decipher.update(bytes.subarray(IV_BYTES + TAG_BYTES)), decipher.final()]).toString('utf8')
  } catch (error) {
    throw new KeySecretWrong(keyId).causedBy(error)
  }
}

/** Another row's key cannot be put in this one's place. */
function boundTo(keyId: string): Buffer {
  return Buffer.from(`auth_signing_keys.privateKey.${keyId}`)
}

function keyOf(secret: string): Buffer {
  return Buffer.from(hkdfSync('sha256', secret, '', 'tenon signing keys', 32))
}
