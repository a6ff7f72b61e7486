/** API keys: made, listed, replaced and revoked. The secret is shown once, and kept as a hash. */
import { randomUUID } from 'node:crypto'

import { Clock, securityEvents, type Principal } from 'tenon'
import { UnitOfWork } from 'tenon/data'
import { Injectable } from 'tenon/decorators'

import { revocationId, Revocations } from '../revocations/revocations.ts'
import { hashSecretText, makeSecretText } from '../secret-text.ts'
import { ApiKeyRows } from './api-key-rows.ts'
import type { ApiKey } from './api-key.ts'
import { ApiKeysConfig } from './api-keys-config.ts'
import { ApiKeyScopesExceeded, ApiKeyUnknown } from './api-keys-errors.ts'

export interface NewApiKey {
  /** In whose name it calls: its roles and tenant are the key's. */
  readonly owner: Principal
  /** For people: what the key is for. */
  readonly name: string
  /** What it is limited to. Default: what the owner is limited to. */
  readonly scopes?: readonly string[]
  /** Default: never. */
  readonly expiresAt?: Date
}

/** A key as it may be shown. */
export interface ApiKeySummary {
  readonly id: string
  readonly name: string
  /** How the secret begins: `tnn_live_3vQ8`. */
  readonly hint: string
  readonly principalId: string
  readonly scopes: readonly string[] | undefined
  readonly tenant: string | undefined
  readonly createdAt: Date
  readonly expiresAt: Date | undefined
  readonly revokedAt: Date | undefined
  /** To the minute. */
  readonly lastUsedAt: Date | undefined
}

export interface MadeApiKey {
  readonly key: ApiKeySummary
  /** Show it now: it cannot be read again. */
  readonly secret: string
}

const HINT_DIGITS = 4

@Injectable()
export class ApiKeys {
  readonly #config: ApiKeysConfig
  readonly #rows: ApiKeyRows
  readonly #revocations: Revocations
  readonly #unitOfWork: UnitOfWork
  readonly #clock: Clock

  constructor(config: ApiKeysConfig, rows: ApiKeyRows, revocations: Revocations, unitOfWork: UnitOfWork, clock: Clock) {
    this.#config = config
    this.#rows = rows
    this.#revocations = revocations
    this.#unitOfWork = unitOfWork
    this.#clock = clock
  }

  /** @throws `AUTH_API_KEY_SCOPES` when it would be allowed more than its owner is. */
  async create({ owner, name, scopes = owner.scopes, expiresAt }: NewApiKey): Promise<MadeApiKey> {
    const excess = owner.scopes ? (scopes ?? []).filter((scope) => !owner.scopes?.includes(scope)) : []
    if (excess.length > 0) throw new ApiKeyScopesExceeded(excess.join(', '))
    const { id, kind, roles, tenant } = owner
    const made = await this.#insert({
      name,
      principalId: id,
      principal: JSON.stringify({ id, kind, roles, tenant }),
      scopes: scopes === undefined ? null : JSON.stringify(scopes),
      tenant: tenant ?? null,
      expiresAt: expiresAt?.getTime() ?? null,
    })
    this.#tell('apiKeys.created', made.key)
    return made
  }

  /** Every key that an owner has or had, the latest first. */
  async list(ownerId: string): Promise<readonly ApiKeySummary[]> {
    const keys = await this.#rows.find({ where: { principalId: ownerId }, order: { createdAt: 'DESC', id: 'ASC' } })
    return keys.map(summaryOf)
  }

  /**
   * Makes the key that replaces this one; the old one works for `AUTH_API_KEY_OVERLAP_SECONDS` more.
   * @throws `AUTH_API_KEY_UNKNOWN`
   */
  async rotate(ownerId: string, id: string): Promise<MadeApiKey> {
    return this.#unitOfWork.transaction(async () => {
      const old = await this.#usable(ownerId, id)
      const until = Math.min(this.#now + this.#config.overlapSeconds * 1000, old.expiresAt ?? Number.MAX_SAFE_INTEGER)
      await this.#rows.update({ id }, { expiresAt: until })
      // Whoever remembers the key looks again, and sees when it ends.
      await this.#forget(id)
      const { name, principalId, principal, scopes, tenant } = old
      const lifetime = old.expiresAt === null ? null : old.expiresAt - old.createdAt
      const made = await this.#insert({
        name,
        principalId,
        principal,
        scopes,
        tenant,
        expiresAt: lifetime === null ? null : this.#now + lifetime,
      })
      this.#tell('apiKeys.rotated', made.key)
      return made
    })
  }

  /** @throws `AUTH_API_KEY_UNKNOWN` */
  async revoke(ownerId: string, id: string): Promise<void> {
    await this.#unitOfWork.transaction(async () => {
      const key = await this.#usable(ownerId, id)
      await this.#rows.update({ id }, { revokedAt: this.#now })
      await this.#forget(id)
      this.#tell('apiKeys.revoked', summaryOf(key))
    })
  }

  async #usable(ownerId: string, id: string): Promise<ApiKey> {
    const key = await this.#rows.findOneBy({ id, principalId: ownerId })
    if (!key || key.revokedAt !== null) throw new ApiKeyUnknown(id)
    return key
  }

  async #insert(
    values: Pick<ApiKey, 'name' | 'principalId' | 'principal' | 'scopes' | 'tenant' | 'expiresAt'>,
  ): Promise<MadeApiKey> {
    const { prefix, kind } = this.#config
    const secret = makeSecretText(`${prefix}_${kind}`)
    const key: ApiKey = {
      ...values,
      id: randomUUID(),
      hash: hashSecretText(secret),
      hint: secret.slice(0, prefix.length + kind.length + 2 + HINT_DIGITS),
      createdAt: this.#now,
      revokedAt: null,
      lastUsedAt: null,
    }
    await this.#rows.insert(key)
    return { key: summaryOf(key), secret }
  }

  /** What processes remember of the key until now counts no more. */
  async #forget(id: string): Promise<void> {
    const revoked = revocationId('key', id)
    const issuedUntil = this.#revocations.firstMoment([revoked])
    await this.#revocations.revoke(revoked, {
      issuedUntil,
      expiresAt: this.#now + (this.#config.cacheSeconds + 60) * 1000,
    })
  }

  #tell(type: string, { id, principalId, scopes }: ApiKeySummary): void {
    const details = { scopes: scopes?.join(' ') ?? '*' }
    securityEvents.publish({ type, outcome: 'allowed', principalId, subject: id, at: this.#now, details })
  }

  get #now(): number {
    return this.#clock.epochMs()
  }
}

function summaryOf(key: ApiKey): ApiKeySummary {
  const { id, name, hint, principalId, scopes, tenant, createdAt, expiresAt, revokedAt, lastUsedAt } = key
  return {
    id,
    name,
    hint,
    principalId,
    scopes: scopes === null ? undefined : (JSON.parse(scopes) as readonly string[]),
    tenant: tenant ?? undefined,
    createdAt: new Date(createdAt),
    expiresAt: momentOf(expiresAt),
    revokedAt: momentOf(revokedAt),
    lastUsedAt: momentOf(lastUsedAt),
  }
}

function momentOf(at: number | null): Date | undefined {
  return at === null ? undefined : new Date(at)
}
