/** Tokens as an attacker would make them: any header, any claims, any signature. */
import { createHmac, sign, type KeyObject } from 'node:crypto'

import { AccessTokens, KeySet } from 'tenon/auth'
import type { TestApp } from 'tenon/testing'

type Json = Readonly<Record<string, unknown>>

export type Signer = (input: string) => Buffer

export function encode(value: Json | string): string {
  return Buffer.from(typeof value === 'string' ? value : JSON.stringify(value)).toString('base64url')
}

export function decode(token: string, part: 0 | 1): Json {
  return JSON.parse(Buffer.from(token.split('.')[part]!, 'base64url').toString()) as Json
}

export function jwt(header: Json | string, claims: Json | string, signer: Signer): string {
  const input = `${encode(header)}.${encode(claims)}`
  return `${input}.${signer(input).toString('base64url')}`
}

export function hmac(secret: string | Buffer, algorithm = 'sha256'): Signer {
  return (input) => createHmac(algorithm, secret).update(input).digest()
}

export function ed25519(key: KeyObject): Signer {
  return (input) => sign(null, Buffer.from(input), key)
}

export function es256(key: KeyObject): Signer {
  return (input) => sign('sha256', Buffer.from(input), { key, dsaEncoding: 'ieee-p1363' })
}

/** Whatever the application's own key signs with: what holds but for one thing. */
export class Forgery {
  readonly app: TestApp
  readonly token: string
  readonly header: Json
  readonly claims: Json

  constructor(app: TestApp, token: string) {
    this.app = app
    this.token = token
    this.header = decode(token, 0)
    this.claims = decode(token, 1)
  }

  static async of(app: TestApp, principal = { id: 'mallory' }): Promise<Forgery> {
    return new Forgery(app, (await app.get(AccessTokens).issue(principal)).accessToken)
  }

  get key(): KeyObject {
    return this.app.get(KeySet).current.privateKey
  }

  get publicKey(): KeyObject {
    return this.app.get(KeySet).current.publicKey
  }

  /** Signed by the application itself. */
  signed(claims: Json | string = this.claims, header: Json | string = this.header): string {
    return jwt(header, claims, this.key.asymmetricKeyType === 'ec' ? es256(this.key) : ed25519(this.key))
  }

  /** Without one of the claims. */
  without(name: string): string {
    const { [name]: _, ...rest } = this.claims
    return this.signed(rest)
  }

  /** Now, in seconds since the epoch. */
  get now(): number {
    return this.claims['iat'] as number
  }
}
