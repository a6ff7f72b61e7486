/** What may be chosen about being the identity provider of others. */
import { Config, Env } from 'tenon/decorators'
import type { AccountRecord } from 'tenon/auth'

import type { OidcClient } from './oidc-client.ts'

/** An API whose access tokens we issue (RFC 8707). */
export interface OidcResource {
  /** Its identifier, an absolute URI: what clients send as `resource`. */
  readonly resource: string
  /** What may be granted there. */
  readonly scopes: readonly string[]
  /** The `aud` of its tokens. Default: the identifier. */
  readonly audience?: string
}

@Config('oidc-provider')
export class OidcProviderConfig {
  /** Clients that are known from the start; `OidcClients.register` adds more while the application runs. */
  readonly clients: readonly OidcClient[] = []

  /** APIs of ours; their access tokens are signed JWTs. Without one, access tokens are opaque and good for userinfo alone. */
  readonly resources: readonly OidcResource[] = []

  /** Further claims by scope, such as `{ profile: ['name'] }`; `claims` gives their values. */
  readonly scopes: Readonly<Record<string, readonly string[]>> = {}

  /** Values of further claims. What is not asked for by a scope does not leave. */
  readonly claims?: (
    account: AccountRecord,
  ) => Readonly<Record<string, unknown>> | Promise<Readonly<Record<string, unknown>>>

  @Env('OIDC_PROVIDER_TITLE', { default: 'Log in', description: 'What the login page is called' })
  readonly title!: string

  /** A page of the application that logs in as it likes (passkeys, second factors) and leads back to `returnTo`. */
  @Env('OIDC_PROVIDER_LOGIN_PATH', {
    optional: true,
    description: 'The page where people log in, with `?returnTo=`. Default: a form for e-mail and password',
  })
  readonly loginPath?: string

  @Env('OIDC_CODE_SECONDS', { default: 60, min: 10, max: 600, description: 'How long an authorization code waits' })
  readonly codeSeconds!: number

  @Env('OIDC_ACCESS_TOKEN_SECONDS', {
    default: 300,
    min: 10,
    max: 86_400,
    description: 'How long an access token of a client holds',
  })
  readonly accessTokenSeconds!: number

  @Env('OIDC_ID_TOKEN_SECONDS', { default: 300, min: 10, max: 86_400, description: 'How long an ID token holds' })
  readonly idTokenSeconds!: number

  @Env('OIDC_REFRESH_TOKEN_SECONDS', {
    default: 1_209_600,
    min: 60,
    description: 'How long a refresh token waits to be used',
  })
  readonly refreshTokenSeconds!: number

  @Env('OIDC_GRANT_SECONDS', { default: 7_776_000, min: 60, description: 'How long what somebody has agreed to holds' })
  readonly grantSeconds!: number

  @Env('OIDC_INTERACTION_SECONDS', {
    default: 900,
    min: 60,
    max: 86_400,
    description: 'How long logging in and agreeing may take',
  })
  readonly interactionSeconds!: number

  /** The application's own session must be alive besides. */
  @Env('OIDC_SESSION_SECONDS', { default: 86_400, min: 60, description: 'How long clients find somebody logged in' })
  readonly sessionSeconds!: number
}
