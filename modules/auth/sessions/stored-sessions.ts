import { BaseRepository, LessThan, MoreThan, Not, Repository } from 'tenon/data'

import { StoredSession } from './stored-session.ts'

@Repository(StoredSession)
export class StoredSessions extends BaseRepository<StoredSession> {
  listOf(accountId: string, now: number): Promise<StoredSession[]> {
    return this.find({ where: { accountId, expiresAt: MoreThan(now) }, order: { createdAt: 'DESC', id: 'ASC' } })
  }

  deleteOf(accountId: string, exceptId: string | undefined): Promise<number> {
    return this.delete(exceptId === undefined ? { accountId } : { accountId, id: Not(exceptId) })
  }

  async deleteBefore(now: number, idleSince: number): Promise<void> {
    await this.delete({ expiresAt: LessThan(now) })
    await this.delete({ lastSeenAt: LessThan(idleSince) })
  }
}
