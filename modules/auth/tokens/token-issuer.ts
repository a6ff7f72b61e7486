/**
 * Logins as tokens: an access token for minutes, and a refresh token that is replaced at each use. One that comes twice
 * was copied, and ends the login.
 */
import { createHmac, randomBytes, randomUUID } from 'node:crypto'

import { Clock, Logger, securityEvents, type AuthenticationFactor, type Principal } from 'tenon'
import { IsNull, LessThan, UnitOfWork } from 'tenon/data'
import { Injectable, Optional } from 'tenon/decorators'

import { DpopProofs } from '../dpop/dpop-proofs.ts'
import { revocationId, Revocations } from '../revocations/revocations.ts'
import { hashSecretText, isSecretText, makeSecretText } from '../secret-text.ts'
import { AccessTokens } from './access-tokens.ts'
import type { IssuedTokens, StrengthenedToken } from './issued-tokens.ts'
import { KnownPrincipals } from './known-principals.ts'
import { RefreshTokenRows, TokenFamilyRows } from './refresh-token-rows.ts'
import type { RefreshToken, TokenFamily } from './refresh-token.ts'
import { TokensConfig } from './tokens-config.ts'
import { RefreshTokenInvalid, RefreshTokenReused } from './tokens-errors.ts'

const PREFIX = 'tnr'
const PURGE_MS = 3_600_000

/** What a use of a refresh token came to. A reuse must be committed, so it is told and not thrown inside. */
type Use =
  | {
      readonly kind: 'renewed'
      readonly principal: Principal
      readonly family: TokenFamily
      readonly refreshToken: string
      readonly expiresAt: number
    }
  | { readonly kind: 'reused'; readonly family: TokenFamily }
  | { readonly kind: 'ended'; readonly familyId: string }
  | { readonly kind: 'invalid' }

@Injectable()
export class TokenIssuer {
  readonly #config: TokensConfig
  readonly #access: AccessTokens
  readonly #families: TokenFamilyRows
  readonly #refresh: RefreshTokenRows
  readonly #revocations: Revocations
  readonly #proofs: DpopProofs
  readonly #unitOfWork: UnitOfWork
  readonly #clock: Clock
  readonly #log: Logger
  readonly #principals: KnownPrincipals | undefined
  #purgedAt = Number.NEGATIVE_INFINITY

  constructor(
    config: TokensConfig,
    access: AccessTokens,
    families: TokenFamilyRows,
    refresh: RefreshTokenRows,
    revocations: Revocations,
    proofs: DpopProofs,
    unitOfWork: UnitOfWork,
    clock: Clock,
    log: Logger,
    @Optional() principals?: KnownPrincipals,
  ) {
    this.#config = config
    this.#access = access
    this.#families = families
    this.#refresh = refresh
    this.#revocations = revocations
    this.#proofs = proofs
    this.#unitOfWork = unitOfWork
    this.#clock = clock
    this.#log = log
    this.#principals = principals
  }

