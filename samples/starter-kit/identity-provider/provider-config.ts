import { Config, Env } from 'tenon'

/** Who logs its people in with the desk. Read only where DESK_IDENTITY_PROVIDER is `true`. */
@Config('identity-provider')
export class ProviderConfig {
  @Env('DESK_CLIENT_ID', { description: 'The application that logs its people in with the desk' })
  readonly clientId!: string

  @Env('DESK_CLIENT_SECRET', {
    optional: true,
    secret: true,
    description: 'Its secret, 32 characters or more; none for pages and phones',
  })
  readonly clientSecret?: string

  @Env('DESK_CLIENT_REDIRECTS', { description: 'Where it may be led back to: exact addresses, comma-separated' })
  readonly redirectUris!: string[]
}
