/** Where browsers find the application, as a setting. */
import { Config, Env } from 'tenon/decorators'

@Config('site')
export class SiteConfig {
  /** Never taken from the `Host` header of a call: whoever sends the call chooses it, and so where a link leads. */
  @Env('PUBLIC_URL', {
    optional: true,
    description:
      'Where browsers find the application: https://desk.example.org. Required in production for links in mails.',
  })
  readonly publicUrl?: URL
}
