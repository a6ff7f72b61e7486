/**
 * A body as the parser hands it over, before it becomes a stream: no buffering, no events, no timer of its own. Most
 * bodies come in together with their head.
 */
import type { BodyLimits } from './collect-body.ts'
import type { BodySink, HostRequest } from './express-request.ts'
import { BodyTimeout, BodyTooLarge, RequestAborted } from './request-errors.ts'
import type { Incoming } from './silence-watch.ts'

/** A body on its way. */
export interface DirectBody {
  /**
   * Brings nothing: a promise that brings an object looks for a `then` in it and in all that it inherits from.
   * @throws `REQUEST_BODY_TOO_LARGE`, `REQUEST_BODY_TIMEOUT`, `REQUEST_ABORTED`
   */
  readonly ended: Promise<void>
  /** What has come so far. */
  readonly bytes: Buffer
}

/**
 * Reads to the end, or stops where a limit is passed; what is left then goes the usual way, unread.
 * `undefined` where somebody has begun to read already.
 */
export function collectDirectly(request: HostRequest, limits: BodyLimits): DirectBody | undefined {
  const collector = new DirectCollector(request, limits)
  if (!request.divertTo(collector)) return undefined
  limits.watch.add(collector)
  return collector
}

class DirectCollector implements DirectBody, BodySink, Incoming {
  length = 0
  seenLength = -1
  seenAt = 0
  isListed = false
  before: Incoming | undefined
  behind: Incoming | undefined
  readonly #request: HostRequest
  readonly #limits: BodyLimits
  readonly #end = Promise.withResolvers<void>()
  #chunks: Buffer[] | undefined

  constructor(request: HostRequest, limits: BodyLimits) {
    this.#request = request
    this.#limits = limits
  }

  get ended(): Promise<void> {
    return this.#end.promise
  }

  get bytes(): Buffer {
    const chunks = this.#chunks ?? []
    return chunks.length === 1 ? chunks[0]! : Buffer.concat(chunks, this.length)
  }

  take(chunk: Buffer): void {
    this.length += chunk.length
    if (this.length > this.#limits.maxBytes) this.#refuse(new BodyTooLarge(this.#limits.maxBytes))
    else if (this.#chunks) this.#chunks.push(chunk)
    else this.#chunks = [chunk]
  }

  end(): void {
    this.#release()
    this.#end.resolve()
  }

  abort(): void {
    this.#refuse(new RequestAborted())
  }

  fail(): void {
    this.#refuse(new BodyTimeout(this.#limits.silenceMs))
  }

  #refuse(error: Error): void {
    this.#release()
    this.#request.pause()
    // The connection may still break, when nobody listens any more.
    this.#request.on('error', ignore)
    this.#end.reject(error)
  }

  #release(): void {
    this.#limits.watch.delete(this)
    this.#request.divertTo(undefined)
  }
}

function ignore(): void {}
