/** Logging in with an issuer: begun with a redirect there, and ended with what comes back. */
import { Clock, Logger, securityEvents, TenonError, type AuthenticationFactor, type CallContext } from 'tenon'
import { PublicUrl, type AccountRecord } from 'tenon/auth'
import { Injectable } from 'tenon/decorators'
import type { Configuration, TokenEndpointResponse, TokenEndpointResponseHelpers } from 'openid-client'

import { OidcAttemptInvalid, OidcIssuerUnreachable, OidcLoginRefused } from '../oidc-errors.ts'
import { AccountMatching } from './account-matching.ts'
import type { LoginAttempt } from './login-attempt.ts'
import { LoginCookies } from './login-cookies.ts'
import { loadClient, OidcIssuers } from './oidc-issuers.ts'
import { OidcLoginConfig } from './oidc-login-config.ts'
import type { IdentityClaims, OidcIssuer } from './oidc-issuer.ts'
import { ReturnTargets } from './return-targets.ts'
import { UsedStates } from './used-states.ts'

/** What is to be begun. */
export interface LoginStart {
  /** The name of the issuer. */
  readonly issuer: string
  /** Below which the endpoints are, such as `/auth/oidc`. */
  readonly prefix: string
  readonly returnTo?: string | undefined
  readonly link?: LoginAttempt['link']
}

/** Somebody, as an issuer has vouched for them. */
export interface VouchedIdentity {
  readonly issuer: OidcIssuer
  readonly claims: IdentityClaims
  readonly factors: readonly AuthenticationFactor[]
  readonly idToken: string
  readonly attempt: LoginAttempt
}

type Tokens = TokenEndpointResponse & TokenEndpointResponseHelpers

const DEFAULT_SCOPE = 'openid email profile'
/** What RFC 8176 calls a factor; longer or stranger texts are not taken for one. */
const METHOD = /^[a-z0-9_-]{1,20}$/

@Injectable()
export class OidcLogins {
  readonly #issuers: OidcIssuers
  readonly #cookies: LoginCookies
  readonly #used: UsedStates
  readonly #targets: ReturnTargets
  readonly #matching: AccountMatching
  readonly #publicUrl: PublicUrl
  readonly #config: OidcLoginConfig
  readonly #clock: Clock
  readonly #log: Logger

  constructor(
    issuers: OidcIssuers,
    cookies: LoginCookies,
    used: UsedStates,
    targets: ReturnTargets,
    matching: AccountMatching,
    publicUrl: PublicUrl,
    config: OidcLoginConfig,
    clock: Clock,
    log: Logger,
  ) {
    this.#issuers = issuers
    this.#cookies = cookies
    this.#used = used
    this.#targets = targets
    this.#matching = matching
    this.#publicUrl = publicUrl
    this.#config = config
    this.#clock = clock
    this.#log = log
  }

  /**
   * Where the browser is to go. What the way back needs is put into a cookie of this call.
   * @throws `OIDC_ISSUER_UNKNOWN`, `OIDC_RETURN_REFUSED`, `OIDC_ISSUER_UNREACHABLE`
   */
  async begin(context: CallContext, { issuer: name, prefix, returnTo, link }: LoginStart): Promise<URL> {
    const issuer = this.#issuers.find(name)
    const target = this.#targets.check(returnTo)
    const client = await loadClient()
    const configuration = await this.#issuers.configurationOf(issuer)
    const attempt: LoginAttempt = {
      issuer: name,
      state: client.randomState(),
      nonce: client.randomNonce(),
      verifier: client.randomPKCECodeVerifier(),
      returnTo: target,
      expiresAt: this.#clock.epochMs() + this.#config.minutes * 60_000,
      ...(link && { link }),
    }
    this.#cookies.writeAttempt(context, attempt)
    return client.buildAuthorizationUrl(configuration, {
      redirect_uri: this.callbackOf(name, prefix).href,
      scope: issuer.scope ?? DEFAULT_SCOPE,
      state: attempt.state,
      nonce: attempt.nonce,
      code_challenge: await client.calculatePKCECodeChallenge(attempt.verifier),
      code_challenge_method: 'S256',
      ...(issuer.maxAgeSeconds !== undefined && { max_age: String(issuer.maxAgeSeconds) }),
    })
  }

  /**
   * Who has come back, proved by the issuer that this browser was sent to.
   * @throws `OIDC_ATTEMPT_INVALID`, `OIDC_LOGIN_REFUSED`, `OIDC_ISSUER_UNREACHABLE`
   */
  async finish(context: CallContext, name: string, prefix: string, query: string): Promise<VouchedIdentity> {
    const issuer = this.#issuers.find(name)
    try {
      const attempt = await this.#attemptOf(context, issuer, query)
      const url = this.callbackOf(name, prefix)
      url.search = query
      return await this.#exchange(issuer, attempt, url)
    } catch (error) {
      this.#tell('refused', issuer, undefined, (error as TenonError).code)
      throw error
    }
  }

