/** Ids of tokens: UUIDs of version 7 (RFC 9562 §5.7). Their milliseconds tell what `iat` is too coarse for. */
import { randomBytes } from 'node:crypto'

/** @param at - Milliseconds since the epoch. */
export function makeTokenId(at: number): string {
  const bytes = randomBytes(16)
  bytes.writeUIntBE(at, 0, 6)
  bytes[6] = (bytes[6]! & 0x0f) | 0x70
  bytes[8] = (bytes[8]! & 0x3f) | 0x80
  return bytes.toString('hex').replace(/^(.{8})(.{4})(.{4})(.{4})/, '$1-$2-$3-$4-')
}

/** When the id was made, in milliseconds since the epoch; `undefined` for ids that are not ours. */
export function momentOf(tokenId: string): number | undefined {
  return TOKEN_ID.test(tokenId) ? Number.parseInt(tokenId.slice(0, 8) + tokenId.slice(9, 13), 16) : undefined
}

const TOKEN_ID = /^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/