  /**
   * Begins a login. Inside a call that has a DPoP proof, the tokens are bound to its key.
   * @throws `AUTH_DPOP_INVALID`, `AUTH_DPOP_NONCE`; `AUTH_DPOP_MISSING` where proofs are required.
   */
  async issue(
    principal: Principal,
    { audience = this.#access.audience }: { readonly audience?: string } = {},
  ): Promise<IssuedTokens> {
    const keyThumbprint = await this.#proofs.provenKey()
    const now = this.#now
    const family: TokenFamily = {
      id: randomUUID(),
      principalId: principal.id,
      principal: JSON.stringify(principal),
      audience,
      keyThumbprint: keyThumbprint ?? null,
      createdAt: now,
      expiresAt: now + this.#config.refreshFamilySeconds * 1000,
      revokedAt: null,
    }
    const refreshToken = makeSecretText(PREFIX)
    const expiresAt = await this.#unitOfWork.transaction(async () => {
      await this.#families.insert(family)
      return this.#keep(refreshToken, family)
    })
    await this.#purge(now)
    return this.#answer(principal, family, refreshToken, expiresAt)
  }

  /**
   * The next tokens of a login. The token is used up; coming again after `AUTH_REFRESH_GRACE_SECONDS` it revokes the login.
   * Not inside a transaction of your own: its failure would take the revocation back.
   * @param audience - Default: that of the login. Another one is refused.
   * @throws `AUTH_REFRESH_INVALID`, `AUTH_REFRESH_REUSED`, `AUTH_DPOP_INVALID`, `AUTH_DPOP_NONCE`, `AUTH_DPOP_MISSING`
   */
  async refresh(refreshToken: string, audience?: string): Promise<IssuedTokens> {
    if (!isSecretText(refreshToken, PREFIX)) throw new RefreshTokenInvalid()
    const keyThumbprint = await this.#proofs.provenKey()
    const use = await this.#unitOfWork.transaction(() => this.#use(refreshToken, keyThumbprint, audience), { retry: 3 })
    switch (use.kind) {
      case 'invalid':
        throw new RefreshTokenInvalid()
      case 'ended':
        await this.revokeFamily(use.familyId)
        throw new RefreshTokenInvalid()
      case 'reused':
        await this.#refuseReuse(use.family)
        throw new RefreshTokenReused()
      case 'renewed':
        return this.#answer(use.principal, use.family, use.refreshToken, use.expiresAt)
    }
  }

  /**
   * Adds what was proved further to a login: an access token that says so, as those do that it is refreshed to. The one
   * that the caller has goes on saying less. Bound to a key where the login is.
   * @throws `AUTH_REFRESH_INVALID` when the login is over, or was never one of this principal.
   */
  async strengthen(
    { id: principalId, authentication }: Principal,
    factors: readonly AuthenticationFactor[],
  ): Promise<StrengthenedToken> {
    const familyId = authentication?.credentialId
    const { principal, family } = await this.#unitOfWork.transaction(
      async () => {
        const now = this.#now
        const found = familyId === undefined ? null : await this.#families.findOneBy({ id: familyId, principalId })
        if (!found || found.revokedAt !== null || found.expiresAt <= now) throw new RefreshTokenInvalid()
        const known = await this.#currentOf(found)
        if (!known) throw new RefreshTokenInvalid()
        const stronger = withFactors(known, factors)
        await this.#families.update({ id: found.id }, { principal: JSON.stringify(stronger) })
        return { principal: stronger, family: found }
      },
      { retry: 3 },
    )
    const { id, audience, keyThumbprint } = family
    const options = { audience, familyId: id, keyThumbprint: keyThumbprint ?? undefined }
    const { accessToken, expiresInSeconds } = await this.#access.issue(principal, options)
    return { accessToken, tokenType: keyThumbprint === null ? 'Bearer' : 'DPoP', expiresInSeconds }
  }

  /** Ends one login: its refresh token and its access tokens count no more. */
  async revokeFamily(familyId: string): Promise<void> {
    await this.#unitOfWork.transaction(async () => {
      await this.#families.update({ id: familyId, revokedAt: IsNull() }, { revokedAt: this.#now })
      await this.#revocations.revoke(revocationId('family', familyId), { expiresAt: this.#access.expiredBy })
    })
  }

  /** Ends the login that a refresh token belongs to; what is no token of ours changes nothing (RFC 7009 §2.2). */
  async revoke(refreshToken: string): Promise<void> {
    if (!isSecretText(refreshToken, PREFIX)) return
    const token = await this.#refresh.findOneBy({ id: hashSecretText(refreshToken) })
    if (token) await this.revokeFamily(token.familyId)
  }

  /** Ends all logins of a principal, and every access token it has. */
  async revokeAllOf(principalId: string): Promise<void> {
    await this.#unitOfWork.transaction(async () => {
      const now = this.#now
      await this.#families.update({ principalId, revokedAt: IsNull() }, { revokedAt: now })
      const issuedUntil = this.#revocations.firstMoment([revocationId('principal', principalId)])
      const expiresAt = this.#access.expiredBy
      await this.#revocations.revoke(revocationId('principal', principalId), { issuedUntil, expiresAt })
    })
  }

  /** The logins of a principal that can still be refreshed, the latest first. */
  async familiesOf(principalId: string): Promise<readonly { readonly id: string; readonly createdAt: Date }[]> {
    const families = await this.#families.find({
      where: { principalId, revokedAt: IsNull() },
      order: { createdAt: 'DESC' },
    })
    return families
      .filter(({ expiresAt }) => expiresAt > this.#now)
      .map(({ id, createdAt }) => ({ id, createdAt: new Date(createdAt) }))
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
    const principal = await this.#currentOf(family)
    if (!principal) return { kind: 'ended', familyId: family.id }
    await this.#families.update({ id: family.id }, { principal: JSON.stringify(principal) })
    const successor = successorOf(refreshToken, token)
    const expiresAt = await this.#keep(successor, family)
    return { kind: 'renewed', principal, family, refreshToken: successor, expiresAt }
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
      return { kind: 'renewed', principal, family, refreshToken: successor, expiresAt: next.expiresAt }
    }
    return { kind: 'reused', family }
  }

  async #refuseReuse({ id, principalId }: TokenFamily): Promise<void> {
    await this.revokeFamily(id)
    this.#log.warn('A refresh token was used twice; the login it belongs to is ended.', { familyId: id, principalId })
    securityEvents.publish({
      type: 'tokens.reuse',
      outcome: 'refused',
      principalId,
      subject: id,
      reason: RefreshTokenReused.code,
      at: this.#now,
    })
  }

  /** @returns When it expires. */
  async #keep(refreshToken: string, family: TokenFamily): Promise<number> {
    const expiresAt = Math.min(this.#now + this.#config.refreshTokenSeconds * 1000, family.expiresAt)
    const salt = randomBytes(32).toString('base64url')
    await this.#refresh.insert({ id: hashSecretText(refreshToken), familyId: family.id, salt, expiresAt, usedAt: null })
    return expiresAt
  }

  async #answer(
    principal: Principal,
    family: TokenFamily,
    refreshToken: string,
    expiresAt: number,
  ): Promise<IssuedTokens> {
    const { id: familyId, audience, keyThumbprint } = family
    const { accessToken, expiresInSeconds } = await this.#access.issue(principal, {
      audience,
      familyId,
      keyThumbprint: keyThumbprint ?? undefined,
    })
    return {
      accessToken,
      tokenType: keyThumbprint === null ? 'Bearer' : 'DPoP',
      expiresInSeconds,
      refreshToken,
      refreshExpiresInSeconds: Math.floor((expiresAt - this.#now) / 1000),
      familyId,
    }
  }

  async #currentOf({ principal }: TokenFamily): Promise<Principal | undefined> {
    const known = JSON.parse(principal) as Principal
    return this.#principals ? this.#principals.current(known) : known
  }

  /** Rows that answer nobody any more. */
  async #purge(now: number): Promise<void> {
    if (now - this.#purgedAt < PURGE_MS) return
    this.#purgedAt = now
    await this.#refresh.delete({ expiresAt: LessThan(now) })
    await this.#families.delete({ expiresAt: LessThan(now) })
  }

  get #now(): number {
    return this.#clock.now().getTime()
  }
}

/** Made of the token and its row: neither a stolen token nor a stolen database gives the next one away. */
function successorOf(refreshToken: string, { salt }: RefreshToken): string {
  return makeSecretText(PREFIX, createHmac('sha256', Buffer.from(salt, 'base64url')).update(refreshToken).digest())
}

/** The latest proof of each kind. */
function withFactors(principal: Principal, factors: readonly AuthenticationFactor[]): Principal {
  const methods = new Set(factors.map(({ method }) => method))
  const { scheme = 'bearer', ...authentication } = principal.authentication ?? { factors: [] }
  const kept = authentication.factors.filter(({ method }) => !methods.has(method))
  return { ...principal, authentication: { ...authentication, scheme, factors: [...kept, ...factors] } }
}

function fits(family: TokenFamily, keyThumbprint: string | undefined, audience: string | undefined): boolean {
  return (
    (audience === undefined || audience === family.audience) &&
    (family.keyThumbprint === null || family.keyThumbprint === keyThumbprint)
  )
}
