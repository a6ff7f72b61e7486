/**
 * A body as the parser hands it over, before it becomes a stream: no buffering, no events, no turn of the event loop
 * for bytes that came in together with the head. Most bodies do.
 */
import type { BodyLimits } from './collect-body.ts'
import type { BodySink, HostRequest } from './express-request.ts'
import { BodyTimeout, BodyTooLarge, RequestAborted } from './request-errors.ts'

/**
 * Reads to the end, or stops where a limit is passed; what is left then goes the usual way, unread.
 * `undefined` where somebody has begun to read already.
 * @throws `REQUEST_BODY_TOO_LARGE`, `REQUEST_BODY_TIMEOUT`, `REQUEST_ABORTED`, by the promise
 */
export function collectDirectly(request: HostRequest, limits: BodyLimits): Promise<Buffer> | undefined {
  const collector = new DirectCollector(request, limits)
  return request.divertTo(collector) ? collector.start() : undefined
}

class DirectCollector implements BodySink {
  readonly #request: HostRequest
  readonly #limits: BodyLimits
  readonly #result = Promise.withResolvers<Buffer>()
  readonly #chunks: Buffer[] = []
  #length = 0
  #isOver = false
  #timer: NodeJS.Timeout | undefined

  constructor(request: HostRequest, limits: BodyLimits) {
    this.#request = request
    this.#limits = limits
  }

  start(): Promise<Buffer> {
    // By then the bytes that came with the head have been taken; only what is still to come can be late.
    queueMicrotask(this.#watch)
    return this.#result.promise
  }

  take(chunk: Buffer): void {
    this.#length += chunk.length
    if (this.#length > this.#limits.maxBytes) return this.#fail(new BodyTooLarge(this.#limits.maxBytes))
    this.#chunks.push(chunk)
    this.#timer?.refresh()
  }

  end(): void {
    this.#release()
    const chunks = this.#chunks
    this.#result.resolve(chunks.length === 1 ? chunks[0]! : Buffer.concat(chunks, this.#length))
  }

  abort(): void {
    this.#fail(new RequestAborted())
  }

  readonly #watch = (): void => {
    if (this.#isOver) return
    const { silenceMs } = this.#limits
    this.#timer = setTimeout(() => this.#fail(new BodyTimeout(silenceMs)), silenceMs)
  }

  #fail(error: Error): void {
    this.#release()
    this.#request.pause()
    // The connection may still break, when nobody listens any more.
    this.#request.on('error', ignore)
    this.#result.reject(error)
  }

  #release(): void {
    this.#isOver = true
    clearTimeout(this.#timer)
    this.#request.divertTo(undefined)
  }
}

function ignore(): void {}
