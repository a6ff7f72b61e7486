/**
 * What a handler returned, as an HTTP answer: one `writeHead` with a known length and one `end` for values, the
 * caller's speed for streams. Text is `text/plain` and never guessed to be HTML, as Express would.
 */
import { hash } from 'node:crypto'
import type { Readable } from 'node:stream'
import { isUint8Array } from 'node:util/types'

import type { Endpoint } from '../pipeline/endpoint.ts'
import { FileResponse, sendFile } from './file-response.ts'
import type { HttpConfig } from './http-config.ts'
import type { HttpContext } from './http-context.ts'
import { HeadText } from './head-text.ts'
import { isData } from './is-data.ts'
import { isConditional, isFresh } from './is-fresh.ts'
import { compileRedirect, locationOf, type RedirectChooser, type RedirectResponse } from './redirect-response.ts'
import { EventsMissing, ResultUnserializable } from './response-errors.ts'
import { compileStatus, forbidsBody, type StatusChooser } from './response-status.ts'
import { SSE_HEADERS, streamEvents } from './sse-stream.ts'
import { compileStaticHeaders, type StaticHeaders } from './static-headers.ts'
import { pipeToResponse, streamOf, untilReadable } from './stream-response.ts'
import { isUntouched, writeOwnHead } from './write-own-head.ts'

export interface ResponderOptions {
  readonly config: HttpConfig
}

/**
 * Writes one answer; not to be called when the head is out already. Throws before the head is out, or after it (a stream that breaks): the server then answers with a
 * problem, or closes the connection.
 */
export type Responder = (context: HttpContext, result: unknown) => void | Promise<void>

/** @throws `RESPONSE_STATUS_INVALID`, `RESPONSE_HEADER_INVALID`, `RESPONSE_REDIRECT_INVALID` */
export async function compileResponder(endpoint: Endpoint, { config }: ResponderOptions): Promise<Responder> {
  const writer = new ResponseWriter(endpoint, config)
  if (endpoint.route?.sse) return (context, result) => writer.events(context, result)
  const isUnmanaged = endpoint.parameters.some(({ source }) => source?.kind === 'response')
  if (!isUnmanaged) return (context, result) => writer.write(context, result)
  return (context, result) => {
    if (result !== undefined && result !== context.response) return writer.write(context, result)
  }
}

class ResponseWriter {
  readonly #endpoint: string
  readonly #config: HttpConfig
  readonly #headers: StaticHeaders
  readonly #text: HeadText
  readonly #statusOf: StatusChooser
  readonly #redirectOf: RedirectChooser

  constructor(endpoint: Endpoint, config: HttpConfig) {
    this.#endpoint = endpoint.name
    this.#config = config
    this.#headers = compileStaticHeaders(endpoint)
    this.#text = new HeadText(this.#headers)
    this.#statusOf = compileStatus(endpoint)
    this.#redirectOf = compileRedirect(endpoint)
  }

  write(context: HttpContext, result: unknown): void | Promise<void> {
    const redirect = this.#redirectOf(result)
    if (redirect) return this.#redirect(context, redirect)
    const status = this.#statusOf(context, result)
    if (result === undefined || forbidsBody(status)) return this.#nothing(context, status, result)
    if (typeof result === 'string') return this.#body(context, status, result, 'text/plain; charset=utf-8')
    if (typeof result === 'object' && result !== null && !isData(result)) {
      if (isUint8Array(result)) return this.#body(context, status, result, 'application/octet-stream')
      if (result instanceof FileResponse) return this.#file(context, status, result)
      const stream = streamOf(result)
      if (stream) return this.#stream(context, status, stream)
    }
    this.#body(context, status, this.#json(result), 'application/json; charset=utf-8')
  }

