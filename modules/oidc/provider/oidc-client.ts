/** An application that logs its people in with us. */
import { hash } from 'node:crypto'

import type { ClientMetadata } from 'oidc-provider'

import { OidcClientInvalid } from '../oidc-errors.ts'

export interface OidcClient {
  readonly id: string
  /** None for programs that cannot keep one: pages, phones, command lines. */
  readonly secret?: string
  /** For people, on the page where they agree. Default: the id. */
  readonly title?: string
  /** Exact addresses: `https:`, a scheme of its own such as `com.example.app:/back`, or `http:` on the own machine. */
  readonly redirectUris: readonly string[]
  readonly logoutUris?: readonly string[]
  /** Runs under the same roof: nobody is asked whether it may know who they are. */
  readonly firstParty?: boolean
  /** May get refresh tokens, by the scope `offline_access`. */
  readonly offline?: boolean
  /** Gets tokens for itself (`client_credentials`), for resources of ours. */
  readonly service?: boolean
  /** Most that it may ask for. Default: everything. */
  readonly scopes?: readonly string[]
}

/** What marks a client as ours, in the library's metadata. */
export const FIRST_PARTY = 'tenon_first_party'

/** Secrets are random and long, so a fast hash is enough; the library compares what `hashSecret` makes of what is sent. */
export function hashSecret(secret: string): string {
  return hash('sha256', secret, 'base64url')
}

/**
 * A client as the library knows it.
 * @param secretHash - What is kept of its secret. Default: computed.
 * @throws `OIDC_CLIENT_INVALID`
 */
export function metadataOf(
  client: OidcClient,
  secretHash = client.secret && hashSecret(client.secret),
): ClientMetadata {
  const { id, title = id, redirectUris, logoutUris = [], scopes, firstParty = false } = client
  const flaw = flawOf(client)
  if (flaw !== undefined) throw new OidcClientInvalid(flaw)
  const isPublic = secretHash === undefined
  return {
    client_id: id,
    client_name: title,
    redirect_uris: [...redirectUris],
    post_logout_redirect_uris: [...logoutUris],
    response_types: redirectUris.length > 0 ? ['code'] : [],
    grant_types: grantsOf(client),
    // The library asks the people of native programs each time, for any program may claim a scheme (RFC 8252 §8.6).
    application_type: redirectUris.every(isWebAddress) ? 'web' : 'native',
    token_endpoint_auth_method: isPublic ? 'none' : 'client_secret_basic',
    ...(!isPublic && { client_secret: secretHash }),
    ...(scopes && { scope: scopes.join(' ') }),
    [FIRST_PARTY]: firstParty,
  }
}

function grantsOf({ redirectUris, offline = false, service = false }: OidcClient): string[] {
  return [
    ...(redirectUris.length > 0 ? ['authorization_code'] : []),
    ...(offline ? ['refresh_token'] : []),
    ...(service ? ['client_credentials'] : []),
  ]
}

function flawOf({ id, secret, redirectUris, logoutUris = [], service = false }: OidcClient): string | undefined {
  if (!/^[\w.:~-]{1,100}$/.test(id)) return 'its id is no short word'
  if (secret !== undefined && secret.length < 32) return 'its secret is shorter than 32 characters'
  if (service && secret === undefined) return 'a service needs a secret'
  if (redirectUris.length === 0 && !service) return 'it has no redirect address'
  const wrong = [...redirectUris, ...logoutUris].find((address) => !isSafeAddress(address))
  return wrong === undefined ? undefined : `${wrong.slice(0, 100)} is no address that it could be alone at`
}

/** RFC 8252 §7 and §8.4: a code sent over an open line, or to a scheme that runs what it gets, is anybody's. */
function isSafeAddress(address: string): boolean {
  const url = URL.parse(address)
  if (!url || url.hash !== '' || address.includes('*')) return false
  if (url.protocol === 'https:') return true
  if (url.protocol === 'http:') return isOwnMachine(url)
  return /^[a-z][a-z0-9]*(?:\.[a-z0-9-]+)+:$/.test(url.protocol)
}

function isOwnMachine({ hostname }: URL): boolean {
  return hostname === 'localhost' || hostname === '127.0.0.1' || hostname === '[::1]'
}

function isWebAddress(address: string): boolean {
  return /^https?:/.test(address)
}
