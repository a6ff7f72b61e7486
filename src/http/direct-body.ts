/**
 * A body as the parser hands it over, before it becomes a stream: no buffering, no events, no timer of its own. Most
 * bodies come in together with their head.
 */
import type { BodyLimits } from './collect-body.ts'
import type { BodySink, HostRequest } from './express-request.ts'
import { BodyTimeout, BodyTooLarge, RequestAborted } from './request-errors.ts'
import type { Incoming } from './silence-watch.ts'

/**
 * Reads to the end, or stops where a limit is passed; what is left then goes the usual way, unread.
 * `undefined` where somebody has begun to read already.
 * @throws `REQUEST_BODY_TOO_LARGE`, `REQUEST_BODY_TIMEOUT`, `REQUEST_ABORTED`, by the promise
 */
export function collectDirectly(request: HostRequest, limits: BodyLimits): Promise<Buffer> | undefined {
  const collector = new DirectCollector(request, limits)
  if (!request.divertTo(collector)) return undefined
  limits.watch.add(collector)
  return collector.result
}

class DirectCollector implements BodySink, Incoming {
  length = 0
  readonly #request: HostRequest
  readonly #limits: BodyLimits
  readonly #result = Promise.withResolvers<Buffer>()
  readonly #chunks: Buffer[] = []

  constructor(request: HostRequest, limits: BodyLimits) {
    this.#request = request
    this.#limits = limits
  }

  get result(): Promise<Buffer> {
    return this.#result.promise
  }

  take(chunk: Buffer): void {
    this.length += chunk.length
    if (this.length > this.#limits.maxBytes) this.#refuse(new BodyTooLarge(this.#limits.maxBytes))
    else this.#chunks.push(chunk)
  }

  end(): void {
    this.#release()
    const chunks = this.#chunks
    this.#result.resolve(chunks.length === 1 ? chunks[0]! : Buffer.concat(chunks, this.length))
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
    this.#result.reject(error)
  }

  #release(): void {
    this.#limits.watch.delete(this)
    this.#request.divertTo(undefined)
  }
}

function ignore(): void {}
