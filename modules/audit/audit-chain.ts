/** Appends entries: one chain, whatever number of processes writes to it. */
import { Database } from 'tenon/data'
import { Injectable, OnInit } from 'tenon/decorators'

import { AuditConfig } from './audit-config.ts'
import { AuditEntry, AuditHead } from './audit-entry.ts'
import { AuditSecretTooShort } from './audit-errors.ts'
import { hashEntry } from './hash-entry.ts'
import type { PendingEntry } from './read-event.ts'

const LEAST_SECRET = 32

@Injectable()
export class AuditChain {
  readonly #database: Database
  readonly #secret: string | undefined

  constructor(database: Database, config: AuditConfig) {
    this.#database = database
    this.#secret = config.secret
  }

  /** @throws `AUDIT_SECRET_TOO_SHORT` */
  @OnInit()
  check(): void {
    if (this.#secret !== undefined && this.#secret.length < LEAST_SECRET) throw new AuditSecretTooShort(LEAST_SECRET)
  }

  /** All of them, in this order and next to each other, or none. */
  async append(pending: readonly PendingEntry[]): Promise<void> {
    await this.#database.source.transaction(async (manager) => {
      // Writing first takes the lock of the row: others wait here, and read what was written before them.
      await manager.increment(AuditHead, { id: 1 }, 'seq', pending.length)
      const head = await manager.findOneByOrFail(AuditHead, { id: 1 })
      const first = Number(head.seq) - pending.length + 1
      let { hash } = head
      const entries = pending.map((each, index) => {
        const entry = { ...each, seq: first + index }
        hash = hashEntry(hash, entry, this.#secret)
        return { ...entry, hash }
      })
      await manager.insert(AuditEntry, entries)
      await manager.update(AuditHead, { id: 1 }, { hash })
    })
  }

  /** The end of the chain. */
  async head(): Promise<{ readonly seq: number; readonly hash: string }> {
    const { seq, hash } = await this.#database.source.manager.findOneByOrFail(AuditHead, { id: 1 })
    return { seq: Number(seq), hash }
  }

  /** Entries in their order, by the thousand, up to and with `last`. */
  async *entries(last: number): AsyncGenerator<readonly AuditEntry[]> {
    for (let after = 0; after < last;) {
      const page = await this.#database.source.manager
        .createQueryBuilder(AuditEntry, 'entry')
        .where('entry.seq > :after AND entry.seq <= :last', { after, last })
        .orderBy('entry.seq')
        .limit(1000)
        .getMany()
      if (page.length === 0) return
      yield page
      after = Number(page.at(-1)!.seq)
    }
  }

  /** Whether the entry follows from the hash before it. */
  isLinked(previous: string, entry: AuditEntry): boolean {
    return hashEntry(previous, entry, this.#secret) === entry.hash
  }
}
