/**
 * Heads put together as one text where nothing stands in them but what the framework itself says. `node:http` would take
 * the same lines apart and check each again, for every answer; ours were checked at boot. What it notes of a head besides
 * its text is noted here under its own names: whether they still mean the same is asked of Node before the first use, and
 * where they do not, every head takes the usual way.
 */
import { isDeepStrictEqual } from 'node:util'

import type { HostResponse } from './express-request.ts'
import { ID } from './own-headers.ts'
import type { FixedHeaders, StaticHeaders } from './static-headers.ts'
import { IncomingMessage, ServerResponse, STATUS_CODES } from '../platform/node-http.ts'

/** What `node:http` keeps on a response and asks when it writes a head. */
interface NodeResponse {
  statusCode: number
  statusMessage: string | undefined
  sendDate: boolean
  shouldKeepAlive: boolean
  useChunkedEncodingByDefault: boolean
  maxRequestsOnConnectionReached: boolean
  _header: string | null
  _contentLength: number | null
  _removedConnection: boolean
  _removedContLen: boolean
  _defaultKeepAlive: boolean
  _expect_continue: boolean
  _keepAliveTimeout: number
  _maxRequestsPerSocket: number | undefined
  /** What `setHeader` was given, by name in lower case, once it was used. */
  [GIVEN_HEADERS: symbol]: Record<string, readonly [name: string, value: unknown]> | null
}

/** Lines that stand in a head of ours anyway, or change what Node says itself about the connection. */
const OF_AN_ANSWER: ReadonlySet<string> = new Set([
  'content-type',
  'etag',
  'x-request-id',
  'connection',
  'keep-alive',
  'content-length',
  'transfer-encoding',
  'trailer',
  'expect',
  'upgrade',
  'date',
])
/** Text whose bytes are its characters, in whichever encoding it leaves together with a body. */
const ASCII = /^[\x20-\x7e]*$/

type NodeServerResponse = InstanceType<typeof ServerResponse>

/** The heads of one endpoint. */
export class HeadText {
  readonly #static: Lines
  #fixed: FixedHeaders | undefined
  #fixedLines = new Lines([])
  #status = 0
  #type = ''
  #begin = ''
  /** Until the length. */
  #typed = ''
  #isPlain = false

  constructor({ flat }: StaticHeaders) {
    this.#static = new Lines(flat)
  }

  /**
   * @param etag - Of ASCII alone.
   * @returns `false` where something about this response is not usual: nothing is written, and Node has to.
   */
  write(host: HostResponse, status: number, type: string, length: number, etag: string | undefined): boolean {
    const response = host as unknown as NodeResponse
    if (!isUsual(response)) return false
    if (host.fixedHeaders !== this.#fixed) this.#learn(host.fixedHeaders)
    const fixed = this.#fixedLines
    if (status !== this.#status || type !== this.#type) this.#begins(status, type)
    if (!this.#isPlain || !fixed.isPlain || (etag !== undefined && fixed.names.has('etag'))) return false
    const set = response[GIVEN_HEADERS!]
    let lines: string | undefined = ''
    if (set) {
      lines = this.#linesOf(set)
      if (lines === undefined) return false
      // As Node does, so that who looks later (a middleware's log) finds them.
      set['content-type'] = ['Content-Type', type]
      set['content-length'] = ['Content-Length', String(length)]
    }
    const { requestId } = host
    response.statusCode = status
    response.statusMessage = STATUS_CODES[status] ?? 'unknown'
    response._contentLength = length
    response._removedContLen = false
    response._header =
      this.#begin +
      lines +
      this.#typed +
      length +
      this.#static.text +
      (etag === undefined ? '' : `\r\nETag: ${etag}`) +
      fixed.text +
      (requestId === undefined ? '' : `\r\n${ID}: ${requestId}`) +
      endOf(response._keepAliveTimeout)
    return true
  }

  #begins(status: number, type: string): void {
    this.#status = status
    this.#type = type
    this.#isPlain = this.#static.isPlain && ASCII.test(type)
    this.#begin = `HTTP/1.1 ${status} ${STATUS_CODES[status] ?? 'unknown'}\r\n`
    this.#typed = `Content-Type: ${type}\r\nContent-Length: `
  }

  /** Of what was set by hand, and checked by Node then; `undefined` where only Node knows how it goes with the rest. */
  #linesOf(set: NonNullable<NodeResponse[symbol]>): string | undefined {
    let lines = ''
    for (const key in set) {
      const [name, value] = set[key]!
      if (typeof value !== 'string' || !ASCII.test(value) || this.#isSaid(key)) return undefined
      lines += `${name}: ${value}\r\n`
    }
    return lines
  }

  #isSaid(name: string): boolean {
    return OF_AN_ANSWER.has(name) || this.#static.names.has(name) || this.#fixedLines.names.has(name)
  }

  /** The same for every answer of an endpoint, as a rule. */
  #learn(fixed: FixedHeaders | undefined): void {
    this.#fixed = fixed
    const isSaidTwice = [...this.#static.names].some((name) => fixed?.names.has(name))
    this.#fixedLines = new Lines(fixed?.flat ?? [], isSaidTwice)
  }
}

class Lines {
  /** Each with the end of the line before it. */
  readonly text: string
  readonly names: ReadonlySet<string>
  /** They can stand in a head as they are. */
  readonly isPlain: boolean

