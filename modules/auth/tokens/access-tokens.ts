/**
 * Access tokens: signed statements of who calls, for a few minutes. What was verified is remembered, so that a token that
 * comes again costs a look into memory and no promise.
 */
import { Clock, type Principal } from 'tenon'
import { Injectable } from 'tenon/decorators'

import { KeySet } from '../key-sets/key-set.ts'
import { revocationId, Revocations, type RevocationId } from '../revocations/revocations.ts'
import { readToken } from './read-token.ts'
import { RememberedTokens } from './remembered-tokens.ts'
import { ACCESS_TOKEN_TYPE, signToken, verifyToken } from './signatures.ts'
import { claimsOf, principalOf, type TokenClaims } from './token-claims.ts'
import { makeTokenId, momentOf } from './token-id.ts'
import { TokensConfig } from './tokens-config.ts'
import { TokenExpired, TokenInvalid, TokenRevoked } from './tokens-errors.ts'
import { TrustedIssuers } from './trusted-issuers.ts'
import type { VerifiedToken } from './verified-token.ts'

export interface AccessTokenOptions {
  /** Default: `AUTH_AUDIENCE`. */
  readonly audience?: string
  /** Default: `AUTH_ACCESS_TOKEN_SECONDS`; never more. */
  readonly expiresInSeconds?: number
  /** The login it belongs to. */
  readonly familyId?: string
  /** The key that the caller must prove to have. */
  readonly keyThumbprint?: string | undefined
  /** The client that asked for it, where that is not the principal. */
  readonly clientId?: string
}

export interface IssuedAccessToken {
  readonly accessToken: string
  readonly expiresInSeconds: number
  /** Its `jti`: revokes it alone. */
  readonly tokenId: string
}

@Injectable()
export class AccessTokens {
  readonly #config: TokensConfig
  readonly #keys: KeySet
  readonly #revocations: Revocations
  readonly #trusted: TrustedIssuers
  readonly #clock: Clock
  readonly #remembered: RememberedTokens

  constructor(config: TokensConfig, keys: KeySet, revocations: Revocations, trusted: TrustedIssuers, clock: Clock) {
    this.#config = config
    this.#keys = keys
    this.#revocations = revocations
    this.#trusted = trusted
    this.#clock = clock
    this.#remembered = new RememberedTokens(config.cachedTokens)
  }

