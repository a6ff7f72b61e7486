/**
 * Logins as tokens: an access token for minutes, and a refresh token that is replaced at each use. One that comes twice
 * was copied, and ends the login.
 */
import { randomUUID } from 'node:crypto'

import { Clock, Logger, securityEvents, type AuthenticationFactor, type Principal } from 'tenon'
import { IsNull, UnitOfWork } from 'tenon/data'
import { Injectable } from 'tenon/decorators'

import { DpopProofs } from '../dpop/dpop-proofs.ts'
import { revocationId, Revocations } from '../revocations/revocations.ts'
import { AccessTokens } from './access-tokens.ts'
import type { IssuedTokens, StrengthenedToken } from './issued-tokens.ts'
import { isRefreshToken, RefreshRotation, type MadeRefreshToken } from './refresh-rotation.ts'
import { TokenFamilyRows } from './refresh-token-rows.ts'
import type { TokenFamily } from './refresh-token.ts'
import { TokensConfig } from './tokens-config.ts'
import { RefreshTokenInvalid, RefreshTokenReused } from './tokens-errors.ts'

@Injectable()
export class TokenIssuer {
  readonly #config: TokensConfig
  readonly #access: AccessTokens
  readonly #families: TokenFamilyRows
  readonly #rotation: RefreshRotation
  readonly #revocations: Revocations
  readonly #proofs: DpopProofs
  readonly #unitOfWork: UnitOfWork
  readonly #clock: Clock
  readonly #log: Logger

  constructor(
    config: TokensConfig,
    access: AccessTokens,
    families: TokenFamilyRows,
    rotation: RefreshRotation,
    revocations: Revocations,
    proofs: DpopProofs,
    unitOfWork: UnitOfWork,
    clock: Clock,
    log: Logger,
  ) {
    this.#config = config
    this.#access = access
    this.#families = families
    this.#rotation = rotation
    this.#revocations = revocations
    this.#proofs = proofs
    this.#unitOfWork = unitOfWork
    this.#clock = clock
    this.#log = log
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
    return this.#answer(principal, family, await this.#rotation.begin(family))
  }

  /**
   * The next tokens of a login. The token is used up; coming again after `AUTH_REFRESH_GRACE_SECONDS` it revokes the login.
   * Not inside a transaction of your own: its failure would take the revocation back.
   * @param audience - Default: that of the login. Another one is refused.
   * @throws `AUTH_REFRESH_INVALID`, `AUTH_REFRESH_REUSED`, `AUTH_DPOP_INVALID`, `AUTH_DPOP_NONCE`, `AUTH_DPOP_MISSING`
   */
  async refresh(refreshToken: string, audience?: string): Promise<IssuedTokens> {
    if (!isRefreshToken(refreshToken)) throw new RefreshTokenInvalid()
    const use = await this.#rotation.use(refreshToken, await this.#proofs.provenKey(), audience)
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
        return this.#answer(use.principal, use.family, use.made)
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
        const known = await this.#rotation.currentOf(found)
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
    const familyId = await this.#rotation.familyIdOf(refreshToken)
    if (familyId !== undefined) await this.revokeFamily(familyId)
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

  async #answer(
    principal: Principal,
    family: TokenFamily,
    { refreshToken, expiresAt }: MadeRefreshToken,
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

  get #now(): number {
    return this.#clock.epochMs()
  }
}

/** The latest proof of each kind. */
function withFactors(principal: Principal, factors: readonly AuthenticationFactor[]): Principal {
  const methods = new Set(factors.map(({ method }) => method))
  const { scheme = 'bearer', ...authentication } = principal.authentication ?? { factors: [] }
  const kept = authentication.factors.filter(({ method }) => !methods.has(method))
  return { ...principal, authentication: { ...authentication, scheme, factors: [...kept, ...factors] } }
}
