/** A browser that somebody has logged in with. */
import type { AuthenticationFactor } from 'tenon'

/**
 * What an application keeps in sessions, small and typed: `declare module 'tenon/auth' { interface SessionData { theme?: string } }`.
 * It is read with every session, so what is large or shared belongs into the database.
 */
export interface SessionData {}

/** A session as it is kept. The secret in the cookie is known to nobody but the browser. */
export interface SessionRecord {
  /** Names the session to people and logs; it opens nothing. */
  readonly id: string
  /** SHA-256 of the secret in the cookie, as hexadecimal digits. */
  readonly secretHash: string
  /** Whose it is: the id of an account. */
  readonly accountId: string
  /** Moments in milliseconds since the epoch. */
  readonly createdAt: number
  readonly lastSeenAt: number
  /** The end, however busy the session is. */
  readonly expiresAt: number
  /** How its owner has proved who it is. */
  readonly factors: readonly AuthenticationFactor[]
  /** Where it was opened from, to be recognized by its owner. */
  readonly address: string
  readonly agent: string
  readonly data: SessionData
}