  constructor(flat: readonly string[], isSaidTwice = false) {
    const names = flat.filter((_each, index) => index % 2 === 0)
    this.text = names.map((name, index) => `\r\n${name}: ${flat[index * 2 + 1]}`).join('')
    this.names = new Set(names.map((name) => name.toLowerCase()))
    this.isPlain =
      !isSaidTwice &&
      flat.every((each) => ASCII.test(each)) &&
      names.every((name) => !OF_AN_ANSWER.has(name.toLowerCase()))
  }
}

const GIVEN_HEADERS = Object.getOwnPropertySymbols(blank()).find(({ description }) => description === 'kOutHeaders')

let isUnderstood: boolean | undefined

/** A connection that stays open, no status text set by hand, a caller who reads HTTP/1.1. */
function isUsual(response: NodeResponse): boolean {
  return (
    response._header === null &&
    response.statusMessage === undefined &&
    response.sendDate &&
    response.shouldKeepAlive &&
    response.useChunkedEncodingByDefault &&
    response._defaultKeepAlive &&
    response._keepAliveTimeout >= 1000 &&
    !response._removedConnection &&
    !response._expect_continue &&
    !response.maxRequestsOnConnectionReached &&
    !response._maxRequestsPerSocket &&
    (isUnderstood ??= understandsNode())
  )
}

let second = 0
let timeoutMs = 0
let end = ''

/** The date and what keeps the connection open, as Node words them; the same for all answers of a second. */
function endOf(keepAliveMs: number): string {
  const now = Math.floor(Date.now() / 1000)
  if (now !== second || keepAliveMs !== timeoutMs) {
    second = now
    timeoutMs = keepAliveMs
    const date = new Date(now * 1000).toUTCString()
    end = `\r\nDate: ${date}\r\nConnection: keep-alive\r\nKeep-Alive: timeout=${Math.floor(keepAliveMs / 1000)}\r\n\r\n`
  }
  return end
}

/** Whether this Node's own head is ours, and leaves a response in the same state. */
export function understandsNode(): boolean {
  if (GIVEN_HEADERS === undefined) return false
  isUnderstood = true
  return writesAlike(() => {}) && writesAlike((response) => response.setHeader('X-Set', '1'))
}

function writesAlike(prepare: (response: NodeServerResponse) => void): boolean {
  const [theirs, ours] = [blank(), blank()]
  for (const each of [theirs, ours]) prepare(each)
  const flat = ['X-One', 'a', 'X-Two', 'b']
  theirs.writeHead(201, ['Content-Type', 'text/plain', 'Content-Length', '2', ...flat])
  new HeadText({ contentType: undefined, flat }).write(ours as never, 201, 'text/plain', 2, undefined)
  return isDeepStrictEqual(withoutDate(theirs), withoutDate(ours))
}

/** A response to nobody. */
function blank(): NodeServerResponse {
  const request = new IncomingMessage(undefined as never)
  Object.assign(request, { method: 'GET', httpVersionMajor: 1, httpVersionMinor: 1 })
  const response = new ServerResponse(request)
  Object.assign(response, { _keepAliveTimeout: 5000 })
  return response
}

function withoutDate(response: object): object {
  const own = Object.fromEntries(
    Reflect.ownKeys(response).map((key) => [key, (response as NodeResponse)[key as never]]),
  )
  const { req: _request, _header, [GIVEN_HEADERS!]: _set, ...rest } = own as unknown as NodeResponse & { req: unknown }
  return { ...rest, head: String(_header).replace(/^Date: .*$/m, '') }
}
