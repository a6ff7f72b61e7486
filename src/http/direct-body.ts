/**
 * A body as the parser hands it over, before it becomes a stream: no buffering, no events, no timer of its own. Most
 * bodies come in together with their head.
 */
import type { BodyLimits } from './collect-body.ts'
import type { BodySink, HostRequest } from './express-request.ts'
import { BodyTimeout, BodyTooLarge, RequestAborted } from './request-errors.ts'
import type { Incoming } from './silence-watch.ts'

/** What happens then; one of them, once. */
export interface DirectUse {
  /** All of it is there. */
  ended(bytes: Buffer): void
  /** `REQUEST_BODY_TOO_LARGE`, `REQUEST_BODY_TIMEOUT`, `REQUEST_ABORTED` */
  refused(error: Error): void
}

/**
 * Reads to the end, or stops where a limit is passed; what is left then goes the usual way, unread.
 * @returns `false` where somebody has begun to read already: nothing happens then.
 */
export function collectDirectly(request: HostRequest, limits: BodyLimits, use: DirectUse): boolean {
  const collector = new DirectCollector(request, limits, use)
  if (!request.divertTo(collector)) return false
  limits.watch.add(collector)
  return true
}

class DirectCollector implements BodySink, Incoming {
  length = 0
  seenLength = -1
  seenAt = 0
  isListed = false
  before: Incoming | undefined
  behind: Incoming | undefined
  readonly #request: HostRequest
  readonly #limits: BodyLimits
  readonly #use: DirectUse
  #chunks: Buffer[] | undefined

  constructor(request: HostRequest, limits: BodyLimits, use: DirectUse) {
    this.#request = request
    this.#limits = limits
    this.#use = use
  }

  take(chunk: Buffer): void {
    this.length += chunk.length
    if (this.length > this.#limits.maxBytes) this.#refuse(new BodyTooLarge(this.#limits.maxBytes))
    else if (this.#chunks) this.#chunks.push(chunk)
    else this.#chunks = [chunk]
  }

  end(): void {
    this.#release()
    const chunks = this.#chunks ?? []
    this.#use.ended(chunks.length === 1 ? chunks[0]! : Buffer.concat(chunks, this.length))
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
    this.#use.refused(error)
  }

  #release(): void {
    this.#limits.watch.delete(this)
    this.#request.divertTo(undefined)
  }
}

function ignore(): void {}
