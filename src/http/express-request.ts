/**
 * The request and response classes given to `node:http`. Express's prototypes stand behind them, so a request is an
 * Express request from the start and no prototype is changed per call. Express itself is loaded by the first use of
 * one of its members: an application that needs none of them never pays for it.
 */
import type { OutgoingHttpHeader, OutgoingHttpHeaders } from 'node:http'
import { createRequire } from 'node:module'
import type { Socket } from 'node:net'
import { parse, type ParsedUrlQuery } from 'node:querystring'

import type { PathParameters } from './http-context.ts'
import { NO_PARAMS } from './router.ts'
import { RouteNotFound } from './server-errors.ts'
import { joinVary, type FixedHeaders } from './static-headers.ts'
import { IncomingMessage, ServerResponse } from '../platform/node-http.ts'
import type { Response } from './express-types.ts'

const require = createRequire(import.meta.url)

/** What `express/lib/request.js` adds; a test compares the list with the file. */
export const EXPRESS_REQUEST_MEMBERS = [
  'get',
  'header',
  'accepts',
  'acceptsEncodings',
  'acceptsCharsets',
  'acceptsLanguages',
  'range',
  'query',
  'is',
  'protocol',
  'secure',
  'ip',
  'ips',
  'subdomains',
  'path',
  'host',
  'hostname',
  'fresh',
  'stale',
  'xhr',
] as const

/** What `express/lib/response.js` adds. */
export const EXPRESS_RESPONSE_MEMBERS = [
  'status',
  'links',
  'send',
  'json',
  'jsonp',
  'sendStatus',
  'sendFile',
  'download',
  'contentType',
  'type',
  'format',
  'attachment',
  'append',
  'set',
  'header',
  'get',
  'clearCookie',
  'cookie',
  'location',
  'redirect',
  'vary',
  'render',
] as const

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

export class HostRequest extends IncomingMessage {
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
    if (!sink) return super.push(chunk, encoding)
    if (chunk !== null) {
      sink.take(chunk)
      return true
    }
    const isMore = super.push(null)
    sink.end()
    return isMore
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

/**
 * Writes a head that is nobody else's, so that it can be added to instead of copied; by the response's own `writeHead`
 * where a middleware has put one in place.
 * @param head - Names and values in turn; content type and length are the first.
 */
export function writeOwnHead(response: Response, status: number, head: string[]): void {
  if (response.writeHead !== writeHostHead) return void response.writeHead(status, head)
  const host = response as unknown as HostResponse
  const { fixedHeaders } = host
  if (fixedHeaders !== undefined) {
    const isUntouched = host.getHeaderNames().length === 0 && saysNothingOf(fixedHeaders, head)
    for (const each of isUntouched ? fixedHeaders.flat : remaining(fixedHeaders, host, head)) head.push(each)
  }
  if (host.requestId !== undefined) head.push(ID, host.requestId)
  writeNodeHead.call(host, status, head)
}

/** Every head of our own begins with content type and length, of which fixed headers never say anything. */
function saysNothingOf({ names }: FixedHeaders, head: readonly string[]): boolean {
  for (let index = 4; index < head.length; index += 2) if (names.has(head[index]!.toLowerCase())) return false
  return true
}

const writeHostHead: unknown = HostResponse.prototype.writeHead
const writeNodeHead = ServerResponse.prototype.writeHead as unknown as (status: number, head: readonly string[]) => void

/** There is nothing after the handler: without an error, what was asked for does not exist. */
function leave({ method = 'GET', originalUrl, res }: HostRequest, error: unknown): void {
  res?.call?.fail(error ?? new RouteNotFound(method, originalUrl.split('?', 1)[0] ?? originalUrl))
}

type GivenHeaders = OutgoingHttpHeaders | OutgoingHttpHeader[] | undefined

function withOwn(response: HostResponse, given: GivenHeaders): GivenHeaders {
  const { requestId, fixedHeaders } = response
  if (requestId === undefined) return given
  if (fixedHeaders !== undefined) return [...flatOf(given), ...remaining(fixedHeaders, response, given), ID, requestId]
  if (given === undefined) return [ID, requestId]
  if (Array.isArray(given) && !Array.isArray(given[0])) return [...given, ID, requestId]
  return [...flatOf(given), ID, requestId]
}

const ID = 'x-request-id'

/** Those that the head does not say itself, nor a `setHeader` before it. */
function remaining(fixed: FixedHeaders, response: HostResponse, given: GivenHeaders): readonly string[] {
  const { flat, names, vary } = fixed
  const set = response.getHeaderNames()
  const head = flatOf(given)
  if (!set.some((name) => names.has(name)) && !head.some((name, index) => index % 2 === 0 && isOneOf(name, names))) {
    return flat
  }
  const said = new Set([
    ...set,
    ...head.filter((_name, index) => index % 2 === 0).map((name) => String(name).toLowerCase()),
  ])
  const rest = flat.filter((_each, index) => !said.has(flat[index - (index % 2)]!.toLowerCase()))
  return vary !== undefined && said.has('vary') ? [...rest, 'vary', ...addedVary(vary, response, head)] : rest
}

/** Beside what the head says a further line; in place of what was set before, which a line of the head replaces. */
function addedVary(vary: string, response: HostResponse, head: readonly OutgoingHttpHeader[]): readonly [string] {
  const isInHead = head.some((name, index) => index % 2 === 0 && String(name).toLowerCase() === 'vary')
  const set = response.getHeader('vary')
  return [isInHead || set === undefined ? vary : joinVary(String(set), vary)]
}

function isOneOf(name: unknown, names: ReadonlySet<string>): boolean {
  return names.has(String(name).toLowerCase())
}

/** The three forms that `writeHead` takes, as names and values in turn. */
function flatOf(given: GivenHeaders): readonly OutgoingHttpHeader[] {
  if (given === undefined) return []
  if (!Array.isArray(given))
    return Object.entries(given)
      .filter(([, value]) => value !== undefined)
      .flat() as OutgoingHttpHeader[]
  return Array.isArray(given[0]) ? (given as unknown as OutgoingHttpHeader[][]).flat() : given
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

/** Until they are loaded, each member of Express is an accessor that loads them. */
function standIn(type: { prototype: object }, members: readonly string[], file: string): void {
  for (const name of members) {
    Object.defineProperty(type.prototype, name, {
      configurable: true,
      enumerable: true,
      get(this: Record<string, unknown>): unknown {
        loadBehind(type, members, file)
        return this[name]
      },
      set(this: Record<string, unknown>, value: unknown): void {
        loadBehind(type, members, file)
        this[name] = value
      },
    })
  }
}

function loadBehind({ prototype }: { prototype: object }, members: readonly string[], file: string): void {
  const express = require(file) as object
  if (Object.getPrototypeOf(prototype) === express) return
  for (const name of members) delete (prototype as Record<string, unknown>)[name]
  Object.setPrototypeOf(prototype, express)
}

function defineGetter(prototype: object, name: string, get: () => unknown): void {
  Object.defineProperty(prototype, name, { configurable: true, enumerable: true, get })
}

standIn(HostRequest, EXPRESS_REQUEST_MEMBERS, 'express/lib/request.js')
standIn(HostResponse, EXPRESS_RESPONSE_MEMBERS, 'express/lib/response.js')
