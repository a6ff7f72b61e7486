/**
 * Refresh tokens as they lie in the database, each replaced by its successor when it is used. What a use means for the
 * login (new tokens, or its end) is the issuer's to say.
 */
import { createHmac, randomBytes } from 'node:crypto'

import { Clock, type Principal } from 'tenon'
import { IsNull, LessThan, UnitOfWork } from 'tenon/data'
import { Injectable, Optional } from 'tenon/decorators'

import { hashSecretText, isSecretText, makeSecretText } from '../secret-text.ts'
import { KnownPrincipals } from './known-principals.ts'
import { RefreshTokenRows, TokenFamilyRows } from './refresh-token-rows.ts'
import type { RefreshToken, TokenFamily } from './refresh-token.ts'
import { TokensConfig } from './tokens-config.ts'

const PREFIX = 'tnr'
const PURGE_MS = 3_600_000

/** A token that was made, as only its owner knows it. */
export interface MadeRefreshToken {
  readonly refreshToken: string
  /** Milliseconds since the epoch. */
  readonly expiresAt: number
}

/** What a use of a refresh token came to. A reuse must be committed, so it is told and not thrown inside. */
export type Use =
  | {
      readonly kind: 'renewed'
      readonly principal: Principal
      readonly family: TokenFamily
      readonly made: MadeRefreshToken
    }
  | { readonly kind: 'reused'; readonly family: TokenFamily }
  | { readonly kind: 'ended'; readonly familyId: string }
  | { readonly kind: 'invalid' }

/** Whether a text has the form of a token: what has not is refused without a look into the database. */
export function isRefreshToken(text: string): boolean {
  return isSecretText(text, PREFIX)
}

@Injectable()
export class RefreshRotation {
  readonly #config: TokensConfig
  readonly #families: TokenFamilyRows
  readonly #refresh: RefreshTokenRows
  readonly #unitOfWork: UnitOfWork
  readonly #clock: Clock
  readonly #principals: KnownPrincipals | undefined
  #purgedAt = Number.NEGATIVE_INFINITY

  constructor(
    config: TokensConfig,
    families: TokenFamilyRows,
    refresh: RefreshTokenRows,
    unitOfWork: UnitOfWork,
    clock: Clock,
    @Optional() principals?: KnownPrincipals,
  ) {
    this.#config = config
    this.#families = families
    this.#refresh = refresh
    this.#unitOfWork = unitOfWork
    this.#clock = clock
    this.#principals = principals
  }

  /** The first token of a login. */
  async begin(family: TokenFamily): Promise<MadeRefreshToken> {
    const made = await this.#unitOfWork.transaction(async () => {
      await this.#families.insert(family)
      return this.#keep(makeSecretText(PREFIX), family)
    })
    await this.#purge()
    return made
  }

  /** Uses a token up. */
  use(refreshToken: string, keyThumbprint: string | undefined, audience: string | undefined): Promise<Use> {
    return this.#unitOfWork.transaction(() => this.#use(refreshToken, keyThumbprint, audience), { retry: 3 })
  }

  /** The login that a token belongs to, used or not. */
  async familyIdOf(refreshToken: string): Promise<string | undefined> {
    if (!isRefreshToken(refreshToken)) return undefined
    return (await this.#refresh.findOneBy({ id: hashSecretText(refreshToken) }))?.familyId
  }

  /** Who logged in, as it is by now; `undefined` when it may not call any more. */
  async currentOf({ principal }: TokenFamily): Promise<Principal | undefined> {
    const known = JSON.parse(principal) as Principal
    return this.#principals ? this.#principals.current(known) : known
  }

  async #use(refreshToken: string, keyThumbprint: string | undefined, audience: string | undefined): Promise<Use> {
    const now = this.#now
    const id = hashSecretText(refreshToken)
    // Written before it is read: of two who come at once, one waits for the other here, and then sees what it did.
    const isFirst = (await this.#refresh.update({ id, usedAt: IsNull() }, { usedAt: now })) === 1
    const token = await this.#refresh.findOneBy({ id })
    const family = token && (await this.#families.findOneBy({ id: token.familyId }))
    if (!family || family.revokedAt !== null || family.expiresAt <= now) return { kind: 'invalid' }
    // Who has the token without the key is the thief; the owner's stays good (RFC 9449 §5).
    if (token.expiresAt <= now || !fits(family, keyThumbprint, audience)) return this.#undo(token, isFirst)
    if (!isFirst) return this.#again(refreshToken, token, family)
    const principal = await this.currentOf(family)
    if (!principal) return { kind: 'ended', familyId: family.id }
    await this.#families.update({ id: family.id }, { principal: JSON.stringify(principal) })
    const made = await this.#keep(successorOf(refreshToken, token), family)
    return { kind: 'renewed', principal, family, made }
  }

  async #undo({ id }: RefreshToken, isFirst: boolean): Promise<Use> {
    if (isFirst) await this.#refresh.update({ id }, { usedAt: null })
    return { kind: 'invalid' }
  }

  /** An answer may be lost, and two tabs may refresh at once: for a moment, the same token gets the same successor. */
  async #again(refreshToken: string, token: RefreshToken, family: TokenFamily): Promise<Use> {
    const successor = successorOf(refreshToken, token)
    const next = await this.#refresh.findOneBy({ id: hashSecretText(successor) })
    const isRecent = this.#now - (token.usedAt ?? 0) < this.#config.refreshGraceSeconds * 1000
    if (next && next.usedAt === null && isRecent) {
      const principal = JSON.parse(family.principal) as Principal
      return { kind: 'renewed', principal, family, made: { refreshToken: successor, expiresAt: next.expiresAt } }
    }
    return { kind: 'reused', family }
  }

  async #keep(refreshToken: string, family: TokenFamily): Promise<MadeRefreshToken> {
    const expiresAt = Math.min(this.#now + this.#config.refreshTokenSeconds * 1000, family.expiresAt)
    const salt = randomBytes(32).toString('base64url')
    await this.#refresh.insert({ id: hashSecretText(refreshToken), familyId: family.id, salt, expiresAt, usedAt: null })
    return { refreshToken, expiresAt }
  }

  /** Rows that answer nobody any more. */
  async #purge(): Promise<void> {
    const now = this.#now
    if (now - this.#purgedAt < PURGE_MS) return
    this.#purgedAt = now
    await this.#refresh.delete({ expiresAt: LessThan(now) })
    await this.#families.delete({ expiresAt: LessThan(now) })
  }

  get #now(): number {
    return this.#clock.epochMs()
  }
}

/** Made of the token and its row: neither a stolen token nor a stolen database gives the next one away. */
function successorOf(refreshToken: string, { salt }: RefreshToken): string {
  return makeSecretText(PREFIX, createHmac('sha256', Buffer.from(salt, 'base64url')).update(refreshToken).digest())
}

function fits(family: TokenFamily, keyThumbprint: string | undefined, audience: string | undefined): boolean {
  return (
    (audience === undefined || audience === family.audience) &&
    (family.keyThumbprint === null || family.keyThumbprint === keyThumbprint)
  )
}
