/**
 * The request and response classes given to `node:http`. Express's prototypes stand behind them, so a request is an
 * Express request from the start and no prototype is changed per call. Express itself is loaded by the first use of
 * one of its members: an application that needs none of them never pays for it.
 */
import { WriteStream } from 'node:fs'
import type { OutgoingHttpHeader, OutgoingHttpHeaders } from 'node:http'
import type { Socket } from 'node:net'
import { parse, type ParsedUrlQuery } from 'node:querystring'

import { EXPRESS_REQUEST_MEMBERS, EXPRESS_RESPONSE_MEMBERS, loadBehind, standIn } from './express-members.ts'
import { withOwn } from './own-headers.ts'
import type { PathParameters } from './http-context.ts'
import { releaseWritten } from './release-written.ts'
import { NO_PARAMS } from './router.ts'
import { RouteNotFound } from './server-errors.ts'
import type { FixedHeaders } from './static-headers.ts'
import { IncomingMessage, ServerResponse } from '../platform/node-http.ts'

const LOCALS = Symbol('tenon.locals')
const NEXT = Symbol('tenon.next')
const SINK = Symbol('tenon.sink')

type NextFunction = (error?: unknown) => void

/** What happens to these objects, told to the call they belong to. */
export interface RunningCall {
  /** The response is out, or the connection gone. */
  over(): void
  fail(error: unknown): void
}

/** Takes the bytes of a body in place of the stream. */
export interface BodySink {
  take(chunk: Buffer): void
  end(): void
  /** The connection is gone. */
  abort(): void
}

/** What Node's server and streams keep on a request and call; their types do not tell. */
interface Incoming extends IncomingMessage {
  readonly _eventsCount: number
  readonly _readableState: {
    readonly flowing: boolean | null
    readonly length: number
    ended: boolean
    endEmitted: boolean
  }
  _dumped: boolean
  _dump(): void
}

const Incoming = IncomingMessage as unknown as new (socket: Socket) => Incoming

export class HostRequest extends Incoming {
  params: PathParameters
  originalUrl: string
  baseUrl: string
  res: HostResponse | undefined;
  [NEXT]: NextFunction | undefined;
  /** `null`: made by our own server, whose parser pushes what comes in. */
  [SINK]: BodySink | null | undefined

  constructor(socket: Socket) {
    super(socket)
    this.params = NO_PARAMS
    this.originalUrl = ''
    this.baseUrl = ''
    this.res = undefined
    this[NEXT] = undefined
    this[SINK] = null
  }

  /** Uploads go to files as they come: their memory is given back meanwhile. */
  override pipe<T extends NodeJS.WritableStream>(target: T, options?: { end?: boolean }): T {
    if (target instanceof WriteStream) releaseWritten(this, target)
    return super.pipe(target, options)
  }

  /**
   * Hands the body's bytes to a sink from now on, or to the stream again.
   * @returns `false` where the stream has begun, where it must be read to begin, and in requests of other servers.
   */
  divertTo(sink: BodySink | undefined): boolean {
    if (this[SINK] === undefined) return false
    if (sink) {
      const isUntouched = this.readableFlowing === null && this.readableLength === 0 && !this.readableDidRead
      if (!isUntouched || this.complete || this.destroyed || this.headers.expect !== undefined) return false
    }
    this[SINK] = sink ?? null
    return true
  }

  /** Called by the parser for every piece of the body, and with `null` at its end. */
  override push(chunk: Buffer | null, encoding?: BufferEncoding): boolean {
    const sink = this[SINK]
    if (chunk === null) {
      const isMore = isUnseen(this) ? endUnseen(this) : super.push(null)
      sink?.end()
      return isMore
    }
    if (!sink) return super.push(chunk, encoding)
    sink.take(chunk)
    return true
  }

  /** Called by the server when the answer is out: what nobody has read must not stay in the connection. */
  override _dump(): void {
    if (!this.complete || !this._readableState.ended || !isUnseen(this)) return super._dump()
    this._dumped = true
    this._readableState.endEmitted = true
  }

  override _destroy(error: Error | null, callback: (error?: Error | null) => void): void {
    this[SINK]?.abort()
    super._destroy(error, callback)
  }

  /** Inside mounted middleware it is Express's own; in a handler (`res.sendFile` calls it) it ends the call. */
  get next(): NextFunction {
    return this[NEXT] ?? ((error) => leave(this, error))
  }

  set next(next: NextFunction | undefined) {
    this[NEXT] = next
  }
}

/** Made by our own server, and nobody listens, has read or has put anything back. Others' requests have no private members. */
function isUnseen(request: HostRequest): boolean {
  const { flowing, length } = request._readableState
  return request[SINK] !== undefined && request._eventsCount === 0 && flowing === null && length === 0
}

