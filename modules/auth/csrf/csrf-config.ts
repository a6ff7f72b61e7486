/** What may be chosen about the protection against calls that other sites make browsers send. */
import { Config, Env } from 'tenon/decorators'

@Config('csrf')
export class CsrfConfig {
  /** Their pages may send calls with this site's cookies. They still need the token. */
  @Env('CSRF_TRUSTED_ORIGINS', {
    default: [],
    description: 'Further origins whose pages may call with cookies: https://app.example.org,https://www.example.org',
  })
  readonly trustedOrigins!: string[]
}
