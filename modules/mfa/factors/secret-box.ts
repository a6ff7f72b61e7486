/** Encrypts what must be read again, and signs what comes back: with keys that are in the environment, not in the database. */
import { createCipheriv, createDecipheriv, createHmac, hkdfSync, randomBytes, timingSafeEqual } from 'node:crypto'

import { Injectable } from 'tenon/decorators'

import { MfaConfig } from '../mfa-config.ts'
import { MfaSecretUnreadable } from '../mfa-errors.ts'

const ALGORITHM = 'aes-256-gcm'
const IV_BYTES = 12
const TAG_BYTES = 16
const NAME_DIGITS = 8

interface NamedKey {
  /** Tells keys apart, and nothing of them. */
  readonly name: string
  readonly encryption: Buffer
  readonly signature: Buffer
}

@Injectable()
export class SecretBox {
  readonly #current: NamedKey
  readonly #all: readonly NamedKey[]

  constructor({ secretKey, formerSecretKeys = [] }: MfaConfig) {
    this.#current = namedKey(secretKey)
    this.#all = [this.#current, ...formerSecretKeys.map(namedKey)]
  }

  /** @param boundTo - The row: what is sealed for one cannot be put into another. */
  seal(text: string, boundTo: string): string {
    const { name, encryption } = this.#current
    const iv = randomBytes(IV_BYTES)
    const cipher = createCipheriv(ALGORITHM, encryption, iv).setAAD(Buffer.from(boundTo))
    const sealed = Buffer.concat([cipher.update(text, 'utf8'), cipher.final()])
    return `v1.${name}.${Buffer.concat([iv, cipher.getAuthTag(), sealed]).toString('base64url')}`
  }

  /** @throws `MFA_SECRET_UNREADABLE` */
  open(stored: string, boundTo: string): string {
    const [, name, data = ''] = stored.split('.')
    const key = this.#all.find((each) => each.name === name)
    if (!key) throw new MfaSecretUnreadable()
    try {
      const bytes = Buffer.from(data, 'base64url')
      const decipher = createDecipheriv(ALGORITHM, key.encryption, bytes.subarray(0, IV_BYTES), {
        authTagLength: TAG_BYTES,
      })
        .setAAD(Buffer.from(boundTo))
        .setAuthTag(bytes.subarray(IV_BYTES, IV_BYTES + TAG_BYTES))
      const opened = Buffer.concat([decipher.update(bytes.subarray(IV_BYTES + TAG_BYTES)), decipher.final()])
      return opened.toString('utf8')
    } catch (error) {
      throw new MfaSecretUnreadable().causedBy(error)
    }
  }

  sign(text: string): string {
    return signatureOf(text, this.#current).toString('base64url')
  }

  isSigned(text: string, signature: string): boolean {
    const given = Buffer.from(signature, 'base64url')
    return this.#all.some((key) => {
      const expected = signatureOf(text, key)
      return given.length === expected.length && timingSafeEqual(given, expected)
    })
  }
}

function namedKey(secret: string): NamedKey {
  const derive = (purpose: string): Buffer => Buffer.from(hkdfSync('sha256', secret, '', `tenon mfa ${purpose}`, 32))
  return {
    name: derive('name').toString('hex').slice(0, NAME_DIGITS),
    encryption: derive('encryption'),
    signature: derive('signature'),
  }
}

function signatureOf(text: string, { signature }: NamedKey): Buffer {
  return createHmac('sha256', signature).update(text).digest()
}