/** There is nobody to tell; who looks later finds a stream at its end. */
function endUnseen({ _readableState }: HostRequest): false {
  _readableState.ended = true
  return false
}

export class HostResponse extends ServerResponse<HostRequest> {
  /** Echoed to the caller with whatever head is written. */
  requestId: string | undefined
  /** Written with whatever head is written, unless the head says otherwise. */
  fixedHeaders: FixedHeaders | undefined
  /** The call this response answers. */
  call: RunningCall | undefined;
  [LOCALS]: object | undefined

  constructor(request: HostRequest, options?: object) {
    // Node hands in options that its types do not know.
    super(...([request, options] as unknown as [HostRequest]))
    this.requestId = undefined
    this.fixedHeaders = undefined
    this.call = undefined
    this[LOCALS] = undefined
  }

  /** Made on first use; Express makes one per request. */
  get locals(): object {
    return (this[LOCALS] ??= Object.create(null) as object)
  }

  set locals(value: object) {
    this[LOCALS] = value
  }

  /**
   * The end of an answer and its failures are told to the call without a listener of its own on every response. An error
   * without any listener would end the process: writing after the end, and the like.
   */
  override emit(event: string | symbol, ...args: any[]): boolean {
    const { call } = this
    if (call === undefined) return super.emit(event, ...args)
    if (event === 'error') {
      call.fail(args[0])
      if (this.listenerCount('error') === 0) return true
    }
    if (event === 'close') call.over()
    return super.emit(event, ...args)
  }

  /** Every head passes here, also the implicit one of `end()`, so what stands on each needs no `setHeader` of its own. */
  override writeHead(
    status: number,
    reason?: string | OutgoingHttpHeaders | OutgoingHttpHeader[],
    headers?: OutgoingHttpHeaders | OutgoingHttpHeader[],
  ): this {
    if (typeof reason === 'string') return super.writeHead(status, reason, withOwn(this, headers))
    return super.writeHead(status, withOwn(this, headers ?? reason))
  }
}

/** There is nothing after the handler: without an error, what was asked for does not exist. */
function leave({ method = 'GET', originalUrl, res }: HostRequest, error: unknown): void {
  res?.call?.fail(error ?? new RouteNotFound(method, originalUrl.split('?', 1)[0] ?? originalUrl))
}

/** Classes of one server: `app` and what depends on its settings stand on their prototypes. */
export interface HostClasses {
  readonly Request: typeof HostRequest
  readonly Response: typeof HostResponse
}

/**
 * @param app - Makes the Express application or answers the one there is; asked when somebody touches `req.app`.
 * @param trustsProxies - Whether an address may come from a header.
 */
export function createHostClasses(app: () => unknown, trustsProxies: boolean): HostClasses {
  const Request = class extends HostRequest {}
  const Response = class extends HostResponse {}
  for (const { prototype } of [Request, Response]) defineGetter(prototype, 'app', app)
  // Until the application exists its settings are the defaults, so these two need nothing of Express.
  defineGetter(Request.prototype, 'query', function (this: HostRequest): ParsedUrlQuery {
    const url = this.url ?? ''
    const start = url.indexOf('?')
    return parse(start === -1 ? '' : url.slice(start + 1))
  })
  if (!trustsProxies) {
    defineGetter(Request.prototype, 'ip', function (this: HostRequest): string | undefined {
      return this.socket.remoteAddress
    })
  }
  return { Request, Response }
}

/** Puts the application on the prototypes; from now on its settings decide. */
export function bindApplication({ Request, Response }: HostClasses, app: object): void {
  for (const { prototype } of [Request, Response]) {
    Object.defineProperty(prototype, 'app', { value: app, configurable: true, enumerable: true, writable: true })
  }
  const own = Request.prototype as Partial<Record<'query' | 'ip', unknown>>
  delete own.query
  delete own.ip
}

/** Loads what Express adds to requests and responses now rather than at first use. */
export function loadExpressPrototypes(): void {
  loadBehind(HostRequest, EXPRESS_REQUEST_MEMBERS, 'express/lib/request.js')
  loadBehind(HostResponse, EXPRESS_RESPONSE_MEMBERS, 'express/lib/response.js')
}

function defineGetter(prototype: object, name: string, get: () => unknown): void {
  Object.defineProperty(prototype, name, { configurable: true, enumerable: true, get })
}

standIn(HostRequest, EXPRESS_REQUEST_MEMBERS, 'express/lib/request.js')
standIn(HostResponse, EXPRESS_RESPONSE_MEMBERS, 'express/lib/response.js')
