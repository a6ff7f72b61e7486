/**
 * Secrets as text that people and scanners recognize, and that a typo cannot make valid:
 * `<prefix>_<43 base62 characters of 256 bits>_<6 base62 characters of CRC-32>`. The format of GitHub's tokens, see
 * https://github.blog/2021-04-05-behind-githubs-new-authentication-token-formats.
 */
import { hash, randomBytes } from 'node:crypto'
import { crc32 } from 'node:zlib'

const DIGITS = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz'
const SECRET_DIGITS = 43
const CHECKSUM_DIGITS = 6
const SHAPE = /^[a-z0-9]+(?:_[a-z0-9]+)?_[0-9A-Za-z]{43}_[0-9A-Za-z]{6}$/

/** @param bytes - 32 of them. Default: random ones. */
export function makeSecretText(prefix: string, bytes: Buffer = randomBytes(32)): string {
  const secret = `${prefix}_${base62(BigInt(`0x${bytes.toString('hex')}`), SECRET_DIGITS)}`
  return `${secret}_${checksum(secret)}`
}

/** Whether the text was made by `makeSecretText` with this prefix, as far as its form tells: no database is asked for others. */
export function isSecretText(text: string, prefix: string): boolean {
  if (!text.startsWith(`${prefix}_`) || !SHAPE.test(text)) return false
  const end = text.lastIndexOf('_')
  return checksum(text.slice(0, end)) === text.slice(end + 1)
}

/** What is kept of a secret. It has 256 bits of chance, so a fast hash is enough. */
export function hashSecretText(text: string): string {
  return hash('sha256', text, 'hex')
}

function checksum(text: string): string {
  return base62(BigInt(crc32(text)), CHECKSUM_DIGITS)
}

function base62(value: bigint, digits: number): string {
  let rest = value
  let text = ''
  for (let place = 0; place < digits; place += 1) {
    text = DIGITS[Number(rest % 62n)] + text
    rest /= 62n
  }
  return text
}
