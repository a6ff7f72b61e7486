import { createHmac } from 'node:crypto'

import { ISSUER } from '../servers/shared/settings.js'

const FAR = 4_102_444_800

/** What RFC 9068 asks of an access token; those who do not look for it ignore it. */
const ACCESS_TOKEN = { iss: ISSUER, aud: ISSUER, iat: 1_700_000_000, jti: 'bench' }

/** A JSON Web Token by HS256; without a secret one that claims to need no signature. */
export function sign(claims, secret) {
  const part = (value) => Buffer.from(JSON.stringify(value)).toString('base64url')
  const signed = `${part({ alg: secret ? 'HS256' : 'none', typ: 'at+jwt', kid: 'shared' })}.${part({ exp: FAR, ...ACCESS_TOKEN, ...claims })}`
  return `${signed}.${secret ? createHmac('sha256', secret).update(signed).digest('base64url') : ''}`
}
