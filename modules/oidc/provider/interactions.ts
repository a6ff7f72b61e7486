/** Logins that clients have begun, from where the library has no more to say until their owner does. */
import { type HttpContext } from 'tenon'
import { AccountStore, type SessionRecord } from 'tenon/auth'
import { Injectable } from 'tenon/decorators'
import type Provider from 'oidc-provider'

import { OidcInteractionInvalid } from '../oidc-errors.ts'
import { OidcProvider } from './oidc-provider.ts'

type Details = Awaited<ReturnType<Provider['interactionDetails']>>

/** What is asked, in the words of pages. */
export interface Question {
  readonly kind: 'login' | 'consent'
  /** For people. */
  readonly client: string
  readonly redirectUri: unknown
  readonly loginHint: string
  readonly scopes: readonly string[]
  readonly details: Details
}

/** Reasons for which a login from before does not count. */
const WANTS_FRESH: readonly string[] = ['login_prompt', 'max_age', 'essential_acr', 'essential_acrs']

@Injectable()
export class Interactions {
  readonly #provider: OidcProvider
  readonly #accounts: AccountStore

  constructor(provider: OidcProvider, accounts: AccountStore) {
    this.#provider = provider
    this.#accounts = accounts
  }

  /**
   * What the interaction asks, in the browser that it belongs to.
   * @throws `OIDC_INTERACTION_INVALID`
   */
  async read({ request, response }: HttpContext, uid: string): Promise<Question> {
    const provider = await this.#provider.current()
    const details = await provider.interactionDetails(request, response).catch(refuse)
    if (details.uid !== uid) throw new OidcInteractionInvalid()
    const { prompt, params } = details
    const client = await provider.Client.find(String(params['client_id']))
    const hint = params['login_hint']
    return {
      kind: prompt.name === 'consent' ? 'consent' : 'login',
      client: client?.clientName ?? String(params['client_id']),
      redirectUri: params['redirect_uri'],
      loginHint: typeof hint === 'string' ? hint.slice(0, 254) : '',
      scopes: scopesOf(prompt.details),
      details,
    }
  }

  /**
   * Whether a session answers the question who it is: one that is fresh enough, of an account that is open.
   */
  async answers({ details: { prompt, iat } }: Question, session: SessionRecord): Promise<boolean> {
    const isFresh = latestFactor(session) >= iat * 1000
    if (!isFresh && prompt.reasons.some((reason) => WANTS_FRESH.includes(reason))) return false
    const account = await this.#accounts.findById(session.accountId)
    return account !== undefined && account.disabledAt === null
  }

  /** @returns Where the browser goes on. */
  async logIn(context: HttpContext, session: SessionRecord): Promise<string> {
    const { accountId, factors } = session
    const ts = Math.floor(latestFactor(session) / 1000)
    return this.#finish(context, { login: { accountId, ts, amr: factors.map(({ method }) => method) } })
  }

  /**
   * Grants all that was asked for.
   * @throws `OIDC_INTERACTION_INVALID` when somebody else is logged in by now.
   */
  async allow(context: HttpContext, { details }: Question, session: SessionRecord | undefined): Promise<string> {
    const { grantId, params, prompt, session: asked } = details
    const accountId = asked?.accountId
    if (accountId === undefined || session?.accountId !== accountId) throw new OidcInteractionInvalid()
    const { Grant } = await this.#provider.current()
    const known = grantId === undefined ? undefined : await Grant.find(grantId)
    const grant = known ?? new Grant({ accountId, clientId: String(params['client_id']) })
    const { missingOIDCScope, missingOIDCClaims, missingResourceScopes } = prompt.details as MissingDetails
    if (missingOIDCScope) grant.addOIDCScope(missingOIDCScope.join(' '))
    if (missingOIDCClaims) grant.addOIDCClaims(missingOIDCClaims)
    for (const [resource, scopes] of Object.entries(missingResourceScopes ?? {}))
      grant.addResourceScope(resource, scopes.join(' '))
    return this.#finish(context, { consent: { grantId: await grant.save() } })
  }

  async refuse(context: HttpContext): Promise<string> {
    return this.#finish(context, { error: 'access_denied', error_description: 'The person has cancelled' })
  }

  async #finish({ request, response }: HttpContext, result: Parameters<Provider['interactionResult']>[2]) {
    const provider = await this.#provider.current()
    return provider.interactionResult(request, response, result).catch(refuse)
  }
}

interface MissingDetails {
  readonly missingOIDCScope?: readonly string[]
  readonly missingOIDCClaims?: string[]
  readonly missingResourceScopes?: Readonly<Record<string, readonly string[]>>
}

function scopesOf(details: object): readonly string[] {
  const { missingOIDCScope = [], missingResourceScopes = {} } = details as MissingDetails
  return [...missingOIDCScope, ...Object.values(missingResourceScopes).flat()]
}

function latestFactor({ factors, createdAt }: SessionRecord): number {
  return factors.length === 0 ? createdAt : Math.max(...factors.map(({ at }) => at))
}

function refuse(): never {
  throw new OidcInteractionInvalid()
}