  async events(context: HttpContext, result: unknown): Promise<void> {
    const { request, response } = context
    if (typeof result !== 'object' || result === null || !(Symbol.asyncIterator in result)) {
      throw new EventsMissing(this.#endpoint)
    }
    const events = result as AsyncIterable<unknown>
    response.writeHead(200, [...SSE_HEADERS, ...this.#headers.flat])
    if (request.method === 'HEAD') {
      response.end()
      await events[Symbol.asyncIterator]().return?.()
      return
    }
    response.flushHeaders()
    await streamEvents(events, context, this.#config.sseHeartbeatMs)
  }

  #body(context: HttpContext, status: number, body: string | Uint8Array, usualType: string): void {
    const { request, response } = context
    const { method } = request
    const type = this.#headers.contentType ?? (response.getHeader('content-type') as string | undefined) ?? usualType
    const length = typeof body === 'string' ? Buffer.byteLength(body) : body.byteLength
    let etag: string | undefined
    if (status < 300 && (method === 'GET' || method === 'HEAD')) {
      etag = this.#etagFor(response, body, length)
      if (isConditional(request.headers) && this.#isFresh(context, etag)) return this.#notModified(context, etag)
    }
    const isAscii = this.#head(response, status, type, length, etag) && length === body.length
    if (method === 'HEAD') response.end()
    // Its bytes are its characters, which nothing has to encode.
    else if (isAscii) response.end(body, 'latin1')
    else response.end(body)
  }

  /** @returns Whether it is of ASCII alone for certain. */
  #head(
    response: HttpContext['response'],
    status: number,
    type: string,
    length: number,
    etag: string | undefined,
  ): boolean {
    if (isUntouched(response) && this.#text.write(response, status, type, length, etag)) return true
    const head = ['Content-Type', type, 'Content-Length', String(length), ...this.#headers.flat]
    if (etag !== undefined) head.push('ETag', etag)
    writeOwnHead(response, status, head)
    return false
  }

  /** In the form that Express gives it; nothing where the handler has set one. */
  #etagFor(response: HttpContext['response'], body: string | Uint8Array, length: number): string | undefined {
    if (!this.#config.etag || typeof body !== 'string' || this.#header(response, 'etag') !== undefined) return undefined
    return `W/"${length.toString(16)}-${hash('sha1', body, 'base64').slice(0, 27)}"`
  }

  #isFresh({ request, response }: HttpContext, etag: string | undefined): boolean {
    return isFresh(request.headers, {
      etag: etag ?? this.#header(response, 'etag'),
      lastModified: this.#header(response, 'last-modified'),
    })
  }

  /** Set by the handler, or by `@SetHeader`. */
  #header(response: HttpContext['response'], name: string): string | undefined {
    const { flat } = this.#headers
    const index = flat.findIndex((each, position) => position % 2 === 0 && each.toLowerCase() === name)
    return index === -1 ? (response.getHeader(name) as string | undefined) : flat[index + 1]
  }

  #notModified({ response }: HttpContext, etag: string | undefined): void {
    for (const name of ['content-type', 'content-length', 'content-encoding']) response.removeHeader(name)
    response.writeHead(304, [...this.#headers.flat, ...(etag === undefined ? [] : ['ETag', etag])])
    response.end()
  }

  #nothing({ response }: HttpContext, status: number, result: unknown): void {
    if (typeof result === 'object' && result !== null) streamOf(result)?.destroy()
    response.removeHeader('content-type')
    response.removeHeader('content-length')
    // RFC 9110 §8.6: a length on anything but 204 and 304, where it would mean the body of another answer.
    const length = status === 204 || status === 304 ? [] : ['Content-Length', '0']
    response.writeHead(status, [...length, ...this.#headers.flat])
    response.end()
  }

  #redirect({ response }: HttpContext, redirect: RedirectResponse): void {
    const location = locationOf(redirect, this.#endpoint)
    response.removeHeader('content-type')
    response.writeHead(redirect.status, ['Location', location, 'Content-Length', '0', ...this.#headers.flat])
    response.end()
  }

  #file(context: HttpContext, status: number, result: FileResponse): Promise<void> {
    const { response } = context
    const { contentType, flat } = this.#headers
    for (let index = 0; index < flat.length; index += 2) response.setHeader(flat[index]!, flat[index + 1]!)
    if (contentType !== undefined) response.setHeader('Content-Type', contentType)
    response.statusCode = status
    return sendFile(context, result)
  }

  async #stream(context: HttpContext, status: number, source: Readable): Promise<void> {
    const { request, response } = context
    const isHead = request.method === 'HEAD'
    if (!isHead) await untilReadable(source, context)
    if (response.headersSent || response.destroyed) {
      // Too late: the call has been answered with a time-out meanwhile, or the caller is gone.
      source.destroy()
      return
    }
    const type = this.#headers.contentType ?? response.getHeader('content-type') ?? 'application/octet-stream'
    response.writeHead(status, ['Content-Type', type, ...this.#headers.flat])
    if (!isHead) return pipeToResponse(source, context)
    source.on('error', () => {})
    source.destroy()
    response.end()
  }

  #json(result: unknown): string {
    let text: string | undefined
    try {
      text = JSON.stringify(result)
    } catch (error) {
      throw new ResultUnserializable(this.#endpoint, (error as Error).message).causedBy(error)
    }
    if (text === undefined) throw new ResultUnserializable(this.#endpoint, `it is a ${typeof result}.`)
    return text
  }
}