  /**
   * The account that an identity opens.
   * @throws `OIDC_ACCOUNT_UNKNOWN`, `OIDC_EMAIL_UNVERIFIED`, `OIDC_LINK_NEEDED`
   */
  async accountOf({ issuer, claims }: VouchedIdentity): Promise<AccountRecord> {
    try {
      const account = await this.#matching.find(issuer, claims)
      this.#tell('allowed', issuer, account.id)
      return account
    } catch (error) {
      this.#tell('refused', issuer, undefined, (error as TenonError).code)
      throw error
    }
  }

  /** Where the issuer leads back to: one address for each, so that an answer of one is not taken for another's (RFC 9700 §4.4). */
  callbackOf(name: string, prefix: string): URL {
    return this.#publicUrl.to(`${prefix}/${name}/callback`)
  }

  async #attemptOf(context: CallContext, issuer: OidcIssuer, query: string): Promise<LoginAttempt> {
    const attempt = this.#cookies.takeAttempt(context)
    const states = new URLSearchParams(query).getAll('state')
    const isOurs = attempt?.issuer === issuer.name && states.length === 1 && states[0] === attempt.state
    if (!attempt || !isOurs) throw new OidcAttemptInvalid()
    await this.#used.use(attempt)
    return attempt
  }

  async #exchange(issuer: OidcIssuer, attempt: LoginAttempt, url: URL): Promise<VouchedIdentity> {
    const configuration = await this.#issuers.configurationOf(issuer)
    const client = await loadClient()
    try {
      const tokens = await client.authorizationCodeGrant(configuration, url, {
        pkceCodeVerifier: attempt.verifier,
        expectedState: attempt.state,
        expectedNonce: attempt.nonce,
        idTokenExpected: true,
        ...(issuer.maxAgeSeconds !== undefined && { maxAge: issuer.maxAgeSeconds }),
      })
      const claims = await claimsOf(configuration, tokens)
      return { issuer, claims, factors: this.#factorsOf(issuer, claims), idToken: tokens.id_token!, attempt }
    } catch (error) {
      throw this.#explain(error, issuer)
    }
  }

  /** Causes of the library hold tokens and claims: its sentence and code are all that is written down. */
  #explain(error: unknown, { name }: OidcIssuer): TenonError {
    const { message, code, error: told } = error as Error & { readonly code?: unknown; readonly error?: unknown }
    this.#log.warn('A login with an identity provider was not completed.', {
      issuer: name,
      reason: message,
      ...(typeof code === 'string' && { code }),
      ...(typeof told === 'string' && { answer: told.slice(0, 100) }),
    })
    return isUnreached(error) ? new OidcIssuerUnreachable(name) : new OidcLoginRefused(name)
  }

  /** The login here is as old as the one there, where the issuer tells. */
  #factorsOf({ trustsFactors = false }: OidcIssuer, claims: IdentityClaims): readonly AuthenticationFactor[] {
    const now = this.#clock.epochMs()
    const { auth_time: told, amr } = claims
    const at = typeof told === 'number' ? Math.min(told * 1000, now) : now
    const methods = trustsFactors && Array.isArray(amr) ? amr.filter(isMethod) : []
    return [...new Set(['fed', ...methods])].map((method) => ({ method, at }))
  }

  #tell(outcome: 'allowed' | 'refused', { name }: OidcIssuer, accountId?: string, reason?: string): void {
    securityEvents.publish({
      type: 'oidc.login',
      outcome,
      at: this.#clock.epochMs(),
      details: { issuer: name },
      ...(accountId !== undefined && { principalId: accountId, subject: accountId }),
      ...(reason !== undefined && { reason }),
    })
  }
}

/** Nobody has answered: the connection failed, or led to an address that must not be called. */
function isUnreached(error: unknown): boolean {
  if (!(error instanceof Error)) return false
  const { code } = error as { readonly code?: unknown }
  return (
    error instanceof TenonError ||
    code === 'OAUTH_TIMEOUT' ||
    error.message === 'fetch failed' ||
    isUnreached(error.cause)
  )
}

function isMethod(value: unknown): value is string {
  return typeof value === 'string' && METHOD.test(value)
}

/** The ID token's word counts before that of userinfo, which must be about the same subject (OpenID Connect Core §5.3.2). */
async function claimsOf(configuration: Configuration, tokens: Tokens): Promise<IdentityClaims> {
  const claims = tokens.claims()!
  const { userinfo_endpoint: hasUserInfo } = configuration.serverMetadata()
  if (claims['email'] !== undefined || hasUserInfo === undefined) return claims as object as IdentityClaims
  const { fetchUserInfo } = await loadClient()
  return {
    ...(await fetchUserInfo(configuration, tokens.access_token, claims.sub)),
    ...claims,
  } as object as IdentityClaims
}
