/** The bytes of a request's body, counted while they come in. */
import type { IncomingMessage } from 'node:http'
import type { Readable, Transform } from 'node:stream'

import { collectDirectly, type DirectUse } from './direct-body.ts'
import { HostRequest } from './express-request.ts'
import type { SilenceWatch } from './silence-watch.ts'
import { BodyMalformed, BodyTimeout, BodyTooLarge, EncodingUnsupported, RequestAborted } from './request-errors.ts'

export interface BodyLimits {
  /** Of the body as it is used: inflated. */
  readonly maxBytes: number
  /** Longest time without a byte. */
  readonly silenceMs: number
  /** Enforces it for bodies that do not pass through a stream. */
  readonly watch: SilenceWatch
}

/** Whether the head announces a body, an empty one aside. */
export function hasBody({ headers }: IncomingMessage): boolean {
  return headers['transfer-encoding'] !== undefined || Number(headers['content-length'] ?? 0) > 0
}

/** How things go on with a body: one step for each case, for every promise more costs each call. */
export interface BodyUse<R> {
  /** All of it is there. */
  use(bytes: Buffer): R | PromiseLike<R>
  /** It is not read to its end: `REQUEST_BODY_TOO_LARGE`, `REQUEST_BODY_TIMEOUT`, `REQUEST_ABORTED` and the like. */
  refused(error: unknown): never
}

/**
 * Reads to the end, or stops reading where a limit is passed; what is left then stays unread.
 * @returns what the use of it answers
 * @throws `REQUEST_BODY_TOO_LARGE`, `REQUEST_BODY_TIMEOUT`, `REQUEST_BODY_MALFORMED`, `REQUEST_ENCODING_UNSUPPORTED`,
 * `REQUEST_ABORTED`, as `refused` rethrows them, and what `use` throws.
 */
export function collectBody<R>(request: IncomingMessage, limits: BodyLimits, { use, refused }: BodyUse<R>): Promise<R> {
  let bytes: Buffer | undefined
  const whole = Promise.withResolvers<void>()
  // Brings nothing: a promise that brings an object looks for a `then` in it and in all that it inherits from.
  const ended = (all: Buffer): void => {
    bytes = all
    whole.resolve()
  }
  if (collectAtOnce(request, limits, { ended, refused: whole.reject }))
    return whole.promise.then(() => use(bytes!), refused)
  return collectStream(request, limits).then(use, refused)
}

/**
 * Reads to the end without a promise.
 * @returns `false` where that cannot be: for bodies that are compressed, too large or have been read; nothing happens then.
 */
export function collectAtOnce(request: IncomingMessage, limits: BodyLimits, use: DirectUse): boolean {
  const { headers } = request
  const isPlain = headers['content-encoding'] === undefined && Number(headers['content-length'] ?? 0) <= limits.maxBytes
  return isPlain && request instanceof HostRequest && collectDirectly(request, limits, use)
}

async function collectStream(request: IncomingMessage, { maxBytes, silenceMs }: BodyLimits): Promise<Buffer> {
  const encoding = request.headers['content-encoding']?.trim().toLowerCase() || 'identity'
  const inflater = encoding === 'identity' ? undefined : await createInflater(encoding)
  if (Number(request.headers['content-length'] ?? 0) > maxBytes) throw new BodyTooLarge(maxBytes)
  if (request.destroyed) throw new RequestAborted()
  const source: Readable = inflater ? request.pipe(inflater) : request

  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = []
    let length = 0

    const timer = setTimeout(() => fail(new BodyTimeout(silenceMs)), silenceMs)
    const onBytes = (): void => void timer.refresh()
    const onData = (chunk: Buffer): void => {
      length += chunk.length
      if (length > maxBytes) fail(new BodyTooLarge(maxBytes))
      else chunks.push(chunk)
    }
    const onEnd = (): void => {
      release()
      resolve(chunks.length === 1 ? chunks[0]! : Buffer.concat(chunks, length))
    }
    const onClosed = (): void => {
      if (!request.readableEnded) fail(new RequestAborted())
    }
    const onSourceError = (error: Error): void => {
      fail(inflater ? new BodyMalformed('its compressed form is damaged').causedBy(error) : new RequestAborted())
    }
    const fail = (error: Error): void => {
      release()
      request.unpipe()
      request.pause()
      inflater?.destroy()
      reject(error)
    }
    const release = (): void => {
      clearTimeout(timer)
      request.off('data', onBytes).off('close', onClosed)
      source.off('data', onData).off('end', onEnd).off('error', onSourceError)
      // The connection may still break, when nobody listens any more.
      source.on('error', ignore)
    }

    source.on('data', onData).on('end', onEnd).on('error', onSourceError)
    if (inflater) request.on('error', ignore)
    request.on('data', onBytes).on('close', onClosed)
  })
}

function ignore(): void {}

/** Loaded for the first compressed body: few callers compress what they send. */
async function createInflater(encoding: string): Promise<Transform> {
  const { createBrotliDecompress, createGunzip, createInflate } = await import('node:zlib')
  switch (encoding) {
    case 'gzip':
    case 'x-gzip':
      return createGunzip()
    case 'deflate':
      return createInflate()
    case 'br':
      return createBrotliDecompress()
    default:
      throw new EncodingUnsupported('Content-Encoding', encoding.slice(0, 50), 'gzip, deflate, br')
  }
}
