/** The HTTP server: sockets, limits and shutdown around the routes. What happens to one call is in call-runner.ts. */
import type { IncomingMessage, RequestListener, Server, ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { Duplex } from 'node:stream'
import { setImmediate } from 'node:timers/promises'

import type { TenonError } from '../errors/define-error.ts'
import type { Problem } from '../errors/problem.ts'
import type { Logger } from '../logging/logger.ts'
import type { PlacedStep } from '../pipeline/collect-arounds.ts'
import { leavingContext } from '../pipeline/context.ts'
import type { Endpoint } from '../pipeline/endpoint.ts'
import type { Handler } from '../pipeline/interceptor.ts'
import { CallRunner } from './call-runner.ts'
import { continueWhenRead } from './expect-continue.ts'
import { ExpressHost } from './express-host.ts'
import type { Request, Response } from './express-types.ts'
import { loadExpressPrototypes, type HostClasses, type HostRequest, type HostResponse } from './express-request.ts'
import { HttpCall } from './http-call.ts'
import type { HttpConfig } from './http-config.ts'
import type { HttpContext } from './http-context.ts'
import type { MountedPipeline, MountedRoute } from './mounted-endpoint.ts'
import { refuseConnection, requestErrorOf } from './refuse-connection.ts'
import { RequestIds, sentRequestId } from './request-id.ts'
import { RouteTable } from './route-table.ts'
import { AddressUnusable, AlreadyListening, ConnectNotSupported, PortTaken } from './server-errors.ts'
import type { Unmatched } from './unmatched-endpoints.ts'
import { createServer } from '../platform/node-http.ts'
import { keepObjectsYoung } from '../platform/young-objects.ts'

export interface HttpServerOptions {
  readonly config: HttpConfig
  readonly logger: Logger
  /** What a caller may know of an error. */
  readonly toProblem: (error: unknown, context: HttpContext) => Problem | PromiseLike<Problem>
  /** Development: browsers get an error page with source and stack. */
  readonly exposeInternals: boolean
  /** Every address of the machine is served unless `HOST` says otherwise; else the machine alone. */
  readonly isProduction: boolean
  /**
   * Compiles the application, once: at the first `listen()` or `handler()`, when all middleware is mounted.
   * @param middleware - Belongs into the pipeline of every endpoint; empty when nothing is mounted.
   */
  readonly compile: (middleware: readonly PlacedStep[]) => CompiledApplication | Promise<CompiledApplication>
}

export interface CompiledApplication {
  readonly routes: readonly MountedRoute[]
  /** Compiles an endpoint of the server's own, for what no route answers, with the application's interceptors. */
  readonly fallback: (endpoint: Endpoint, handler: Handler) => MountedPipeline
}

export interface ListenOptions {
  /** Default: `HttpConfig.port`. */
  readonly port?: number
  /** Default: `HttpConfig.host`, else every address in production and this machine alone elsewhere. */
  readonly host?: string
}

export type { MountedEndpoint, MountedPipeline, MountedRoute } from './mounted-endpoint.ts'

export class HttpServer {
  readonly #options: HttpServerOptions
  readonly #express: ExpressHost
  readonly #runner: CallRunner
  readonly #ids = new RequestIds()
  readonly #refused = new WeakSet<Duplex>()
  #mounted: readonly MountedRoute[] = []
  #routes: Promise<RouteTable> | undefined
  #server: Server | undefined
  #isStopping = false

  /** @throws `HTTP_TRUST_PROXY_INVALID` */
  constructor(options: HttpServerOptions) {
    const { config, toProblem, exposeInternals } = options
    this.#options = options
    this.#express = new ExpressHost(config)
    this.#runner = new CallRunner({
      toProblem,
      exposeInternals,
      handlerTimeoutMs: config.handlerTimeoutMs,
      bodyTimeoutMs: config.bodyTimeoutMs,
      routes: () => this.#mounted.map(({ method, path }) => ({ method, path, sse: false })),
    })
  }

  /** Calls that are not over yet. */
  get inFlight(): number {
    return this.#runner.inFlight.size
  }

  /**
   * Mounts Express middleware, routers, sub-applications and error middleware, with or without a path in front.
   * @throws `SERVER_MIDDLEWARE_TOO_LATE`
   */
  use(...mounted: readonly unknown[]): void {
    this.#express.use(...mounted)
  }

  /**
   * Accepts connections.
   * @throws `SERVER_PORT_TAKEN`, `SERVER_ADDRESS_UNUSABLE`, `SERVER_ALREADY_LISTENING`
   */
  async listen({ port, host }: ListenOptions = {}): Promise<AddressInfo> {
    if (this.#server) throw new AlreadyListening()
    const { config, isProduction } = this.#options
    if (!config.pretenuring) keepObjectsYoung()
    const server = this.#createServer(await this.#compiled())
    const address = await listening(
      server,
      port ?? config.port,
      host ?? config.host ?? (isProduction ? '0.0.0.0' : '127.0.0.1'),
    )
    this.#server = server
    return address
  }

  /** The application as a listener, for other servers and for functions: takes plain `node:http` objects too. */
  async handler(): Promise<RequestListener> {
    const routes = await this.#compiled()
    return (request, response) => {
      this.#express.adopt(request, response)
      leavingContext(() => this.#handle(routes, request as HostRequest, response as unknown as HostResponse))
    }
  }

  /**
   * Stops accepting, lets calls in flight finish, tells their connections to close, and cuts what is left at the limit.
   * @param limitMs - Longest wait.
   */
  async drain(limitMs: number): Promise<void> {
    this.#isStopping = true
    this.#server?.close()
    for (const { response } of this.#runner.inFlight.all()) if (!response.headersSent) response.shouldKeepAlive = false
    const limit = Promise.withResolvers<void>()
    const timer = setTimeout(limit.resolve, limitMs)
    await Promise.race([this.#runner.idle(), limit.promise])
    clearTimeout(timer)
    await this.close()
  }

  /** Stops at once: connections with calls in flight are cut. */
  async close(): Promise<void> {
    this.#isStopping = true
    this.#server?.close()
    this.#server?.closeAllConnections()
    this.#runner.stop()
    // The connections say that they are closed in the next turn.
    await setImmediate()
  }

  #compiled(): Promise<RouteTable> {
    return (this.#routes ??= this.#compile())
  }

  async #compile(): Promise<RouteTable> {
    const { config, compile } = this.#options
    const middleware = this.#express.around()
    const { routes, fallback } = await compile(middleware ? [middleware] : [])
    this.#mounted = routes
    // Who asks for the request or the response wants what Express adds to it, and not at the first caller's cost.
    if (routes.some(({ target }) => takesNativeObjects(target.endpoint))) loadExpressPrototypes()
    return new RouteTable({ routes, maxUrlBytes: config.maxUrlBytes, fallback })
  }

  #createServer(routes: RouteTable): Server {
    const { config } = this.#options
    const { IncomingMessage, ServerResponse } = nodeClasses(this.#express.classes)
    const server = createServer({
      IncomingMessage,
      ServerResponse,
      headersTimeout: Math.min(config.headersTimeoutMs, config.requestTimeoutMs),
      requestTimeout: config.requestTimeoutMs,
      keepAliveTimeout: config.keepAliveMs,
      connectionsCheckingInterval: Math.max(10, Math.min(1000, config.headersTimeoutMs / 4)),
      maxHeaderSize: config.maxHeaderBytes,
      insecureHTTPParser: false,
      // Requests without one are answered by an endpoint of ours, with a problem.
      requireHostHeader: false,
    })
    server.on('request', (request: HostRequest, response: HostResponse) => this.#handle(routes, request, response))
    server.on('checkContinue', (request: HostRequest, response: HostResponse) => {
      continueWhenRead(request, response)
      this.#handle(routes, request, response)
    })
    server.on('checkExpectation', (request: HostRequest, response: HostResponse) =>
      this.#handle(routes, request, response, 'expectationFailed'),
    )
    server.on('connect', (_request, socket: Duplex) => this.#refuse(socket, new ConnectNotSupported()))
    server.on('clientError', (error: Error, socket: Duplex) => this.#unreadable(error, socket))
    return server
  }

  #handle(routes: RouteTable, request: HostRequest, response: HostResponse, refusal?: Unmatched): void {
    const { target, params } = refusal === undefined ? routes.find(request) : routes.refuse(refusal)
    const startedMs = Date.now()
    const id = sentRequestId(request.headers['x-request-id']) ?? this.#ids.next(startedMs)
    request.originalUrl = request.url ?? '/'
    request.params = params
    request.res = response
    response.requestId = id
    response.fixedHeaders = target.headers
    if (this.#isStopping) response.shouldKeepAlive = false
    const call = new HttpCall(target, this.#runner, {
      request: request as unknown as Request,
      response: response as unknown as Response,
      params,
      id,
      startedMs,
      logger: this.#options.logger,
    })
    this.#runner.start(call)
  }

  /** Bytes that are no HTTP: the answer goes out behind those of the requests that came before them. */
  #unreadable(error: Error & { code?: string }, socket: Duplex): void {
    if (this.#refused.has(socket)) return
    this.#refused.add(socket)
    if (!socket.writable || !isParserError(error)) {
      socket.destroy()
      return
    }
    const refusal = requestErrorOf(error, this.#options.config.maxHeaderBytes)
    const last = this.#runner.inFlight.all().findLast(({ request }) => request.socket === socket)
    if (!last) return this.#refuse(socket, refusal)
    if (last.request.complete) {
      last.response.once('close', () => this.#refuse(socket, refusal))
      return
    }
    last.response.shouldKeepAlive = false
    this.#runner.fail(last, refusal)
  }

  #refuse(socket: Duplex, error: TenonError): void {
    if (!socket.writable) return
    const requestId = this.#ids.next(Date.now())
    this.#options.logger.debug('A connection was refused.', { requestId, status: error.status, error })
    refuseConnection(socket, error, requestId)
  }
}

function isParserError({ code = '' }: { code?: string }): boolean {
  return code.startsWith('HPE_') || code === 'ERR_HTTP_REQUEST_TIMEOUT'
}

/** As Node's types want them: with the statics of its own. */
function nodeClasses({ Request, Response }: HostClasses): {
  readonly IncomingMessage: typeof IncomingMessage
  readonly ServerResponse: typeof ServerResponse
} {
  return { IncomingMessage: Request as never, ServerResponse: Response as never }
}

function takesNativeObjects({ parameters }: Endpoint): boolean {
  return parameters.some(({ source }) => source?.kind === 'request' || source?.kind === 'response')
}

function listening(server: Server, port: number, host: string): Promise<AddressInfo> {
  const { promise, resolve, reject } = Promise.withResolvers<AddressInfo>()
  server.once('error', (error: NodeJS.ErrnoException) => {
    const taken = error.code === 'EADDRINUSE'
    const refusal = taken ? new PortTaken(host, port) : new AddressUnusable(host, port, error.code ?? error.message)
    reject(refusal.causedBy(error))
  })
  server.listen(port, host, () => {
    server.removeAllListeners('error')
    resolve(server.address() as AddressInfo)
  })
  return promise
}
