/** What may be chosen about logging in with others. */
import { Config, Env } from 'tenon/decorators'
import { MinLength } from 'tenon/validation'

import type { OidcIssuer } from './oidc-issuer.ts'

@Config('oidc-login')
export class OidcLoginConfig {
  /** Whom people may log in with. The variables add one named `sso`. */
  readonly issuers: readonly OidcIssuer[] = []

  @Env('OIDC_ISSUER', { optional: true, description: 'The issuer identifier of one identity provider, named `sso`' })
  readonly issuer?: string

  @Env('OIDC_CLIENT_ID', { optional: true, description: 'Who we are for that identity provider' })
  readonly clientId?: string

  @Env('OIDC_CLIENT_SECRET', {
    optional: true,
    secret: true,
    description: 'Our secret there; none for a public client',
  })
  readonly clientSecret?: string

  @Env('OIDC_TITLE', { optional: true, description: 'What people call that identity provider. Default: sso' })
  readonly title?: string

  @Env('OIDC_DOMAINS', {
    default: [],
    description: 'Domains whose mailboxes it gives out: there, a verified address opens the account that has it',
  })
  readonly domains!: string[]

  @Env('OIDC_INTERNAL', { default: false, description: 'Whether it lies in our own network' })
  readonly internal!: boolean

  /** Seals the cookies that bind a login to its browser. The same in all processes. */
  @Env('OIDC_LOGIN_SECRET', {
    optional: true,
    secret: true,
    description:
      'Seals the cookies of logins in progress, 32 characters or more. Required in production where there is an issuer',
  })
  @MinLength(32)
  readonly secret?: string

  @Env('OIDC_LOGIN_MINUTES', { default: 10, min: 1, max: 60, description: 'How long a login elsewhere may take' })
  readonly minutes!: number

  @Env('OIDC_CLOCK_SKEW_SECONDS', { default: 30, min: 0, max: 300, description: 'How far clocks may differ' })
  readonly clockSkewSeconds!: number

  /** Besides paths of the application itself. */
  @Env('OIDC_RETURN_ORIGINS', { default: [], description: 'Further origins that a login may lead back to' })
  readonly returnOrigins!: string[]

  @Env('OIDC_ERROR_PATH', {
    optional: true,
    description: 'The page that a refused login leads to, with `?error=<code>`. Default: a problem as JSON',
  })
  readonly errorPath?: string

  /** `tokens`: the callback answers access and refresh token as JSON, and sets no session cookie. */
  @Env('OIDC_LOGIN_RESULT', {
    default: 'session',
    oneOf: ['session', 'tokens'],
    description: 'What a login gives: a cookie session, or tokens (see tenon/auth)',
  })
  readonly result!: 'session' | 'tokens'
}
