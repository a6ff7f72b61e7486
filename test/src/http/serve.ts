/** A server of hand-made endpoints on a free port: the real one, without container and decorators. */
import { once } from 'node:events'
import { connect, type Socket } from 'node:net'

import { UNKNOWN_SITE, type HttpMethod } from '../../../decorators/index.ts'
import { problemOf } from '../../../src/errors/problem.ts'
import { HttpConfig } from '../../../src/http/http-config.ts'
import type { HttpContext } from '../../../src/http/http-context.ts'
import {
  HttpServer,
  type HttpServerOptions,
  type MountedEndpoint,
  type MountedPipeline,
} from '../../../src/http/http-server.ts'
import { listenersOf, type PlacedStep } from '../../../src/pipeline/collect-arounds.ts'
import type { Outcome } from '../../../src/pipeline/context.ts'
import { Endpoint } from '../../../src/pipeline/endpoint.ts'
import type { Handler } from '../../../src/pipeline/interceptor.ts'
import { codegenSetting } from '../pipeline/codegen-setting.ts'
import { PipelineCompiler } from '../../../src/pipeline/pipeline-compiler.ts'
import { MemoryLogger, type LogLine } from '../../../src/testing/memory-logger.ts'

export interface SampleRoute {
  readonly method?: HttpMethod
  readonly path: string
  readonly handle: (context: HttpContext) => unknown
  /** The handler answers by itself, as with `@Res()`. */
  readonly isUnmanaged?: boolean
}

export interface ServeOptions extends Partial<Omit<HttpServerOptions, 'config' | 'logger' | 'compile'>> {
  readonly config?: Partial<HttpConfig>
  /** Called before compilation, to mount middleware. */
  readonly mount?: (server: HttpServer) => void
  readonly arounds?: readonly PlacedStep[]
  /** Nothing is noted: for measuring. */
  readonly isBare?: boolean
  readonly interceptors?: (logger: MemoryLogger) => (endpoint: Endpoint) => readonly PlacedStep[]
}

/** A call that is over, as interceptors see it. */
export interface Seen extends Outcome {
  readonly endpoint: string
}

const DEFAULTS: HttpConfig = {
  port: 0,
  host: '127.0.0.1',
  maxBodyBytes: 1_048_576,
  maxBodyDepth: 64,
  maxUrlBytes: 8192,
  maxHeaderBytes: 16_384,
  headersTimeoutMs: 15_000,
  bodyTimeoutMs: 30_000,
  requestTimeoutMs: 300_000,
  handlerTimeoutMs: 30_000,
  keepAliveMs: 65_000,
  drainMs: 10_000,
  trustProxy: '',
  etag: false,
  sseHeartbeatMs: 15_000,
  pretenuring: false,
}

export class Served implements AsyncDisposable {
  readonly server: HttpServer
  readonly logs: MemoryLogger
  readonly seen: Seen[] = []
  port = 0
  readonly #sockets: Socket[] = []

