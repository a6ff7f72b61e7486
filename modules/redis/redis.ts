/** Redis, as the application uses it: commands, scripts that run as one step, and messages. */
import { createHash } from 'node:crypto'

import { Logger } from 'tenon'
import { HealthCheck, Injectable, OnShutdown } from 'tenon/decorators'

import { Connection } from './connection.ts'
import { RedisConfig } from './redis-config.ts'

/** A part of a command; numbers are written in decimal. */
export type RedisArgument = string | number | Buffer

/** Runs on the server as one step. @param keys - Whole keys, made by `redis.key()`. */
export type RedisScript = (keys: readonly string[], args?: readonly RedisArgument[]) => Promise<unknown>

export type Unsubscribe = () => Promise<void>

@Injectable()
export class Redis {
  readonly #keyPrefix: string
  readonly #commands: Connection
  /** A connection that listens to channels can do nothing else. */
  readonly #messages: Connection

  constructor(config: RedisConfig, logger: Logger) {
    this.#keyPrefix = config.keyPrefix
    this.#commands = new Connection(config, logger)
    this.#messages = new Connection(config, logger)
  }

  /** The key with the application's prefix: `redis.key('session', id)` is `tenon:session:<id>`. */
  key(...parts: readonly (string | number)[]): string {
    return `${this.#keyPrefix}${parts.join(':')}`
  }

  /**
   * Opens the connection, so that a server that is away refuses the start rather than the first call: for `@OnInit`
   * methods of those who cannot do without.
   * @throws `REDIS_PACKAGE_MISSING`, `REDIS_URL_UNREADABLE`, `REDIS_UNREACHABLE`
   */
  async open(): Promise<void> {
    await this.#commands.open()
  }

  /**
   * Sends one command and answers its reply; commands sent in one turn of the event loop travel together. The prefix is
   * not added by itself: name keys by `key()`.
   * @throws `REDIS_UNREACHABLE` at once while the server is away, `REDIS_CLOSED`; the client's own error for a reply
   * that is one.
   * @example `await redis.send('SET', redis.key('greeting'), 'hello', 'PX', 60_000)`
   */
  async send(...command: readonly [name: string, ...args: RedisArgument[]]): Promise<unknown> {
    const client = await this.#commands.open()
    try {
      return await client.sendCommand(command.map(toWire))
    } catch (error) {
      throw isReply(error) ? error : this.#commands.unreachable(error)
    }
  }

  /** Prepares a Lua script; the server gets its text once, and its digest from then on. */
  script(source: string): RedisScript {
    // What the protocol names a script by (EVALSHA), not a protection.
    const digest = createHash('sha1').update(source).digest('hex')
    return async (keys, args = []) => {
      try {
        return await this.send('EVALSHA', digest, keys.length, ...keys, ...args)
      } catch (error) {
        if (!(error as Error).message.startsWith('NOSCRIPT')) throw error
        return this.send('EVAL', source, keys.length, ...keys, ...args)
      }
    }
  }

  /**
   * Listens to a channel, over a connection of its own; it is taken up again after an outage, and what was said
   * meanwhile is lost.
   * @param channel - Named by `key()`; said to by `send('PUBLISH', channel, message)`.
   */
  async subscribe(channel: string, listener: (message: string) => void): Promise<Unsubscribe> {
    const client = await this.#messages.open()
    await client.subscribe(channel, listener)
    return () => client.unsubscribe(channel, listener)
  }

  /**
   * Well as long as nobody needed a connection. It degrades readiness only: when a server that all processes share is
   * away, taking all of them out of service helps nobody. Who cannot do without it says so by a check of its own.
   */
  @HealthCheck('redis', { critical: false })
  async check(): Promise<void> {
    if (this.#commands.isInUse) await this.send('PING')
  }

  @OnShutdown()
  async close(): Promise<void> {
    await Promise.all([this.#commands.close(), this.#messages.close()])
  }
}

function toWire(argument: RedisArgument): string | Buffer {
  return typeof argument === 'number' ? String(argument) : argument
}

/** What the server itself answered: wrong commands, refused passwords; the library derives them from `ErrorReply`. */
function isReply(error: unknown): boolean {
  let type: unknown = (error as object).constructor
  while (typeof type === 'function') {
    if (type.name === 'ErrorReply') return true
    type = Object.getPrototypeOf(type)
  }
  return false
}
