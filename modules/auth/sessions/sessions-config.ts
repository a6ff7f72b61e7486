/** What may be chosen about cookie sessions. */
import { Config, Env } from 'tenon/decorators'

@Config('sessions')
export class SessionsConfig {
  @Env('SESSION_STORE', {
    default: 'sql',
    oneOf: ['sql', 'redis'],
    description: 'Where sessions are kept: the database, or Redis (see tenon/redis).',
  })
  readonly store!: string

  @Env('SESSION_IDLE_MINUTES', {
    default: 60,
    min: 1,
    max: 43_200,
    description: 'A session ends when unused for so long.',
  })
  readonly idleMinutes!: number

  @Env('SESSION_HOURS', {
    default: 24,
    min: 1,
    max: 8760,
    description: 'A session ends after so long, however busy it is.',
  })
  readonly hours!: number

  /** Revoking holds at once in the process that revokes, and everywhere after this time at the latest. */
  @Env('SESSION_CACHE_MS', {
    default: 2000,
    min: 0,
    max: 60_000,
    description: 'How long a process knows a session before it asks the store again; 0 asks with every call.',
  })
  readonly cacheMs!: number

  /** The name in the cookie header; `__Host-` comes before it where cookies are secure. */
  @Env('SESSION_COOKIE', {
    default: 'session',
    secret: false,
    description: 'The name of the cookie, without its prefix.',
  })
  readonly cookie!: string

  /** Browsers send secure cookies over HTTPS alone, and to `localhost`. */
  @Env('SESSION_SECURE', {
    default: ({ environment }: { readonly environment: string }) =>
      environment !== 'development' && environment !== 'test',
    description: 'Cookies go over HTTPS alone. Default: true, but for development and tests.',
  })
  readonly secure!: boolean
}
