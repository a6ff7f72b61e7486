/** The real server around one controller: binder, handler, shaper and responder, without container and interceptors. */
import { once } from 'node:events'
import { connect, type Socket } from 'node:net'

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
import { problemOf } from '../../../src/errors/problem.ts'
import { compileBinder, type Binder } from '../../../src/http/bind-arguments.ts'
import { HttpConfig } from '../../../src/http/http-config.ts'
import type { HttpContext } from '../../../src/http/http-context.ts'
import { HttpServer } from '../../../src/http/http-server.ts'
import { compileNegotiator, type NegotiationCheck } from '../../../src/http/negotiate.ts'
import { compileShaper, type Shaper } from '../../../src/http/shape-result.ts'
import { compileResponder, type Responder } from '../../../src/http/write-response.ts'
import { Endpoint } from '../../../src/pipeline/endpoint.ts'
import { MemoryLogger } from '../../../src/testing/memory-logger.ts'

export interface ServeOptions {
  readonly config?: Partial<HttpConfig>
  /** Runs before an argument is bound, as middleware and interceptors do. */
  readonly before?: (context: HttpContext) => void | Promise<void>
}

interface Mounted {
  readonly endpoint: Endpoint
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
        route: { method: verb, path, sse, status },
      })
    }),
  )
}

export class ServedController implements AsyncDisposable {
  readonly #server: HttpServer
  readonly #logs = new MemoryLogger()
  readonly #connections: RawConnection[] = []
  readonly outcomes: number[] = []
  port = 0

  constructor(mounted: readonly Mounted[], { before }: ServeOptions, config: HttpConfig) {
    this.#server = new HttpServer({
      config,
      logger: this.#logs,
      toProblem: (error) => problemOf(error, { exposeInternals: true }),
      exposeInternals: false,
      isProduction: true,
      compile: () => ({
        routes: mounted.map((each) => ({
          ...each.endpoint.route!,
          target: {
            endpoint: each.endpoint,
            invoke: (context) => this.#invoke(each, context as HttpContext, before),
            respond: each.responder,
          },
        })),
        fallback: (_endpoint, handler) => ({ invoke: handler }),
      }),
    })
  }

  async listen(): Promise<this> {
    this.port = (await this.#server.listen({ port: 0, host: '127.0.0.1' })).port
    return this
  }

  /** Everything that failed, in order, as often as it was logged: the error, or for a refusal its code and status. */
  get errors(): readonly unknown[] {
    const failures = this.#logs.lines.filter(({ fields }) => 'error' in fields || 'code' in fields)
    return failures.map(({ fields }) => fields['error'] ?? fields)
  }

  /** What was logged as worth a look. */
  get warnings(): readonly string[] {
    return this.#logs.at('warn').map(({ message }) => message)
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
    const connection = new RawConnection(socket)
    this.#connections.push(connection)
    return connection
  }

  /** Waits until the server has seen as many calls end. */
  async settled(count = 1): Promise<void> {
    await until(() => this.outcomes.length >= count, `${count} settled calls`)
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const connection of this.#connections) connection.socket.destroy()
    await this.#server.close()
  }

  async #invoke(mounted: Mounted, context: HttpContext, before: ServeOptions['before']): Promise<unknown> {
    const { instance, binder, check, shaper, endpoint } = mounted
    context.onSettled(({ status }) => this.outcomes.push(status))
    await before?.(context)
    check?.(context)
    await binder?.bind(context)
    const result = await instance[endpoint.method]!(...context.args)
    return shaper ? shaper(result) : result
  }
}

/** Starts a server with the endpoints of a controller. */
export async function serve(type: Class, options: ServeOptions = {}): Promise<ServedController> {
  const config = httpConfig(options.config)
  const instance = new type() as Mounted['instance']
  const mounted = await Promise.all(
    endpointsOf(type).map(async (endpoint): Promise<Mounted> => ({
      endpoint,
      instance,
      binder: await compileBinder(endpoint, { config }),
      check: await compileNegotiator(endpoint),
      shaper: await compileShaper(endpoint),
      responder: await compileResponder(endpoint, { config }),
    })),
  )
  return new ServedController(mounted, options, config).listen()
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
