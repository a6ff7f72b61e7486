/** Where sessions are kept: the database, Redis, or a store of the application's own. */
import type { SessionRecord } from './session.ts'

/** What of a session may change. */
export type SessionChanges = Partial<Pick<SessionRecord, 'secretHash' | 'factors' | 'data'>>

export abstract class SessionStore {
  abstract insert(session: SessionRecord): Promise<void>

  abstract findBySecretHash(secretHash: string): Promise<SessionRecord | undefined>

  /** Those of one account that have not reached their end, the latest first. */
  abstract list(accountId: string, now: number): Promise<readonly SessionRecord[]>

  /** Notes that the session was used. One that is gone stays gone. */
  abstract touch(session: SessionRecord, at: number): Promise<void>

  /**
   * Changes a session that still has the secret it was read with.
   * @returns `false` when it is gone or was changed by somebody else.
   */
  abstract change(session: SessionRecord, changes: SessionChanges): Promise<boolean>

  /** @returns Whether there was one. */
  abstract delete(accountId: string, id: string): Promise<boolean>

  /** All of an account, but for the one that is to stay. @returns How many there were. */
  abstract deleteAll(accountId: string, exceptId?: string): Promise<number>

  /** Removes what ended before `now`, where the store does not do so by itself. */
  abstract deleteExpired(now: number, idleSince: number): Promise<void>
}
