/**
 * A token as text, before anything in it is believed: small enough, three parts, two JSON objects that say nothing
 * twice. What it claims only chooses who is asked to verify it.
 */
import { findDuplicateKey } from 'tenon'

import { TokenInvalid } from './tokens-errors.ts'

export interface UnverifiedToken {
  readonly algorithm: string
  readonly keyId: string | undefined
  readonly type: string | undefined
  readonly issuer: unknown
}

const PARTS = /^[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+$/
const DEEPEST = 16
const LONGEST_KEY_ID = 256

/** @throws `AUTH_TOKEN_INVALID` */
export function readToken(token: string, maxBytes: number): UnverifiedToken {
  if (token.length > maxBytes) throw new TokenInvalid('it is too long')
  if (!PARTS.test(token)) throw new TokenInvalid('it is no JSON Web Token')
  const [head, body, signature] = token.split('.') as [string, string, string]
  // RFC 7515 §2: one text for the same bytes, so that no token has a twin.
  if (!isCanonical(head) || !isCanonical(body) || !isCanonical(signature))
    throw new TokenInvalid('it is no JSON Web Token')
  const header = readObject(head)
  const { alg, kid, typ } = header
  // RFC 7515 §4.1.11: we understand no extension, so every critical one is too much.
  if ('crit' in header) throw new TokenInvalid('it has critical extensions')
  if (typeof alg !== 'string') throw new TokenInvalid('it names no algorithm')
  if (kid !== undefined && (typeof kid !== 'string' || kid.length > LONGEST_KEY_ID)) {
    throw new TokenInvalid('its key has no proper name')
  }
  return {
    algorithm: alg,
    keyId: kid,
    type: typeof typ === 'string' ? typ.toLowerCase() : undefined,
    issuer: readObject(body)['iss'],
  }
}

function isCanonical(part: string): boolean {
  return Buffer.from(part, 'base64url').toString('base64url') === part
}

function readObject(part: string): Readonly<Record<string, unknown>> {
  const text = Buffer.from(part, 'base64url').toString('utf8')
  const value = parse(text)
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    throw new TokenInvalid('it is no JSON Web Token')
  // Readers disagree on which of two would count (RFC 7519 §4).
  const flaw = findDuplicateKey(text, DEEPEST)
  if (flaw) throw new TokenInvalid(flaw.kind === 'duplicate' ? 'it says something twice' : 'it is nested too deep')
  return value as Record<string, unknown>
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    throw new TokenInvalid('it is no JSON Web Token')
  }
}
