/** `x-api-key: tnn_…`, or `Authorization: Bearer tnn_…`. */
import { Clock, describeProblem, type CallContext, type DescribedProblem, type Principal } from 'tenon'
import { Injectable, Optional } from 'tenon/decorators'

import { AuthenticationScheme } from '../authentication-scheme.ts'
import { RecentlyUsed } from '../recently-used.ts'
import { revocationId, Revocations, type RevocationId } from '../revocations/revocations.ts'
import { hashSecretText, isSecretText } from '../secret-text.ts'
import { ServiceAccounts } from '../service-accounts/service-accounts.ts'
import { KnownPrincipals } from '../tokens/known-principals.ts'
import { ApiKeyRows } from './api-key-rows.ts'
import { ApiKeyUsage } from './api-key-usage.ts'
import type { ApiKey } from './api-key.ts'
import { ApiKeysConfig } from './api-keys-config.ts'
import { ApiKeyInvalid } from './api-keys-errors.ts'

/** A key that was found good a moment ago. */
interface KnownKey {
  readonly id: string
  readonly principal: Principal
  readonly revocationIds: readonly RevocationId[]
  /** When it was last known not to be revoked. */
  readonly seenAt: number
  readonly holdsUntil: number
  lastUsedAt: number
}

const BEARER = /^bearer +(\S+) *$/i
const LONGEST = 128

@Injectable()
export class ApiKeyScheme extends AuthenticationScheme {
  readonly name = 'apiKey'
  readonly document = { type: 'apiKey', in: 'header', name: 'x-api-key' }
  readonly challenge = 'ApiKey'
  override readonly problems: readonly DescribedProblem[] = [
    describeProblem(ApiKeyInvalid, 'the API key does not hold'),
  ]
  readonly #config: ApiKeysConfig
  readonly #rows: ApiKeyRows
  readonly #usage: ApiKeyUsage
  readonly #revocations: Revocations
  readonly #clock: Clock
  readonly #principals: KnownPrincipals | undefined
  readonly #services: ServiceAccounts | undefined
  readonly #known: RecentlyUsed<KnownKey>
  /** `tnn_live` */
  readonly #prefix: string

  constructor(
    config: ApiKeysConfig,
    rows: ApiKeyRows,
    usage: ApiKeyUsage,
    revocations: Revocations,
    clock: Clock,
    @Optional() principals?: KnownPrincipals,
    @Optional() services?: ServiceAccounts,
  ) {
    super()
    this.#config = config
    this.#rows = rows
    this.#usage = usage
    this.#revocations = revocations
    this.#clock = clock
    this.#principals = principals
    this.#services = services
    this.#known = new RecentlyUsed(config.cachedKeys)
    this.#prefix = `${config.prefix}_${config.kind}`
  }

  /** Synchronous for a key that was used a moment ago. */
  authenticate(context: CallContext): Principal | undefined | Promise<Principal> {
    const secret = context.header('x-api-key') ?? this.#bearer(context.header('authorization'))
    if (secret === undefined) return undefined
    // A mistyped or made-up key costs no look into the database.
    if (secret.length > LONGEST || !isSecretText(secret, this.#prefix)) throw new ApiKeyInvalid()
    const hash = hashSecretText(secret)
    const isFresh = this.#revocations.isFresh(this.#config.revocationDelayMs)
    const known = isFresh ? this.#recall(hash) : undefined
    return known ? this.#use(known) : this.#lookUp(hash, isFresh)
  }

  #bearer(authorization: string | undefined): string | undefined {
    const token = authorization === undefined ? undefined : BEARER.exec(authorization)?.[1]
    return token?.startsWith(`${this.#config.prefix}_`) ? token : undefined
  }

  #recall(hash: string): KnownKey | undefined {
    const known = this.#known.get(hash)
    if (!known) return undefined
    if (this.#now < known.holdsUntil && !this.#revocations.has(known.revocationIds, known.seenAt)) return known
    this.#known.delete(hash)
    return undefined
  }

  #use(known: KnownKey): Principal {
    known.lastUsedAt = this.#usage.note(known.id, known.lastUsedAt)
    return known.principal
  }

  async #lookUp(hash: string, isFresh: boolean): Promise<Principal> {
    if (!isFresh) await this.#revocations.look()
    const remembered = this.#recall(hash)
    if (remembered) return this.#use(remembered)
    const known = await this.#read(hash)
    this.#known.set(hash, known)
    return this.#use(known)
  }

  async #read(hash: string): Promise<KnownKey> {
    const found = await this.#rows.findOneBy({ hash })
    if (!found) throw new ApiKeyInvalid()
    const { id, principalId } = found
    const revocationIds = [revocationId('key', id), revocationId('principal', principalId)]
    // Read after that moment: what is revoked later is seen by the revocation, what was revoked before by the row.
    const seenAt = this.#revocations.firstMoment(revocationIds)
    const key = await this.#rows.findOneBy({ id })
    const now = this.#now
    if (!key || key.revokedAt !== null || (key.expiresAt !== null && key.expiresAt <= now)) throw new ApiKeyInvalid()
    const principal = await this.#principalOf(key)
    if (!principal) throw new ApiKeyInvalid()
    const rememberedUntil = now + this.#config.cacheSeconds * 1000
    const holdsUntil = key.expiresAt === null ? rememberedUntil : Math.min(rememberedUntil, key.expiresAt)
    return { id, principal, revocationIds, seenAt, holdsUntil, lastUsedAt: key.lastUsedAt ?? 0 }
  }

  /** The owner as it is by now, with no more than the key was given. */
  async #principalOf({ id, principal, scopes, tenant }: ApiKey): Promise<Principal | undefined> {
    const owner = JSON.parse(principal) as Principal
    if (owner.kind === 'service' && (await this.#services?.isDisabled(owner.id))) return undefined
    const current = this.#principals ? await this.#principals.current(owner) : owner
    if (!current) return undefined
    return Object.freeze({
      ...current,
      scopes: scopes === null ? undefined : Object.freeze(JSON.parse(scopes) as string[]),
      tenant: tenant ?? undefined,
      authentication: Object.freeze({ scheme: this.name, credentialId: id, factors: Object.freeze([]) }),
    })
  }

  get #now(): number {
    return this.#clock.epochMs()
  }
}
