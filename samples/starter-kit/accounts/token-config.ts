import { randomBytes } from 'node:crypto'

import { Config, Env } from 'tenon'
import { MinLength } from 'tenon/validation'

@Config('tokens')
export class TokenConfig {
  /** Outside of production a new one is made at each start, which ends all sessions. */
  @Env('TOKEN_SECRET', {
    secret: true,
    default: ({ environment }: { readonly environment: string }) =>
      environment === 'production' ? undefined : randomBytes(32).toString('base64url'),
    description: 'Signs the tokens of logins; at least 32 characters. Required in production.',
  })
  @MinLength(32)
  readonly secret!: string

  @Env('TOKEN_HOURS', { default: 8, min: 1, max: 720, description: 'How long a login lasts.' })
  readonly hours!: number
}
