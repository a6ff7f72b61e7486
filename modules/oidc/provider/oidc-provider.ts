/** The authorization server: one for each state of the key set. The one file that makes it. */
import { timingSafeEqual } from 'node:crypto'

import { Clock, ctx, Logger, securityEvents } from 'tenon'
import { KeySet, PublicUrl, Sessions, SessionsConfig } from 'tenon/auth'
import { Injectable, OnReady } from 'tenon/decorators'
import type Provider from 'oidc-provider'
import type { KoaContextWithOIDC } from 'oidc-provider'

import { loadPackage } from '../load-package.ts'
import { SessionCaller } from '../session-caller.ts'
import { AccountClaims } from './account-claims.ts'
import { interactionRules } from './interaction-rules.ts'
import { hashSecret } from './oidc-client.ts'
import { OidcMount } from './oidc-mount.ts'
import { OidcProviderConfig } from './oidc-provider-config.ts'
import { OidcRecords } from './oidc-records.ts'
import { readKeys } from './provider-keys.ts'
import { providerSettings } from './provider-settings.ts'
import { adapterOn } from './records-adapter.ts'

interface Running {
  readonly version: string
  readonly provider: Provider
}

@Injectable()
export class OidcProvider {
  readonly #config: OidcProviderConfig
  readonly #mount: OidcMount
  readonly #records: OidcRecords
  readonly #claims: AccountClaims
  readonly #caller: SessionCaller
  readonly #keySet: KeySet
  readonly #publicUrl: PublicUrl
  readonly #sessions: Sessions
  readonly #isSecure: boolean
  readonly #clock: Clock
  readonly #log: Logger
  #running: Promise<Running> | undefined

  constructor(
    config: OidcProviderConfig,
    mount: OidcMount,
    records: OidcRecords,
    claims: AccountClaims,
    caller: SessionCaller,
    keySet: KeySet,
    publicUrl: PublicUrl,
    sessions: Sessions,
    { secure }: SessionsConfig,
    clock: Clock,
    log: Logger,
  ) {
    this.#config = config
    this.#mount = mount
    this.#records = records
    this.#claims = claims
    this.#caller = caller
    this.#keySet = keySet
    this.#publicUrl = publicUrl
    this.#sessions = sessions
    this.#isSecure = secure
    this.#clock = clock
    this.#log = log
  }

  /** Who we are: what others know as `iss`. */
  get issuer(): string {
    return this.#publicUrl.to(this.#mount.path).href.replace(/\/$/, '')
  }

  /** What cannot work does not start. @throws `OIDC_KEYS_SYMMETRIC`, `OIDC_CLIENT_INVALID`, `OIDC_PACKAGE_MISSING` */
  @OnReady()
  async start(): Promise<void> {
    await this.current()
  }

  /** The library reads its keys once, so new keys need a new one. All it knows lies in the database. */
  async current(): Promise<Provider> {
    const keys = readKeys(this.#keySet, this.#clock.epochMs())
    const running = await this.#running?.catch(() => undefined)
    if (running?.version === keys.version) return running.provider
    this.#running = this.#make(keys)
    return (await this.#running).provider
  }

  async #make(keys: ReturnType<typeof readKeys>): Promise<Running> {
    const library = await loadPackage(() => import('oidc-provider'), 'oidc-provider', '9.13.3')
    const { issuer } = this
    const settings = providerSettings({
      issuer,
      isSecure: this.#isSecure,
      config: this.#config,
      keys,
      claims: this.#claims,
      adapter: adapterOn(this.#records, library.errors),
      policy: interactionRules(library.interactionPolicy, this.#caller),
      errors: library.errors,
    })
    const provider = new library.default(issuer, settings)
    trustPublicAddress(provider, this.#isSecure)
    keepSecretsHashed(provider)
    this.#watch(provider)
    return { version: keys.version, provider }
  }

  #watch(provider: Provider): void {
    const ended = new WeakSet<object>()
    provider.on('end_session.success', (context: KoaContextWithOIDC) => ended.add(context))
    provider.use(async (context, next) => {
      await next()
      if (ended.has(context)) await this.#sessions.close(ctx())
    })
    provider.on('server_error', (_context, error) => this.#log.error('The authorization server failed.', { error }))
    // With a listener of ours, Koa does not write to the console.
    ;(provider as NodeJS.EventEmitter).on('error', (error: unknown) =>
      this.#log.error('The authorization server failed.', { error }),
    )
    provider.on('grant.success', ({ oidc }) => this.#tell('allowed', oidc))
    provider.on('grant.error', ({ oidc }, { error }) => this.#tell('refused', oidc, error))
  }

  #tell(outcome: 'allowed' | 'refused', oidc: KoaContextWithOIDC['oidc'] | undefined, reason?: string): void {
    const { client, params, entities } = oidc ?? {}
    const grant = params?.['grant_type']
    securityEvents.publish({
      type: 'oidc.grant',
      outcome,
      at: this.#clock.epochMs(),
      ...(client && { subject: client.clientId }),
      ...(entities?.Account && { principalId: entities.Account.accountId }),
      ...(reason !== undefined && { reason }),
      ...(outcome === 'allowed' && typeof grant === 'string' && { details: { grant } }),
    })
  }
}

/** What is sent is hashed before it is compared, for hashes are all we keep. */
function keepSecretsHashed(provider: Provider): void {
  Object.defineProperty(provider.Client.prototype, 'compareClientSecret', {
    value(this: { readonly clientSecret?: string }, sent: string) {
      const kept = Buffer.from(this.clientSecret ?? '')
      const given = Buffer.from(hashSecret(sent))
      return kept.length === given.length && timingSafeEqual(kept, given)
    },
  })
}

/**
 * The library takes addresses from the `Host` header of a call, which whoever calls chooses, and whether cookies are secure from
 * the connection, whose last part may be an open line behind a proxy. The public address says both.
 */
function trustPublicAddress(provider: Provider, isSecure: boolean): void {
  Object.defineProperty(provider.request, 'secure', { value: isSecure })
  const urlFor: Provider['urlFor'] = (name, options) => provider.urlFor(name, options)
  Object.defineProperty(provider.OIDCContext.prototype, 'urlFor', { value: urlFor })
}
