/** Access tokens for programs: for themselves (RFC 6749 §4.4), and to act in the name of a caller (RFC 8693). */
import { Clock, securityEvents, type Principal } from 'tenon'
import { Injectable } from 'tenon/decorators'

import { DpopProofs } from '../dpop/dpop-proofs.ts'
import { AccessTokens, type IssuedAccessToken } from '../tokens/access-tokens.ts'
import { scopesOf } from '../tokens/token-claims.ts'
import { ExchangeRefused, GrantScopeInvalid } from './service-accounts-errors.ts'
import { callerOf, type ServiceAccountSummary } from './service-accounts.ts'

export interface ServiceToken extends IssuedAccessToken {
  readonly tokenType: 'Bearer' | 'DPoP'
  /** `undefined`: not limited. */
  readonly scopes: readonly string[] | undefined
}

export interface TokenWish {
  /** Names with spaces between them. Default: all there are. */
  readonly scope?: string
  /** Default: this application. */
  readonly audience?: string
}

/** How many may act in each other's name. */
const LONGEST_CHAIN = 4

@Injectable()
export class ServiceTokens {
  readonly #access: AccessTokens
  readonly #proofs: DpopProofs
  readonly #clock: Clock

  constructor(access: AccessTokens, proofs: DpopProofs, clock: Clock) {
    this.#access = access
    this.#proofs = proofs
    this.#clock = clock
  }

  /** @throws `AUTH_GRANT_SCOPE` */
  async forItself(account: ServiceAccountSummary, { scope, audience }: TokenWish): Promise<ServiceToken> {
    const scopes = granted(scope, [account.scopes])
    return this.#issue({ ...callerOf(account), scopes }, { audience })
  }

  /**
   * A token that says who calls and who acts; it allows no more than both may, and lasts no longer than the one it was
   * exchanged for.
   * @throws `AUTH_EXCHANGE_REFUSED`, `AUTH_GRANT_SCOPE`, `AUTH_TOKEN_INVALID`, `AUTH_TOKEN_EXPIRED`, `AUTH_TOKEN_REVOKED`
   */
  async inNameOf(account: ServiceAccountSummary, subjectToken: string, wish: TokenWish): Promise<ServiceToken> {
    if (!account.mayActForOthers) throw new ExchangeRefused('the service account may not act for others')
    const { principal, claims } = await this.#access.verify(subjectToken)
    if (account.tenant !== undefined && account.tenant !== principal.tenant) {
      throw new ExchangeRefused('the caller belongs to another tenant')
    }
    if (lengthOf(principal) >= LONGEST_CHAIN)
      throw new ExchangeRefused('too many act in the name of each other already')
    const scopes = granted(wish.scope, [account.scopes, principal.scopes])
    const { exp, sid } = claims as { readonly exp: number; readonly sid?: string }
    const remainingSeconds = Math.max(1, Math.floor(exp - this.#now / 1000))
    const actor: Principal = {
      id: account.id,
      kind: 'service',
      ...(principal.actor === undefined ? {} : { actor: principal.actor }),
    }
    const token = await this.#issue(
      { ...principal, scopes, actor },
      { audience: wish.audience, expiresInSeconds: remainingSeconds, familyId: sid, clientId: account.id },
    )
    securityEvents.publish({
      type: 'tokens.exchanged',
      outcome: 'allowed',
      principalId: principal.id,
      subject: account.id,
      at: this.#now,
    })
    return token
  }

  async #issue(principal: Principal, options: Parameters<AccessTokens['issue']>[1]): Promise<ServiceToken> {
    const keyThumbprint = await this.#proofs.provenKey()
    const issued = await this.#access.issue(principal, { ...options, keyThumbprint })
    return { ...issued, tokenType: keyThumbprint === undefined ? 'Bearer' : 'DPoP', scopes: principal.scopes }
  }

  get #now(): number {
    return this.#clock.epochMs()
  }
}

/** What everybody involved has, or what of it is asked for; `undefined` where nobody is limited and nothing is asked for. */
function granted(
  scope: string | undefined,
  limits: readonly (readonly string[] | undefined)[],
): readonly string[] | undefined {
  const stated = limits.filter((limit) => limit !== undefined)
  const isAllowed = (name: string): boolean => stated.every((limit) => limit.includes(name))
  if (scope === undefined) return stated[0]?.filter(isAllowed)
  const wanted = scopesOf(scope)
  const excess = wanted.filter((name) => !isAllowed(name))
  if (excess.length > 0) throw new GrantScopeInvalid(excess.join(' '))
  return wanted
}

function lengthOf({ actor }: Principal): number {
  return actor ? 1 + lengthOf(actor) : 0
}
