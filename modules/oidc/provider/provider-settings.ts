/** How the library is set up: nothing is left to its defaults that it calls a placeholder, and every lifetime is ours. */
import { randomBytes } from 'node:crypto'

import type { Configuration, KoaContextWithOIDC, errors, interactionPolicy } from 'oidc-provider'

import type { AccountClaims } from './account-claims.ts'
import { FIRST_PARTY, metadataOf } from './oidc-client.ts'
import type { OidcProviderConfig } from './oidc-provider-config.ts'
import { errorPage, formTargetOf, loggedOutPage, logoutPage, page, pagePolicy, type PageText } from './pages.ts'
import type { ProviderKeys } from './provider-keys.ts'

export interface ProviderParts {
  readonly issuer: string
  readonly isSecure: boolean
  readonly config: OidcProviderConfig
  readonly keys: ProviderKeys
  readonly claims: AccountClaims
  readonly adapter: Configuration['adapter']
  readonly policy: interactionPolicy.DefaultPolicy
  readonly errors: typeof errors
}

type Algorithms = NonNullable<NonNullable<Configuration['enabledJWA']>['idTokenSigningAlgValues']>

/** @throws `OIDC_CLIENT_INVALID` */
export function providerSettings(parts: ProviderParts): Configuration {
  const { issuer, config, keys, claims, adapter, policy } = parts
  const algorithms = [...keys.algorithms] as Algorithms
  return {
    adapter,
    clients: config.clients.map((client) => metadataOf(client)),
    clientDefaults: { id_token_signed_response_alg: keys.algorithm as Algorithms[number] },
    extraClientMetadata: { properties: [FIRST_PARTY] },
    clientAuthMethods: ['none', 'client_secret_basic', 'client_secret_post'],
    enabledJWA: { idTokenSigningAlgValues: algorithms },
    jwks: { keys: [...keys.jwks] },
    claims: Object.fromEntries(
      Object.entries({ ...claims.scopes, acr: null, amr: null, auth_time: null, sid: null, iss: null }).map(
        ([scope, names]) => [scope, names && [...names]],
      ),
    ),
    scopes: ['openid', 'offline_access'],
    findAccount: (_context, accountId) => claims.find(accountId),
    interactions: { policy, url: (_context, { uid }) => `${issuer}/interaction/${uid}` },
    loadExistingGrant: (context) => grantFor(context),
    // OAuth 2.1: a code is bound to whoever asked for it, secret or not.
    pkce: { required: () => true },
    responseTypes: ['code'],
    conformIdTokenClaims: true,
    cookies: cookiesOf(parts),
    features: featuresOf(parts),
    ttl: lifetimesOf(config),
    rotateRefreshToken: () => true,
    issueRefreshToken: (_context, client, code) =>
      client.grantTypeAllowed('refresh_token') && code.scopes.has('offline_access'),
    expiresWithSession: (_context, code) => !code.scopes.has('offline_access'),
    clientBasedCORS: (_context, origin, client) => isOwnOrigin(origin, client.redirectUris ?? []),
    renderError: (context, { error, error_description: description }) => {
      show(context, errorPage(error, description))
    },
  }
}

/** Nobody is asked about applications under the same roof. */
async function grantFor({ oidc }: KoaContextWithOIDC) {
  const { client, session, provider, result, params } = oidc
  if (!client || !session) return undefined
  const grantId = result?.consent?.grantId ?? session.grantIdFor(client.clientId)
  const grant = grantId === undefined ? undefined : await provider.Grant.find(grantId)
  if (client[FIRST_PARTY] !== true || session.accountId === undefined) return grant
  const wide = grant ?? new provider.Grant({ clientId: client.clientId, accountId: session.accountId })
  const scope = params?.['scope']
  wide.addOIDCScope(typeof scope === 'string' ? scope : 'openid')
  for (const [resource, { scope: all }] of Object.entries(oidc.resourceServers ?? {}))
    wide.addResourceScope(resource, all)
  await wide.save()
  return wide
}

function cookiesOf({ isSecure, keys }: ProviderParts): Configuration['cookies'] {
  // Only the session's cookie is for all paths, as `__Host-` wants it.
  const host = isSecure ? '__Host-' : ''
  const secure = isSecure ? '__Secure-' : ''
  const fixed = { httpOnly: true, signed: true, overwrite: true, sameSite: 'lax', secure: isSecure } as const
  return {
    keys: [...keys.cookieKeys],
    names: {
      session: `${host}oidc-op`,
      interaction: `${secure}oidc-op-interaction`,
      resume: `${secure}oidc-op-resume`,
    },
    long: { ...fixed, path: '/' },
    short: fixed,
  }
}

function featuresOf({ config, keys, errors: { InvalidTarget } }: ProviderParts): Configuration['features'] {
  return {
    devInteractions: { enabled: false },
    clientCredentials: { enabled: true },
    introspection: { enabled: true, allowedPolicy: (_context, client, token) => token.clientId === client.clientId },
    revocation: { enabled: true, allowedPolicy: (_context, client, token) => token.clientId === client.clientId },
    rpInitiatedLogout: {
      enabled: true,
      logoutSource: (context, form) => {
        const { client, params } = context.oidc
        show(context, logoutPage(client?.clientName, form), formTargetOf(params?.['post_logout_redirect_uri']))
      },
      postLogoutSuccessSource: (context) => show(context, loggedOutPage),
    },
    resourceIndicators: {
      enabled: true,
      defaultResource: (_context, _client, oneOf) => oneOf,
      useGrantedResource: () => true,
      getResourceServerInfo: (_context, identifier) => {
        const found = config.resources.find(({ resource }) => resource === identifier)
        if (!found) throw new InvalidTarget()
        return {
          scope: found.scopes.join(' '),
          audience: found.audience ?? identifier,
          accessTokenTTL: config.accessTokenSeconds,
          accessTokenFormat: 'jwt',
          jwt: { sign: { alg: keys.algorithm as never } },
        }
      },
    },
  }
}

function lifetimesOf(config: OidcProviderConfig): Configuration['ttl'] {
  return {
    AuthorizationCode: config.codeSeconds,
    AccessToken: config.accessTokenSeconds,
    ClientCredentials: config.accessTokenSeconds,
    IdToken: config.idTokenSeconds,
    RefreshToken: config.refreshTokenSeconds,
    Grant: config.grantSeconds,
    Interaction: config.interactionSeconds,
    Session: config.sessionSeconds,
    DeviceCode: config.codeSeconds,
    BackchannelAuthenticationRequest: config.codeSeconds,
  }
}

function isOwnOrigin(origin: string, redirectUris: readonly string[]): boolean {
  return redirectUris.some((address) => URL.parse(address)?.origin === origin && origin !== 'null')
}

function show(context: KoaContextWithOIDC, text: PageText, targets: readonly string[] = []): void {
  const nonce = randomBytes(16).toString('base64')
  context.type = 'html'
  context.set('content-security-policy', pagePolicy(nonce, targets))
  context.body = page(text, nonce)
}
