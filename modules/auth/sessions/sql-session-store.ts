/** Sessions in the application's database: nothing further to run, and they survive restarts. */
import type { AuthenticationFactor } from 'tenon'
import { Injectable } from 'tenon/decorators'

import type { SessionData, SessionRecord } from './session.ts'
import { SessionStore, type SessionChanges } from './session-store.ts'
import type { StoredSession } from './stored-session.ts'
import { StoredSessions } from './stored-sessions.ts'

@Injectable()
export class SqlSessionStore extends SessionStore {
  readonly #rows: StoredSessions

  constructor(rows: StoredSessions) {
    super()
    this.#rows = rows
  }

  async insert(session: SessionRecord): Promise<void> {
    await this.#rows.insert({
      ...session,
      factors: JSON.stringify(session.factors),
      data: JSON.stringify(session.data),
    })
  }

  async findBySecretHash(secretHash: string): Promise<SessionRecord | undefined> {
    const row = await this.#rows.findOneBy({ secretHash })
    return row ? recordOf(row) : undefined
  }

  async list(accountId: string, now: number): Promise<readonly SessionRecord[]> {
    return (await this.#rows.listOf(accountId, now)).map(recordOf)
  }

  async touch({ id }: SessionRecord, at: number): Promise<void> {
    await this.#rows.update({ id }, { lastSeenAt: at })
  }

  async change({ id, secretHash }: SessionRecord, { factors, data, ...changes }: SessionChanges): Promise<boolean> {
    const changed = await this.#rows.update(
      { id, secretHash },
      {
        ...changes,
        ...(factors && { factors: JSON.stringify(factors) }),
        ...(data && { data: JSON.stringify(data) }),
      },
    )
    return changed > 0
  }

  async delete(accountId: string, id: string): Promise<boolean> {
    return (await this.#rows.delete({ accountId, id })) > 0
  }

  deleteAll(accountId: string, exceptId?: string): Promise<number> {
    return this.#rows.deleteOf(accountId, exceptId)
  }

  deleteExpired(now: number, idleSince: number): Promise<void> {
    return this.#rows.deleteBefore(now, idleSince)
  }
}

function recordOf({ factors, data, ...row }: StoredSession): SessionRecord {
  return {
    ...row,
    factors: JSON.parse(factors) as AuthenticationFactor[],
    data: JSON.parse(data) as SessionData,
  }
}
