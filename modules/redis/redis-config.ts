/** What may be chosen about Redis. */
import { Config, Env } from 'tenon/decorators'

@Config('redis')
export class RedisConfig {
  /** `redis://user:password@host:6379/0`; `rediss://…` encrypts and verifies the certificate. */
  @Env('REDIS_URL', {
    default: 'redis://127.0.0.1:6379',
    description: 'The server: redis://[[user]:password@]host[:port][/database], rediss:// with TLS.',
  })
  readonly url!: string

  /** Stands before every key and channel, so that several applications can share a server. */
  @Env('REDIS_KEY_PREFIX', { default: 'tenon:', description: 'Stands before every key and channel.' })
  readonly keyPrefix!: string

  /** Longest time for a connection to open, in milliseconds. */
  @Env('REDIS_CONNECT_TIMEOUT_MS', { default: 5000, min: 1, description: 'Longest time for a connection to open.' })
  readonly connectTimeoutMs!: number

  /** Longest time for a command, in milliseconds; then it fails, though the server may still run it. */
  @Env('REDIS_COMMAND_TIMEOUT_MS', { default: 2000, min: 1, description: 'Longest time for a command.' })
  readonly commandTimeoutMs!: number
}
