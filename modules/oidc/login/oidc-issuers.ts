/** The issuers of the settings, and what their metadata says: asked at the first login, not at boot, and again each hour. */
import { Clock, Environment, Logger } from 'tenon'
import { Injectable } from 'tenon/decorators'
import type { Configuration } from 'openid-client'

import { loadPackage } from '../load-package.ts'
import { OidcIssuerInvalid, OidcIssuerUnknown, OidcIssuerUnreachable } from '../oidc-errors.ts'
import { BackChannel } from './back-channel.ts'
import type { OidcIssuer } from './oidc-issuer.ts'
import { OidcLoginConfig } from './oidc-login-config.ts'

const KEPT_MS = 3_600_000
const NAME = /^[a-z0-9-]{1,40}$/
const RESERVED = new Set(['identities', 'logout'])
const TIMEOUT_SECONDS = 10

/** @throws `OIDC_PACKAGE_MISSING` */
export const loadClient = (): Promise<typeof import('openid-client')> =>
  loadPackage(() => import('openid-client'), 'openid-client', '6.8.9')

interface Known {
  readonly configuration: Promise<Configuration>
  readonly until: number
}

@Injectable()
export class OidcIssuers {
  readonly all: readonly OidcIssuer[]
  readonly #config: OidcLoginConfig
  readonly #backChannel: BackChannel
  readonly #clock: Clock
  readonly #log: Logger
  readonly #known = new Map<string, Known>()

  /** @throws `OIDC_ISSUER_INVALID` */
  constructor(
    config: OidcLoginConfig,
    backChannel: BackChannel,
    { isProduction }: Environment,
    clock: Clock,
    log: Logger,
  ) {
    this.#config = config
    this.#backChannel = backChannel
    this.#clock = clock
    this.#log = log
    this.all = [...config.issuers, ...issuerOf(config)]
    for (const [index, each] of this.all.entries()) {
      const reason = flawOf(each, this.all.slice(0, index), isProduction)
      if (reason !== undefined) throw new OidcIssuerInvalid(each.name, reason)
    }
  }

  /** @throws `OIDC_ISSUER_UNKNOWN` */
  find(name: string): OidcIssuer {
    const found = this.all.find((each) => each.name === name)
    if (!found) throw new OidcIssuerUnknown(name.slice(0, 40))
    return found
  }

  /** @throws `OIDC_ISSUER_UNREACHABLE`, `OIDC_PACKAGE_MISSING` */
  async configurationOf(issuer: OidcIssuer): Promise<Configuration> {
    const now = this.#clock.epochMs()
    const known = this.#known.get(issuer.name)
    if (known && known.until > now) return known.configuration
    const configuration = this.#discover(issuer)
    this.#known.set(issuer.name, { configuration, until: now + KEPT_MS })
    // A failure is not kept: the next login tries again.
    configuration.catch(() => this.#known.delete(issuer.name))
    return configuration
  }

  async #discover(issuer: OidcIssuer): Promise<Configuration> {
    const client = await loadClient()
    const { clientId, clientSecret } = issuer
    try {
      const configuration = await client.discovery(
        new URL(issuer.issuer),
        clientId,
        { [client.clockTolerance]: this.#config.clockSkewSeconds },
        clientSecret === undefined ? client.None() : client.ClientSecretBasic(clientSecret),
        {
          [client.customFetch]: this.#backChannel.fetchFor(issuer),
          timeout: TIMEOUT_SECONDS,
          // oxlint-disable-next-line typescript/no-deprecated -- Marked so to stand out: production refuses such an issuer before.
          execute: issuer.issuer.startsWith('http:') ? [client.allowInsecureRequests] : [],
        },
      )
      // The library takes TLS for a signature where a token comes from the issuer directly; we want both.
      client.enableNonRepudiationChecks(configuration)
      return configuration
    } catch (error) {
      const { message } = error as Error
      this.#log.warn('The metadata of an identity provider could not be read.', {
        issuer: issuer.name,
        reason: message,
      })
      throw new OidcIssuerUnreachable(issuer.name)
    }
  }
}

/** The one of the variables. */
function issuerOf(config: OidcLoginConfig): readonly OidcIssuer[] {
  const { issuer, clientId = '', clientSecret, title, domains, internal } = config
  if (issuer === undefined) return []
  const optional = { ...(clientSecret !== undefined && { clientSecret }), ...(title !== undefined && { title }) }
  return [{ name: 'sso', issuer, clientId, ...optional, internal, authoritativeFor: domains }]
}

function flawOf(
  { name, issuer, clientId }: OidcIssuer,
  before: readonly OidcIssuer[],
  isProduction: boolean,
): string | undefined {
  const url = URL.parse(issuer)
  if (!NAME.test(name) || RESERVED.has(name)) return 'its name is no short word of small letters, digits and dashes'
  if (before.some((each) => each.name === name)) return 'there are two of this name'
  if (clientId === '') return 'it has no client id'
  if (!url || !/^https?:$/.test(url.protocol) || url.search !== '' || url.hash !== '')
    return 'its issuer is no web address'
  // What is read over an open line can be written by anybody on the way, keys included.
  if (isProduction && url.protocol !== 'https:') return 'its issuer is not https'
  return undefined
}
