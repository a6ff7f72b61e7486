/** Signs and verifies: `jsonwebtoken` where a secret is shared, `jose` for every algorithm with public keys. */
import type { KeyObject } from 'node:crypto'

import { loadJose } from '../key-sets/jose.ts'
import type { SigningKey } from '../key-sets/signing-key.ts'
import { TokenExpired, TokenInvalid } from './tokens-errors.ts'

/** What must be true of a token besides its signature. */
export interface Expectations {
  readonly issuer: string
  readonly audience: string
  readonly type: string
  readonly clockSkewSeconds: number
  readonly now: Date
}

export type Claims = Readonly<Record<string, unknown>>

/** RFC 9068 §2.1: keeps other tokens of the same keys from being taken for access tokens. */
export const ACCESS_TOKEN_TYPE = 'at+jwt'

const REQUIRED = ['sub', 'exp', 'iat', 'jti'] as const

export async function signToken(claims: Claims, key: SigningKey): Promise<string> {
  const header = { alg: key.algorithm, typ: ACCESS_TOKEN_TYPE, kid: key.id }
  if (key.algorithm === 'HS256') {
    const { default: jsonwebtoken } = await import('jsonwebtoken')
    return jsonwebtoken.sign({ ...claims }, key.privateKey, { algorithm: 'HS256', header: { ...header, alg: 'HS256' } })
  }
  const { SignJWT } = await loadJose()
  return new SignJWT({ ...claims }).setProtectedHeader(header).sign(key.privateKey)
}

/** @throws `AUTH_TOKEN_EXPIRED`, `AUTH_TOKEN_INVALID` */
export async function verifyToken(token: string, key: SigningKey, expected: Expectations): Promise<Claims> {
  const claims = await (key.algorithm === 'HS256'
    ? verifyShared(token, key.publicKey, expected)
    : verifyPublic(token, key.publicKey, [key.algorithm], expected))
  for (const name of REQUIRED) if (claims[name] === undefined) throw new TokenInvalid(`it has no ${name}`)
  if (Number(claims['iat']) > expected.now.getTime() / 1000 + expected.clockSkewSeconds) {
    throw new TokenInvalid('it was issued in the future')
  }
  return claims
}

type PublicKeySource = KeyObject | Parameters<(typeof import('jose'))['jwtVerify']>[1]

/** @throws `AUTH_TOKEN_EXPIRED`, `AUTH_TOKEN_INVALID`, and what reading the keys of others throws. */
export async function verifyPublic(
  token: string,
  key: PublicKeySource,
  algorithms: readonly string[],
  { issuer, audience, type, clockSkewSeconds, now }: Expectations,
): Promise<Claims> {
  const { jwtVerify, errors } = await loadJose()
  try {
    const { payload } = await jwtVerify(token, key as KeyObject, {
      algorithms: [...algorithms],
      issuer,
      audience,
      typ: type,
      clockTolerance: clockSkewSeconds,
      currentDate: now,
      requiredClaims: ['sub', 'exp'],
    })
    return payload
  } catch (error) {
    if (error instanceof errors.JWTExpired) throw new TokenExpired().causedBy(error)
    if (error instanceof errors.JWTClaimValidationFailed)
      throw new TokenInvalid(reasonOf(error.claim, error.reason)).causedBy(error)
    if (error instanceof errors.JWSSignatureVerificationFailed)
      throw new TokenInvalid('its signature is wrong').causedBy(error)
    if (error instanceof errors.JOSEAlgNotAllowed)
      throw new TokenInvalid('its algorithm is not allowed').causedBy(error)
    if (error instanceof errors.JWKSNoMatchingKey) throw new TokenInvalid('its key is unknown').causedBy(error)
    if (
      error instanceof errors.JWSInvalid ||
      error instanceof errors.JWTInvalid ||
      error instanceof errors.JOSENotSupported
    ) {
      throw new TokenInvalid('it cannot be read').causedBy(error)
    }
    throw error
  }
}

async function verifyShared(token: string, key: KeyObject, expected: Expectations): Promise<Claims> {
  const { default: jsonwebtoken } = await import('jsonwebtoken')
  const { issuer, audience, clockSkewSeconds, now, type } = expected
  try {
    const { header, payload } = jsonwebtoken.verify(token, key, {
      algorithms: ['HS256'],
      complete: true,
      issuer,
      audience,
      clockTolerance: clockSkewSeconds,
      clockTimestamp: Math.floor(now.getTime() / 1000),
    })
    if (header.typ?.toLowerCase() !== type) throw new TokenInvalid(reasonOf('typ'))
    return payload as Claims
  } catch (error) {
    if (error instanceof TokenInvalid) throw error
    if (error instanceof jsonwebtoken.TokenExpiredError) throw new TokenExpired().causedBy(error)
    if (error instanceof jsonwebtoken.NotBeforeError) throw new TokenInvalid(reasonOf('nbf')).causedBy(error)
    if (error instanceof jsonwebtoken.JsonWebTokenError)
      throw new TokenInvalid(sharedReason(error.message)).causedBy(error)
    throw error
  }
}

function sharedReason(message: string): string {
  if (message.includes('audience')) return reasonOf('aud')
  if (message.includes('issuer')) return reasonOf('iss')
  return message === 'invalid signature' ? 'its signature is wrong' : 'it cannot be read'
}

function reasonOf(claim: string, reason = 'check_failed'): string {
  if (reason === 'missing') return `it has no ${claim}`
  switch (claim) {
    case 'aud':
      return 'it is for somebody else'
    case 'iss':
      return 'its issuer is not trusted'
    case 'nbf':
      return 'it is not valid yet'
    case 'typ':
      return 'it is no access token'
    default:
      return `its ${claim} is not right`
  }
}
