/** A bare `node:http` server around what is tested here: binder, handler, shaper and responder of one controller. */
import { once } from 'node:events'
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import { connect, type AddressInfo, type Socket } from 'node:net'

import type { Request, Response as ExpressResponse } from 'express'

import {
  decoratedMembers,
  emittedParameterTypes,
  emittedReturnType,
  ENV,
  PARAMETERS,
  ROUTES,
  UNKNOWN_SITE,
  type Class,
  type MemberName,
} from '../../../decorators/index.ts'
import { problemOf, type Problem } from '../../../src/errors/problem.ts'
import { compileBinder, type Binder } from '../../../src/http/bind-arguments.ts'
import { HttpConfig } from '../../../src/http/http-config.ts'
import { HttpContext } from '../../../src/http/http-context.ts'
import { compileNegotiator, type NegotiationCheck } from '../../../src/http/negotiate.ts'
import { compileShaper, type Shaper } from '../../../src/http/shape-result.ts'
import { compileResponder, type Responder } from '../../../src/http/write-response.ts'
import { Logger } from '../../../src/logging/logger.ts'
import { Endpoint } from '../../../src/pipeline/endpoint.ts'

export interface ServeOptions {
  readonly config?: Partial<HttpConfig>
  /** Runs before an argument is bound, as middleware and interceptors do. */
  readonly before?: (context: HttpContext) => void | Promise<void>
}

interface Mounted {
  readonly endpoint: Endpoint
  readonly pattern: RegExp
  readonly instance: Record<MemberName, (...args: unknown[]) => unknown>
  readonly binder: Binder | undefined
  readonly check: NegotiationCheck | undefined
  readonly shaper: Shaper | undefined
  readonly responder: Responder
}

/** Settings as the environment leaves them, with some replaced. */
export function httpConfig(settings: Partial<HttpConfig> = {}): HttpConfig {
  const defaults = decoratedMembers(HttpConfig).map((name) => [name, ENV.read(HttpConfig, name)?.options.default])
  return Object.assign(new HttpConfig(), Object.fromEntries(defaults), settings)
}

/** The endpoints of a controller, as the graph will read them. */
export function endpointsOf(type: Class): readonly Endpoint[] {
  const prototype = type.prototype as object
  return decoratedMembers(type).flatMap((method) =>
    ROUTES.read(prototype, method).map(({ method: verb, path, sse = false, status }) => {
      const types = emittedParameterTypes(prototype, method) ?? []
      const facts = new Map(PARAMETERS.read(prototype, method).map(({ index, fact }) => [index, fact]))
      return new Endpoint({
        transport: 'http',
        type,
        method,
        module: undefined,
        at: UNKNOWN_SITE,
        parameters: types.map((each, index) => ({ index, source: facts.get(index), type: each, at: UNKNOWN_SITE })),
        returns: emittedReturnType(prototype, method),
        route: { method: verb, path, sse, ...(status === undefined ? {} : { status }) },
      })
    }),
  )
}

export class ServedController implements AsyncDisposable {
  readonly #server: Server
  readonly #sockets = new Set<Socket>()
  /** Everything that failed, in order: what the server would have logged. */
  readonly errors: unknown[] = []
  /** Lines that the code under test logged itself. */
  readonly lines: string[] = []
  readonly outcomes: number[] = []

