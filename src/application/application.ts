/** A running application: what `createApp` answers. */
import type { RequestListener } from 'node:http'
import type { AddressInfo } from 'node:net'

import type { InjectionToken } from '../../decorators/index.ts'
import type { CommandInput } from '../cli/command-context.ts'
import type { CommandResult } from '../cli/command-result.ts'
import type { Container } from '../container/container.ts'
import type { ModuleGraph } from '../graph/module-graph.ts'
import type { Health } from '../health/health.ts'
import type { HttpServer } from '../http/http-server.ts'
import { ApplicationClosed } from './application-errors.ts'
import { guardProcess } from './guard-process.ts'
import { tellListening } from './listening.ts'
import type { BuiltProgram } from './program.ts'

/** Where an application can be reached. */
export interface Address {
  readonly host: string
  readonly port: number
  /** `http://127.0.0.1:3000` */
  readonly url: string
}

/** The parts an application is made of; put together by `createApp`. */
export interface ApplicationParts {
  readonly program: BuiltProgram
  readonly health: Health
  readonly server: HttpServer
  readonly drainMs: number
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
    return this.#parts.program.graph
  }

  get container(): Container {
    return this.#parts.program.container
  }

  /** The instance for `token`. */
  get<T>(token: InjectionToken<T>): T {
    return this.#parts.program.container.get(token)
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
    const { server, health, program } = this.#parts
    const { logger } = program.log
    this.#mustBeOpen()
    const address = await server.listen({ port, host })
    if (this.#closing) await server.close()
    this.#mustBeOpen()
    health.isServing = true
    if (handleSignals) this.#release = guardProcess(this, logger)
    const reachable = addressOf(address)
    logger.info(`Listening on ${reachable.url} (${program.environment.name})`)
    logger.debug(`Endpoints run as ${program.compiler.mode}.`)
    tellListening({ application: this, address: reachable })
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
   * Runs a command of this application in this process, inside its interceptors.
   * @param name - `tenant:create`
   * @throws `CLI_COMMAND_UNKNOWN`, `APP_CLOSED`, and what the command throws.
   */
  async run(name: string, input: CommandInput = {}): Promise<CommandResult> {
    this.#mustBeOpen()
    // Applications that only serve never load it.
    const { runCommand } = await import('../cli/run-command.ts')
    return runCommand(this.#parts.program, name, input)
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
    const { program, health, server, drainMs } = this.#parts
    const { lifecycle, log } = program
    health.isServing = false
    await lifecycle.drain()
    await server.drain(drainMs)
    await server.close()
    await lifecycle.shutdown()
    this.#release()
    await log.close()
  }
}

function addressOf({ address, port, family }: AddressInfo): Address {
  const host = address === '::' || address === '0.0.0.0' ? 'localhost' : family === 'IPv6' ? `[${address}]` : address
  return { host: address, port, url: `http://${host}:${port}` }
}
