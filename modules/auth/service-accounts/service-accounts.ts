/** Service accounts: made, listed, given new secrets, disabled. A secret is shown once, and kept as a hash. */
import { randomUUID, timingSafeEqual } from 'node:crypto'

import { Clock, securityEvents, type Principal } from 'tenon'
import { UnitOfWork } from 'tenon/data'
import { Injectable } from 'tenon/decorators'

import { hashSecretText, isSecretText, makeSecretText } from '../secret-text.ts'
import { TokenIssuer } from '../tokens/token-issuer.ts'
import { ServiceAccountRows } from './service-account-rows.ts'
import type { ServiceAccount } from './service-account.ts'
import { ServiceAccountUnknown } from './service-accounts-errors.ts'

export interface NewServiceAccount {
  /** For people: which program it is. */
  readonly name: string
  readonly roles?: readonly string[]
  /** Default: not limited. */
  readonly scopes?: readonly string[]
  readonly tenant?: string
  /** It may act in the name of callers whose token it was given (RFC 8693). Default: `false`. */
  readonly mayActForOthers?: boolean
}

/** As it may be shown. */
export interface ServiceAccountSummary {
  /** The `client_id`. */
  readonly id: string
  readonly name: string
  readonly roles: readonly string[]
  readonly scopes: readonly string[] | undefined
  readonly tenant: string | undefined
  readonly mayActForOthers: boolean
  readonly createdAt: Date
  readonly disabledAt: Date | undefined
}

export interface MadeServiceAccount {
  readonly account: ServiceAccountSummary
  /** Show it now: it cannot be read again. */
  readonly clientSecret: string
}

const PREFIX = 'tns'
const OVERLAP_SECONDS = 86_400

@Injectable()
export class ServiceAccounts {
  readonly #rows: ServiceAccountRows
  readonly #tokens: TokenIssuer
  readonly #unitOfWork: UnitOfWork
  readonly #clock: Clock

  constructor(rows: ServiceAccountRows, tokens: TokenIssuer, unitOfWork: UnitOfWork, clock: Clock) {
    this.#rows = rows
    this.#tokens = tokens
    this.#unitOfWork = unitOfWork
    this.#clock = clock
  }

  async create(wanted: NewServiceAccount): Promise<MadeServiceAccount> {
    const { name, roles = [], scopes, tenant, mayActForOthers = false } = wanted
    const clientSecret = makeSecretText(PREFIX)
    const account: ServiceAccount = {
      id: randomUUID(),
      name,
      secretHash: hashSecretText(clientSecret),
      formerSecretHash: null,
      formerSecretUntil: null,
      roles: JSON.stringify(roles),
      scopes: scopes === undefined ? null : JSON.stringify(scopes),
      tenant: tenant ?? null,
      mayActForOthers,
      createdAt: this.#now,
      disabledAt: null,
    }
    await this.#rows.insert(account)
    this.#tell('serviceAccounts.created', account.id)
    return { account: summaryOf(account), clientSecret }
  }

  /** The latest first. */
  async list(): Promise<readonly ServiceAccountSummary[]> {
    return (await this.#rows.find({ order: { createdAt: 'DESC', id: 'ASC' } })).map(summaryOf)
  }

  /**
   * A new secret.
   * @param overlapSeconds - How long the one before still holds. Default: a day; 0 for one that may be stolen.
   * @throws `AUTH_SERVICE_ACCOUNT_UNKNOWN`
   */
  async rotateSecret(id: string, overlapSeconds: number = OVERLAP_SECONDS): Promise<string> {
    const clientSecret = makeSecretText(PREFIX)
    await this.#unitOfWork.transaction(async () => {
      const { secretHash } = await this.#find(id)
      await this.#rows.update(
        { id },
        {
          secretHash: hashSecretText(clientSecret),
          formerSecretHash: secretHash,
          formerSecretUntil: this.#now + overlapSeconds * 1000,
        },
      )
    })
    this.#tell('serviceAccounts.secret-rotated', id)
    return clientSecret
  }

  /** It gets no tokens any more, and those it has are refused, its API keys as well. @throws `AUTH_SERVICE_ACCOUNT_UNKNOWN` */
  async disable(id: string): Promise<void> {
    await this.#unitOfWork.transaction(async () => {
      await this.#find(id)
      await this.#rows.update({ id }, { disabledAt: this.#now })
      await this.#tokens.revokeAllOf(id)
    })
    this.#tell('serviceAccounts.disabled', id)
  }

  /** Whether there is such an account and it was disabled. */
  async isDisabled(id: string): Promise<boolean> {
    return ((await this.#rows.findOneBy({ id }))?.disabledAt ?? null) !== null
  }

  /** The account that a client proves to be. */
  async authenticate(id: string, clientSecret: string): Promise<ServiceAccountSummary | undefined> {
    const account = isSecretText(clientSecret, PREFIX) ? await this.#rows.findOneBy({ id }) : null
    const isProven = account?.disabledAt === null && this.#holds(account, hashSecretText(clientSecret))
    if (isProven) return summaryOf(account)
    // What is no account's id may be a secret in the wrong place.
    const subject = account ? { subject: account.id } : {}
    securityEvents.publish({ type: 'serviceAccounts.authenticate', outcome: 'refused', at: this.#now, ...subject })
    return undefined
  }

  #holds({ secretHash, formerSecretHash, formerSecretUntil }: ServiceAccount, hash: string): boolean {
    if (isSame(hash, secretHash)) return true
    return formerSecretHash !== null && isSame(hash, formerSecretHash) && this.#now < (formerSecretUntil ?? 0)
  }

  async #find(id: string): Promise<ServiceAccount> {
    const account = await this.#rows.findOneBy({ id })
    if (!account) throw new ServiceAccountUnknown(id)
    return account
  }

  #tell(type: string, subject: string): void {
    securityEvents.publish({ type, outcome: 'allowed', subject, at: this.#now })
  }

  get #now(): number {
    return this.#clock.epochMs()
  }
}

/** The account as a caller. */
export function callerOf({ id, roles, scopes, tenant }: ServiceAccountSummary): Principal {
  return {
    id,
    kind: 'service',
    roles,
    ...(scopes === undefined ? {} : { scopes }),
    ...(tenant === undefined ? {} : { tenant }),
  }
}

function isSame(hash: string, other: string): boolean {
  return timingSafeEqual(Buffer.from(hash), Buffer.from(other))
}

function summaryOf(account: ServiceAccount): ServiceAccountSummary {
  const { id, name, roles, scopes, tenant, mayActForOthers, createdAt, disabledAt } = account
  return {
    id,
    name,
    roles: JSON.parse(roles) as readonly string[],
    scopes: scopes === null ? undefined : (JSON.parse(scopes) as readonly string[]),
    tenant: tenant ?? undefined,
    mayActForOthers: Boolean(mayActForOthers),
    createdAt: new Date(createdAt),
    disabledAt: disabledAt === null ? undefined : new Date(disabledAt),
  }
}
