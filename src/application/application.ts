/** A running application: what `createApp` answers. */
import type { RequestListener } from 'node:http'
import type { AddressInfo } from 'node:net'

import type { InjectionToken } from '../../decorators/index.ts'
import type { Container } from '../container/container.ts'
import type { Lifecycle } from '../container/lifecycle.ts'
import type { ModuleGraph } from '../graph/module-graph.ts'
import type { Health } from '../health/health.ts'
import type { HttpServer } from '../http/http-server.ts'
import type { Logger } from '../logging/logger.ts'
import { ApplicationClosed } from './application-errors.ts'
import { guardProcess } from './guard-process.ts'

/** Where an application can be reached. */
export interface Address {
  readonly host: string
  readonly port: number
  /** `http://127.0.0.1:3000` */
  readonly url: string
}

/** The parts an application is made of; put together by `createApp`. */
export interface ApplicationParts {
  readonly graph: ModuleGraph
  readonly container: Container
  readonly lifecycle: Lifecycle
  readonly health: Health
  readonly server: HttpServer
  readonly logger: Logger
  readonly environment: string
  /** What endpoints were compiled to. */
  readonly compiledAs: string
  readonly drainMs: number
  /** Flushes what is still to be written. */
  readonly closeLog: () => Promise<void>
}

export interface ListenOptions {
  /** Default: `PORT`, else 3000. 0 takes a free one. */
  readonly port?: number
  /** Default: `HOST`, else all addresses in production and 127.0.0.1 elsewhere. */
  readonly host?: string
  /** Drain and exit on SIGTERM and SIGINT, and log what nobody caught. Default: true. */
  readonly handleSignals?: boolean
}

export class Application implements AsyncDisposable {
  readonly #parts: ApplicationParts
  #closing: Promise<void> | undefined
  #release: () => void = () => {}

  constructor(parts: ApplicationParts) {
    this.#parts = parts
  }

  /** Modules, providers and endpoints, as models. */
  get graph(): ModuleGraph {
    return this.#parts.graph
  }

  get container(): Container {
    return this.#parts.container
  }

  /** The instance for `token`. */
  get<T>(token: InjectionToken<T>): T {
    return this.#parts.container.get(token)
  }

  /** Mounts Express middleware, routers or applications; before `listen`. They run inside each call's `protect` phase. */
  use(...middleware: readonly unknown[]): this {
    this.#parts.server.use(...middleware)
    return this
  }

  /**
   * Serves on a port; resolves when connections are accepted.
   * @throws `APP_CLOSED`, `SERVER_PORT_TAKEN`, `SERVER_ADDRESS_UNUSABLE`, `SERVER_ALREADY_LISTENING`
   */
  async listen(options: number | ListenOptions = {}): Promise<Address> {
    const { port, host, handleSignals = true } = typeof options === 'number' ? { port: options } : options
    const { server, health, logger, environment, compiledAs } = this.#parts
    this.#mustBeOpen()
    const address = await server.listen({ port, host })
    if (this.#closing) await server.close()
    this.#mustBeOpen()
    health.isServing = true
    if (handleSignals) this.#release = guardProcess(this, logger)
    const reachable = addressOf(address)
    logger.info(`Listening on ${reachable.url} (${environment})`)
    logger.debug(`Endpoints run as ${compiledAs}.`)
    return reachable
  }

  /**
   * For servers that are not ours (serverless, tests): handles one request. Counts as serving.
   * @throws `APP_CLOSED`
   */
  async handler(): Promise<RequestListener> {
    const handle = await this.#parts.server.handler()
    this.#mustBeOpen()
    this.#parts.health.isServing = true
    return handle
  }

  /**
   * Stops: readiness answers 503 first, calls in flight finish within `HTTP_DRAIN_MS`, then providers are shut down,
   * those that depend on others first. Safe to call twice.
   */
  close(): Promise<void> {
    return (this.#closing ??= this.#close())
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close()
  }

  #mustBeOpen(): void {
    if (this.#closing) throw new ApplicationClosed()
  }

  async #close(): Promise<void> {
    const { health, lifecycle, server, drainMs, closeLog } = this.#parts
    health.isServing = false
    await lifecycle.drain()
    await server.drain(drainMs)
    await server.close()
    await lifecycle.shutdown()
    this.#release()
    await closeLog()
  }
}

function addressOf({ address, port, family }: AddressInfo): Address {
  const host = address === '::' || address === '0.0.0.0' ? 'localhost' : family === 'IPv6' ? `[${address}]` : address
  return { host: address, port, url: `http://${host}:${port}` }
}
