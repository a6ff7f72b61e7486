/** A call that came over HTTP. */
import type { Logger } from '../logging/logger.ts'
import { CallContext, type CallListener, type Outcome, type OutcomeListener } from '../pipeline/context.ts'
import type { Endpoint } from '../pipeline/endpoint.ts'
import { preciseMs } from '../platform/precise-time.ts'
import type { Request, Response } from './express-types.ts'
import type { CollectedBody } from './read-body.ts'

/** Path parameters as the router found them, decoded. */
export type PathParameters = Readonly<Record<string, string | undefined>>

/** What is the same for all calls of a server. */
export interface HttpCallParts {
  readonly request: Request
  readonly response: Response
  readonly params: PathParameters
  readonly id: string
  /** Milliseconds since the epoch. */
  readonly startedMs: number
  readonly logger: Logger
}

export class HttpContext extends CallContext {
  /** The Express request; a plain `node:http` one beneath. */
  readonly request: Request
  /** The Express response. Setting status and headers is fine; answering is the endpoint's work unless it has `@Res()`. */
  readonly response: Response
  readonly params: PathParameters
  readonly id: string
  /** When the request came, in milliseconds since the epoch. */
  readonly startedMs: number
  readonly #logger: Logger
  /** The body, where it was read before the part of the pipeline that needs it. */
  collected: CollectedBody | undefined
  #log: Logger | undefined
  /** Of all calls of the endpoint, and of this one. */
  #listeners: readonly CallListener[] | undefined
  #ownListeners: OutcomeListener[] | undefined
  /** Since when somebody wants to know exactly how long the call takes: asking the precise clock costs every call. */
  #listenedSince = 0
  #settledWith: number | undefined
  #outcome: Outcome | undefined
  #error: unknown

  constructor(endpoint: Endpoint, { request, response, params, id, startedMs, logger }: HttpCallParts) {
    super(endpoint)
    this.request = request
    this.response = response
    this.params = params
    this.id = id
    this.startedMs = startedMs
    this.#logger = logger
  }

  get log(): Logger {
    return (this.#log ??= this.#logger.child({ requestId: this.id }))
  }

  /** The peer's; that of the last one nobody vouches for where `HTTP_TRUST_PROXY` names the proxies in between. */
  override get address(): string | undefined {
    return this.request.ip
  }

  header(name: string): string | undefined {
    const value = this.request.headers[name.toLowerCase()]
    return typeof value === 'object' ? value.join(', ') : value
  }

  onSettled(listener: OutcomeListener): void {
    if (this.#settledWith !== undefined) return this.#tell(listener, this.#outcomeNow(this.#settledWith))
    if (this.#listenedSince === 0) {
      const lateMs = Date.now() - this.startedMs
      // Within a millisecond it is the beginning; the coarse clock would only blur it.
      this.#listenedSince = preciseMs() - (lateMs > 1 ? lateMs : 0)
    }
    if (this.#ownListeners === undefined) this.#ownListeners = [listener]
    else this.#ownListeners.push(listener)
  }

  /** Tells those who are told of all calls of the endpoint, now and when it settles. */
  begin(listeners: readonly CallListener[]): void {
    this.#listeners = listeners
    this.#listenedSince = preciseMs()
    for (const { begun } of listeners) {
      try {
        begun?.(this)
      } catch (error) {
        this.#logger.error('A listener to the beginning of calls threw.', { error })
      }
    }
  }

  /** Notes the error the call ends with, for the outcome. */
  failed(error: unknown): void {
    this.#error = error
  }

  /** Tells the listeners, once. Called by the server when the response is out or the connection gone. */
  settle(status: number): void {
    if (this.#settledWith !== undefined) return
    this.#settledWith = status
    this.state.end()
    if (this.#listenedSince === 0) return
    const outcome = this.#outcomeNow(status)
    if (this.#listeners !== undefined)
      for (const { settled } of this.#listeners) if (settled !== undefined) this.#tell(settled, outcome)
    if (this.#ownListeners !== undefined) for (const listener of this.#ownListeners) this.#tell(listener, outcome)
  }

  #outcomeNow(status: number): Outcome {
    return (this.#outcome ??= {
      status,
      error: this.#error,
      durationMs: this.#listenedSince > 0 ? preciseMs() - this.#listenedSince : Date.now() - this.startedMs,
    })
  }

  #tell(listener: OutcomeListener, outcome: Outcome): void {
    try {
      listener(outcome, this)
    } catch (error) {
      this.#logger.error("A listener of a call's outcome threw.", { error })
    }
  }
}
