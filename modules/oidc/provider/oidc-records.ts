/** The rows of the authorization server, as its library asks for them. */
import { hash } from 'node:crypto'

import { Clock } from 'tenon'
import { BaseRepository, DuplicateRow, IsNull, LessThan, Repository } from 'tenon/data'
import { Injectable } from 'tenon/decorators'
import type { AdapterPayload } from 'oidc-provider'

import { OidcRecord } from './oidc-record.ts'

const PURGE_MS = 3_600_000
/** Kinds whose id opens nothing by itself: it is in a signed cookie, or public. Of all others a thief of the database finds hashes. */
const KEEPS_ID: ReadonlySet<string> = new Set(['Session', 'Interaction', 'Grant', 'Client'])

@Repository(OidcRecord)
export class OidcRecordRows extends BaseRepository<OidcRecord> {}

@Injectable()
export class OidcRecords {
  readonly #rows: OidcRecordRows
  readonly #clock: Clock
  #purgedAt = Number.NEGATIVE_INFINITY

  constructor(rows: OidcRecordRows, clock: Clock) {
    this.#rows = rows
    this.#clock = clock
  }

  /** @param lifetimeSeconds - Default: for ever. */
  async keep(kind: string, id: string, payload: AdapterPayload, lifetimeSeconds?: number): Promise<void> {
    await this.#purge()
    const { jti: _jti, ...rest } = payload
    const row = {
      id: recordId(kind, id),
      kind,
      grantHash: payload.grantId === undefined ? null : hash('sha256', payload.grantId),
      uidHash: payload.uid === undefined ? null : hash('sha256', payload.uid),
      accountId: payload.accountId ?? null,
      payload: JSON.stringify(KEEPS_ID.has(kind) ? payload : rest),
      expiresAt: lifetimeSeconds === undefined ? null : this.#now + lifetimeSeconds * 1000,
    }
    if ((await this.#rows.update({ id: row.id }, row)) > 0) return
    try {
      await this.#rows.insert({ ...row, consumedAt: null })
    } catch (error) {
      // Another request of the same browser has made it in the meantime.
      if (!(error instanceof DuplicateRow)) throw error
      await this.#rows.update({ id: row.id }, row)
    }
  }

  async find(kind: string, id: string): Promise<AdapterPayload | undefined> {
    const payload = read(await this.#rows.findOneBy({ id: recordId(kind, id) }))
    return payload && !KEEPS_ID.has(kind) ? { ...payload, jti: id } : payload
  }

  async findByUid(kind: string, uid: string): Promise<AdapterPayload | undefined> {
    return read(await this.#rows.findOneBy({ kind, uidHash: hash('sha256', uid) }))
  }

  /** @returns `false` when it was used before: of several uses at the same time, one is the first. */
  async consume(kind: string, id: string): Promise<boolean> {
    return (await this.#rows.update({ id: recordId(kind, id), consumedAt: IsNull() }, { consumedAt: this.#now })) > 0
  }

  async grantOf(kind: string, id: string): Promise<string | undefined> {
    return (await this.find(kind, id))?.grantId
  }

  /** @returns Whether there was one. */
  async remove(kind: string, id: string): Promise<boolean> {
    return (await this.#rows.delete({ id: recordId(kind, id) })) > 0
  }

  /** Codes and tokens that came of a grant. */
  async removeOfGrant(grantId: string): Promise<void> {
    await this.#rows.delete({ grantHash: hash('sha256', grantId) })
  }

  /** Everything that an account has granted or is logged in with. */
  async removeOfAccount(accountId: string): Promise<number> {
    return this.#rows.delete({ accountId })
  }

  async list(kind: string, accountId?: string): Promise<readonly AdapterPayload[]> {
    const rows = await this.#rows.find({ where: { kind, ...(accountId !== undefined && { accountId }) } })
    return rows.map(read).filter((payload) => payload !== undefined)
  }

  /** The library refuses what has expired by itself, so rows may stay for a while. */
  async #purge(): Promise<void> {
    const now = this.#now
    if (now - this.#purgedAt < PURGE_MS) return
    this.#purgedAt = now
    await this.#rows.delete({ expiresAt: LessThan(now - PURGE_MS) })
  }

  get #now(): number {
    return this.#clock.epochMs()
  }
}

function recordId(kind: string, id: string): string {
  return hash('sha256', `${kind}\n${id}`)
}

function read(row: OidcRecord | null): AdapterPayload | undefined {
  if (!row) return undefined
  const payload = JSON.parse(row.payload) as AdapterPayload
  return row.consumedAt === null ? payload : { ...payload, consumed: Math.floor(row.consumedAt / 1000) }
}