  async issue(principal: Principal, options: AccessTokenOptions = {}): Promise<IssuedAccessToken> {
    const { issuer, accessTokenSeconds, revocationDelayMs } = this.#config
    await this.#revocations.lookAhead(revocationDelayMs)
    const { audience = this.audience, familyId, keyThumbprint, clientId } = options
    const expiresInSeconds = Math.min(options.expiresInSeconds ?? accessTokenSeconds, accessTokenSeconds)
    // After everything of this caller that is revoked, within the same millisecond too.
    const at = this.#revocations.firstMoment(idsOf(principal))
    const iat = Math.floor(at / 1000)
    const jti = makeTokenId(at)
    const claims: Partial<TokenClaims> = {
      ...this.#config.claims?.(principal),
      ...claimsOf(principal),
      iss: issuer,
      aud: audience,
      iat,
      exp: iat + expiresInSeconds,
      jti,
      ...(familyId === undefined ? {} : { sid: familyId }),
      client_id: clientId ?? principal.id,
      ...(keyThumbprint === undefined ? {} : { cnf: { jkt: keyThumbprint } }),
    }
    return { accessToken: await signToken(claims, this.#keys.current), expiresInSeconds, tokenId: jti }
  }

  /** The `aud` of tokens for this application. */
  get audience(): string {
    return this.#config.audience ?? this.#config.issuer
  }

  /**
   * A token that was verified before and still holds, without waiting; `undefined` when it must be verified.
   * @throws `AUTH_TOKEN_EXPIRED`, `AUTH_TOKEN_REVOKED`
   */
  recall(token: string): VerifiedToken | undefined {
    const remembered = this.#remembered.find(token)
    if (remembered === undefined) return undefined
    const { verified } = remembered
    const now = this.#clock.epochMs()
    if (!this.#revocations.isFresh(this.#config.revocationDelayMs, now)) return undefined
    // Its key may have been revoked.
    if (verified.keyId !== undefined && !this.#keys.find(verified.keyId, now)) {
      this.#remembered.forget(token)
      return undefined
    }
    if (now >= verified.holdsUntil) throw new TokenExpired()
    const { changes } = this.#revocations
    if (remembered.unrevokedAsOf !== changes) {
      if (this.#revocations.has(verified.revocationIds, verified.issuedAt)) throw new TokenRevoked()
      remembered.unrevokedAsOf = changes
    }
    return verified
  }

  /** @throws `AUTH_TOKEN_INVALID`, `AUTH_TOKEN_EXPIRED`, `AUTH_TOKEN_REVOKED`, `AUTH_ISSUER_UNREACHABLE` */
  async verify(token: string): Promise<VerifiedToken> {
    const { revocationDelayMs, maxTokenBytes } = this.#config
    if (!this.#revocations.isFresh(revocationDelayMs)) await this.#revocations.look()
    const recalled = this.recall(token)
    if (recalled) return recalled
    const unverified = readToken(token, maxTokenBytes)
    const trusted = this.#trusted.find(unverified.issuer)
    const verified = trusted
      ? this.#foreign(await this.#trusted.verify(token, trusted, this.#clock.now()))
      : await this.#own(token, unverified)
    // RFC 7800 §3.1, such as a certificate: whoever we do not ask for it might have stolen the token.
    if (verified.claims['cnf'] !== undefined && verified.keyThumbprint === undefined) {
      throw new TokenInvalid('it is bound to something that is not understood')
    }
    if (this.#clock.epochMs() >= verified.holdsUntil) throw new TokenExpired()
    if (this.#revocations.has(verified.revocationIds, verified.issuedAt)) throw new TokenRevoked()
    this.#remembered.keep(token, verified, this.#revocations.changes)
    return verified
  }

  /** Refuses one access token from now on. @param tokenId - Its `jti`. */
  async revoke(tokenId: string): Promise<void> {
    await this.#revocations.revoke(revocationId('token', tokenId), { expiresAt: this.expiredBy })
  }

  /** The same, for who has the token and not its `jti`; one that does not hold changes nothing. */
  async revokeToken(token: string): Promise<void> {
    try {
      const { claims } = await this.verify(token)
      if (typeof claims['jti'] === 'string') await this.revoke(claims['jti'])
    } catch (error) {
      if (!(error instanceof TokenInvalid || error instanceof TokenExpired || error instanceof TokenRevoked))
        throw error
    }
  }

  /** When every access token that is issued now has expired, in milliseconds since the epoch. */
  get expiredBy(): number {
    const { accessTokenSeconds, clockSkewSeconds } = this.#config
    return this.#clock.epochMs() + (accessTokenSeconds + 2 * clockSkewSeconds) * 1000
  }

  async #own(token: string, { issuer, keyId, algorithm }: ReturnType<typeof readToken>): Promise<VerifiedToken> {
    if (issuer !== this.#config.issuer) throw new TokenInvalid('its issuer is not trusted')
    const key = keyId === undefined ? undefined : await this.#keys.lookUp(keyId)
    if (!key) throw new TokenInvalid('its key is unknown')
    // The key says what it is for, never the token: no algorithm can be confused with another.
    if (algorithm !== key.algorithm) throw new TokenInvalid('its algorithm is not allowed')
    const claims = (await verifyToken(token, key, {
      issuer: this.#config.issuer,
      audience: this.audience,
      type: ACCESS_TOKEN_TYPE,
      clockSkewSeconds: this.#config.clockSkewSeconds,
      now: this.#clock.now(),
    })) as unknown as TokenClaims
    const { jti, sid, exp, iat, cnf } = claims
    const principal = principalOf(claims, 'bearer')
    const added = this.#config.principal?.(claims as never)
    return {
      principal: added ? Object.freeze({ ...added, ...principal }) : principal,
      claims: claims as never,
      holdsUntil: (exp + this.#config.clockSkewSeconds) * 1000,
      issuedAt: momentOf(jti) ?? iat * 1000,
      revocationIds: revocationIds(jti, sid, principal),
      keyId: key.id,
      keyThumbprint: cnf?.jkt,
    }
  }

  #foreign({ claims, principal }: Awaited<ReturnType<TrustedIssuers['verify']>>): VerifiedToken {
    const { exp, iat, jti, cnf } = claims as Partial<TokenClaims>
    return {
      principal: Object.freeze(principal),
      claims,
      holdsUntil: (exp! + this.#config.clockSkewSeconds) * 1000,
      issuedAt: (iat ?? 0) * 1000,
      revocationIds: revocationIds(jti, undefined, principal),
      keyId: undefined,
      keyThumbprint: cnf?.jkt,
    }
  }
}

function revocationIds(
  jti: string | undefined,
  sid: string | undefined,
  principal: Principal,
): readonly RevocationId[] {
  return [
    ...(jti === undefined ? [] : [revocationId('token', jti)]),
    ...(sid === undefined ? [] : [revocationId('family', sid)]),
    ...idsOf(principal),
  ]
}

/** Whoever acts in a caller's name may not do so any longer than it may call itself. */
function idsOf({ id, actor }: Principal): readonly RevocationId[] {
  return [revocationId('principal', id), ...(actor ? idsOf(actor) : [])]
}
