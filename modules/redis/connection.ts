/** One connection: opened by the first who asks, watched, reopened by itself after an outage. */
import type { Logger } from 'tenon'

import { makeClient, type Client } from './open-client.ts'
import type { RedisConfig } from './redis-config.ts'
import { RedisClosed, RedisUnreachable } from './redis-errors.ts'
import { printRedisTarget, readRedisUrl } from './redis-target.ts'

export class Connection {
  readonly #config: RedisConfig
  readonly #logger: Logger
  #opening: Promise<Client> | undefined
  #isClosed = false

  constructor(config: RedisConfig, logger: Logger) {
    this.#config = config
    this.#logger = logger
  }

  /** Whether anybody has asked for it, and it stood. */
  get isInUse(): boolean {
    return this.#opening !== undefined
  }

  /**
   * A first attempt that fails is not remembered: the next one who asks tries again.
   * @throws `REDIS_PACKAGE_MISSING`, `REDIS_URL_UNREADABLE`, `REDIS_UNREACHABLE`, `REDIS_CLOSED`
   */
  open(): Promise<Client> {
    if (this.#isClosed) return Promise.reject(new RedisClosed())
    return (this.#opening ??= this.#connect().catch((error: unknown) => {
      this.#opening = undefined
      throw error
    }))
  }

  /** Commands in flight are answered first. */
  async close(): Promise<void> {
    this.#isClosed = true
    // A client that could not be opened has nothing to close, and whoever opened it was told.
    const client = await this.#opening?.catch(() => undefined)
    if (!client) return
    // While the server is away there is nothing to wait for.
    if (client.isReady) await client.close()
    else client.destroy()
  }

  /** What the client says of a server that does not answer, in our words. */
  unreachable(cause: unknown): Error {
    return new RedisUnreachable(printRedisTarget(readRedisUrl(this.#config.url)), reasonOf(cause)).causedBy(cause)
  }

  async #connect(): Promise<Client> {
    const { url, connectTimeoutMs, commandTimeoutMs } = this.#config
    readRedisUrl(url)
    let hasStood = false
    const client = await makeClient({ url, connectTimeoutMs, commandTimeoutMs, mayReconnect: () => hasStood })
    this.#watch(client)
    try {
      await client.connect()
    } catch (error) {
      throw this.unreachable(error)
    }
    hasStood = true
    return client
  }

  /** The client repeats itself at every attempt; an outage is worth two lines. */
  #watch(client: Client): void {
    let isAway = false
    let hasStood = false
    client.on('error', (error) => {
      if (hasStood && !isAway) this.#logger.error('Redis is away; trying to reach it again.', { error })
      isAway = true
    })
    client.on('ready', () => {
      if (hasStood && isAway) this.#logger.info('Redis is back.')
      hasStood = true
      isAway = false
    })
  }
}

function reasonOf(cause: unknown): string {
  const error = cause instanceof AggregateError ? (cause.errors[0] as unknown) : cause
  const { message, name } = error as Error
  return message === '' ? name : message.replace(/\.$/, '')
}
