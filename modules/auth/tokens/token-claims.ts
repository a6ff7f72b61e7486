/** Callers as claims and back: RFC 9068 where it has a word, else a private claim. */
import type { Authentication, Principal } from 'tenon'

/** What an access token of ours says. */
export interface TokenClaims {
  readonly iss: string
  readonly sub: string
  readonly aud: string | readonly string[]
  /** Seconds since the epoch, as the others. */
  readonly exp: number
  readonly iat: number
  readonly nbf?: number
  readonly jti: string
  /** The login it descends from: a family of refresh tokens. */
  readonly sid?: string
  readonly client_id?: string
  readonly scope?: string
  readonly roles?: readonly string[]
  readonly tenant?: string
  readonly kind?: Principal['kind']
  /** RFC 8176. */
  readonly amr?: readonly string[]
  readonly auth_time?: number
  /** What was proved, and when in milliseconds: `amr` has no times. */
  readonly factors?: readonly (readonly [method: string, at: number])[]
  readonly act?: ActorClaim
  /** RFC 9449 §6. */
  readonly cnf?: { readonly jkt?: string }
}

/** RFC 8693 §4.1: who acts; inside, in whose name that one acts. */
export interface ActorClaim {
  readonly sub: string
  readonly kind?: Principal['kind']
  readonly act?: ActorClaim
}

/** The claims that say who a caller is. */
export function claimsOf(principal: Principal): Partial<TokenClaims> {
  const { id, kind, roles, scopes, tenant, authentication, actor } = principal
  const factors = authentication?.factors ?? []
  return {
    sub: id,
    ...(kind === undefined || kind === 'user' ? {} : { kind }),
    ...(roles === undefined ? {} : { roles }),
    ...(scopes === undefined ? {} : { scope: scopes.join(' ') }),
    ...(tenant === undefined ? {} : { tenant }),
    ...(factors.length === 0
      ? {}
      : {
          amr: factors.map(({ method }) => method),
          auth_time: Math.floor(Math.max(...factors.map(({ at }) => at)) / 1000),
          factors: factors.map(({ method, at }) => [method, at] as const),
        }),
    ...(actor === undefined ? {} : { act: actorClaim(actor) }),
  }
}

/** The caller that the claims of a verified token of ours speak of. Frozen: calls share it. */
export function principalOf(claims: TokenClaims, scheme: Authentication['scheme']): Principal {
  const { sub, kind, roles, scope, tenant, factors = [], sid, jti, act } = claims
  return Object.freeze({
    id: sub,
    ...(kind === undefined ? {} : { kind }),
    ...(roles === undefined ? {} : { roles: Object.freeze([...roles]) }),
    ...(scope === undefined ? {} : { scopes: scopesOf(scope) }),
    ...(tenant === undefined ? {} : { tenant }),
    authentication: Object.freeze({
      scheme,
      credentialId: sid ?? jti,
      factors: Object.freeze(factors.map(([method, at]) => Object.freeze({ method, at }))),
    }),
    ...(act === undefined ? {} : { actor: actorOf(act) }),
  })
}

/** RFC 6749 §3.3: names with spaces between them. */
export function scopesOf(scope: string): readonly string[] {
  return Object.freeze(scope.split(' ').filter((name) => name !== ''))
}

function actorClaim({ id, kind, actor }: Principal): ActorClaim {
  return {
    sub: id,
    ...(kind === undefined ? {} : { kind }),
    ...(actor === undefined ? {} : { act: actorClaim(actor) }),
  }
}

function actorOf({ sub, kind, act }: ActorClaim): Principal {
  return Object.freeze({
    id: sub,
    ...(kind === undefined ? {} : { kind }),
    ...(act === undefined ? {} : { actor: actorOf(act) }),
  })
}