  constructor(mounted: readonly Mounted[], { before }: ServeOptions) {
    this.#server = createServer((request, response) => void this.#handle(mounted, before, request, response))
    this.#server.on('connection', (socket) => {
      this.#sockets.add(socket)
      socket.once('close', () => this.#sockets.delete(socket))
    })
  }

  async listen(): Promise<this> {
    this.#server.listen(0, '127.0.0.1')
    await once(this.#server, 'listening')
    return this
  }

  get port(): number {
    return (this.#server.address() as AddressInfo).port
  }

  fetch(path: string, init: RequestInit & { duplex?: 'half' } = {}): Promise<Response> {
    return fetch(`http://127.0.0.1:${this.port}${path}`, {
      signal: AbortSignal.timeout(5000),
      redirect: 'manual',
      ...init,
    })
  }

  /** A plain connection, for bytes that no HTTP client would send. */
  async connect(): Promise<RawConnection> {
    const socket = connect({ port: this.port, host: '127.0.0.1', allowHalfOpen: true })
    await once(socket, 'connect')
    return new RawConnection(socket)
  }

  /** Waits until the server has seen as many calls end. */
  async settled(count = 1): Promise<void> {
    await until(() => this.outcomes.length >= count, `${count} settled calls`)
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const socket of this.#sockets) socket.destroy()
    this.#server.close()
    await once(this.#server, 'close')
  }

  async #handle(
    mounted: readonly Mounted[],
    before: ServeOptions['before'],
    request: IncomingMessage,
    response: ServerResponse,
  ): Promise<void> {
    const path = request.url!.split('?', 1)[0]!
    const verb = request.method === 'HEAD' ? 'GET' : request.method
    const found = mounted.find(({ endpoint, pattern }) => endpoint.route!.method === verb && pattern.test(path))
    if (!found) throw new Error(`The test asked for ${request.method} ${path}, which is no route.`)
    const context = new HttpContext(found.endpoint, {
      request: request as Request,
      response: response as ExpressResponse,
      params: { ...found.pattern.exec(path)!.groups },
      id: 'test',
      logger: new ListLogger(this.lines),
    })
    context.onSettled(({ status }) => this.outcomes.push(status))
    response.once('close', () => {
      if (!response.writableFinished) context.abort(new Error('gone'))
      context.settle(response.writableFinished ? response.statusCode : 499)
    })
    try {
      await before?.(context)
      found.check?.(context)
      const args = found.binder ? await found.binder(context) : []
      const result = await found.instance[found.endpoint.method]!(...args)
      await found.responder(context, found.shaper ? found.shaper(result) : result)
    } catch (error) {
      this.errors.push(error)
      if (response.headersSent) response.destroy()
      else writeProblem(response, problemOf(error, { exposeInternals: true }))
    }
  }
}

/** Headers of the representation that failed go; those of the problem and `Connection` stay. */
function writeProblem(response: ServerResponse, problem: Problem): void {
  for (const name of ['content-type', 'content-length', 'content-range', 'etag']) response.removeHeader(name)
  const text = JSON.stringify(problem.toBody())
  response.writeHead(problem.status, {
    ...problem.headers,
    'content-type': 'application/problem+json',
    'content-length': Buffer.byteLength(text),
  })
  response.end(text)
}

/** Starts a server with the endpoints of a controller. */
export async function serve(type: Class, options: ServeOptions = {}): Promise<ServedController> {
  const config = httpConfig(options.config)
  const instance = new type() as Mounted['instance']
  const mounted = await Promise.all(
    endpointsOf(type).map(async (endpoint): Promise<Mounted> => {
      const pattern = endpoint.route!.path.replaceAll(/:(\w+)/g, '(?<$1>[^/]+)')
      return {
        endpoint,
        pattern: new RegExp(`^${pattern}$`),
        instance,
        binder: await compileBinder(endpoint, { config }),
        check: await compileNegotiator(endpoint),
        shaper: await compileShaper(endpoint),
        responder: await compileResponder(endpoint, { config }),
      }
    }),
  )
  return new ServedController(mounted, options).listen()
}

/** Waits for something to become true, at most two seconds. */
export async function until(isTrue: () => boolean, what: string): Promise<void> {
  const limit = performance.now() + 2000
  while (!isTrue()) {
    if (performance.now() > limit) throw new Error(`Waited for ${what} in vain.`)
    await new Promise((resolve) => setTimeout(resolve, 5))
  }
}

export class RawConnection implements Disposable {
  readonly socket: Socket
  #received = ''
  /** `end` for a clean close, the code of the error otherwise. */
  closedBy: string | undefined

  constructor(socket: Socket) {
    this.socket = socket
    socket.setEncoding('latin1')
    socket.on('data', (text: string) => (this.#received += text))
    socket.on('end', () => (this.closedBy ??= 'end'))
    socket.on('error', (error: NodeJS.ErrnoException) => (this.closedBy ??= error.code ?? error.message))
    socket.on('close', () => (this.closedBy ??= 'close'))
  }

  get received(): string {
    return this.#received
  }

  send(text: string | Buffer): this {
    this.socket.write(text)
    return this
  }

  /** Everything until the other side closes. */
  async untilClosed(): Promise<string> {
    await until(() => this.closedBy !== undefined, 'the end of the connection')
    return this.#received
  }

  [Symbol.dispose](): void {
    this.socket.destroy()
  }
}

class ListLogger extends Logger {
  readonly #lines: string[]

  constructor(lines: string[]) {
    super()
    this.#lines = lines
  }

  debug(): void {}
  info(): void {}

  warn(message: string): void {
    this.#lines.push(`warn: ${message}`)
  }

  error(message: string): void {
    this.#lines.push(`error: ${message}`)
  }

  child(): Logger {
    return this
  }

  named(): Logger {
    return this
  }

  isEnabled(): boolean {
    return true
  }
}
