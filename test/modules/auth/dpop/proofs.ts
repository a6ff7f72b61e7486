/** Proofs as a caller makes them (RFC 9449 §4.2), with whatever an attacker would change. */
import { hash, randomUUID, sign, type KeyObject } from 'node:crypto'

import { encode } from '../attacks/forge.ts'

export interface ProofParts {
  readonly key: KeyObject
  readonly method?: string
  readonly address: string
  /** Default: noon of the tests. */
  readonly at?: number
  readonly token?: string
  readonly claims?: Readonly<Record<string, unknown>>
  readonly header?: Readonly<Record<string, unknown>>
}

const NOON = Date.parse('2026-06-01T12:00:00Z') / 1000

export function makeProof({ key, method = 'GET', address, at = NOON, token, claims, header }: ProofParts): string {
  const { d: _, ...jwk } = key.export({ format: 'jwk' })
  const head = { typ: 'dpop+jwt', alg: 'EdDSA', jwk, ...header }
  const body = {
    jti: randomUUID(),
    htm: method,
    htu: address,
    iat: at,
    ...(token === undefined ? {} : { ath: hash('sha256', token, 'base64url') }),
    ...claims,
  }
  const input = `${encode(head)}.${encode(body)}`
  return `${input}.${sign(null, Buffer.from(input), key).toString('base64url')}`
}