  constructor(
    routes: readonly SampleRoute[],
    { config, mount, arounds = [], interceptors, isBare = false, ...rest }: ServeOptions = {},
  ) {
    this.logs = new MemoryLogger()
    const asked = interceptors?.(this.logs)
    this.server = new HttpServer({
      config: Object.assign(new HttpConfig(), DEFAULTS, config),
      logger: this.logs,
      exposeInternals: false,
      isProduction: true,
      toProblem: (error) => problemOf(error),
      ...rest,
      compile: (middleware) => {
        const compiler = new PipelineCompiler(codegenSetting())
        const compile = (endpoint: Endpoint, handler: Handler): MountedPipeline => {
          const given = [...(isBare ? [] : [this.#observer()]), ...(asked?.(endpoint) ?? [])]
          return {
            invoke: compiler.compile([...given, ...middleware, ...arounds], handler),
            listeners: listenersOf(given),
          }
        }
        return {
          routes: routes.map((route) => ({ method: 'GET' as const, ...route, target: mounted(route, compile) })),
          fallback: compile,
        }
      },
    })
    mount?.(this.server)
  }

  get url(): string {
    return `http://127.0.0.1:${this.port}`
  }

  request(path: string, init: RequestInit = {}): Promise<Response> {
    return fetch(this.url + path, { redirect: 'manual', signal: AbortSignal.timeout(5000), ...init })
  }

  /** A connection of its own; bytes are sent as they are. */
  async connect(bytes = ''): Promise<Wire> {
    const socket = connect(this.port, '127.0.0.1')
    this.#sockets.push(socket)
    await once(socket, 'connect')
    const wire = new Wire(socket)
    socket.write(bytes, 'latin1')
    return wire
  }

  /** Everything that comes back until the server closes. */
  async exchange(bytes: string): Promise<string> {
    return (await this.connect(bytes)).untilClosed()
  }

  /** Waits until `count` calls are over. */
  async outcomes(count: number): Promise<readonly Seen[]> {
    await until(() => this.seen.length >= count, `${count} outcomes`)
    return this.seen
  }

  /** What was logged above a level nobody needs to look at. */
  loggedAt(level: LogLine['level']): readonly LogLine[] {
    return this.logs.at(level)
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const socket of this.#sockets) socket.destroy()
    await this.server.close()
  }

  #observer(): PlacedStep {
    return {
      name: 'observer',
      phase: 'observe',
      order: -10_000,
      around: (context, next) => {
        context.onSettled((outcome) => this.seen.push({ ...outcome, endpoint: context.endpoint.name }))
        return next()
      },
    }
  }
}

export async function serve(routes: readonly SampleRoute[], options: ServeOptions = {}): Promise<Served> {
  const served = new Served(routes, options)
  served.port = (await served.server.listen({ port: 0 })).port
  return served
}

/** One end of a connection, read as text. */
export class Wire {
  readonly socket: Socket
  received = ''
  isClosed = false

  constructor(socket: Socket) {
    this.socket = socket
    socket.setEncoding('latin1')
    socket.on('data', (text: string) => (this.received += text))
    socket.on('close', () => (this.isClosed = true))
    socket.on('error', () => undefined)
  }

  send(bytes: string): void {
    this.socket.write(bytes, 'latin1')
  }

  async until(text: string): Promise<string> {
    await until(
      () => this.received.includes(text),
      () => `"${text}" in ${JSON.stringify(this.received)}`,
    )
    return this.received
  }

  async untilClosed(): Promise<string> {
    await until(
      () => this.isClosed,
      () => `the end of the connection after ${JSON.stringify(this.received)}`,
    )
    return this.received
  }
}

/** Looks again until it holds; gives up after five seconds, saying what for. */
export async function until(holds: () => boolean, what: string | (() => string)): Promise<void> {
  const limit = performance.now() + 5000
  while (!holds()) {
    if (performance.now() > limit) throw new Error(`Waited in vain for ${typeof what === 'string' ? what : what()}`)
    await new Promise((resolve) => setTimeout(resolve, 5))
  }
}

class Samples {}

function mounted(
  { method = 'GET', path, handle, isUnmanaged = false }: SampleRoute,
  compile: (endpoint: Endpoint, handler: Handler) => MountedPipeline,
): MountedEndpoint {
  const endpoint = new Endpoint({
    transport: 'http',
    type: Samples,
    method: `${method} ${path}`,
    module: undefined,
    at: UNKNOWN_SITE,
    parameters: [],
    returns: undefined,
    route: { method, path, sse: false, status: undefined },
  })
  const respond = (context: HttpContext, result: unknown): void => {
    if (isUnmanaged) return
    const text = JSON.stringify(result) ?? ''
    context.response.writeHead(context.response.statusCode, [
      'content-type',
      'application/json; charset=utf-8',
      'content-length',
      String(Buffer.byteLength(text)),
    ])
    context.response.end(text)
  }
  return { endpoint, ...compile(endpoint, (context) => handle(context as HttpContext)), respond }
}
