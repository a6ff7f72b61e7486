import { createHmac } from 'node:crypto'

const FAR = 4_102_444_800

/** A JSON Web Token by HS256; without a secret one that claims to need no signature. */
export function sign(claims, secret) {
  const part = (value) => Buffer.from(JSON.stringify(value)).toString('base64url')
  const signed = `${part({ alg: secret ? 'HS256' : 'none', typ: 'JWT' })}.${part({ exp: FAR, ...claims })}`
  return `${signed}.${secret ? createHmac('sha256', secret).update(signed).digest('base64url') : ''}`
}
