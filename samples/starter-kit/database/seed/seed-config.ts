import { Config, Env } from 'tenon'

@Config('seed')
export class SeedConfig {
  /** Everybody can read the password of these accounts: never in production. */
  @Env('DESK_SEED', {
    default: ({ environment }: { readonly environment: string }) => environment === 'development',
    description: 'Fill an empty database with demo organisations. Default: in development.',
  })
  readonly isWanted!: boolean
}
