/** A call that came over HTTP. */
import type { Logger } from '../logging/logger.ts'
import { CallContext, type Outcome, type OutcomeListener } from '../pipeline/context.ts'
import type { Endpoint } from '../pipeline/endpoint.ts'
import type { Request, Response } from './express-types.ts'

/** Path parameters as the router found them, decoded. */
export type PathParameters = Readonly<Record<string, string | undefined>>

/** What is the same for all calls of a server. */
export interface HttpCallParts {
  readonly request: Request
  readonly response: Response
  readonly params: PathParameters
  readonly id: string
  readonly logger: Logger
}

export class HttpContext extends CallContext {
  /** The Express request; a plain `node:http` one beneath. */
  readonly request: Request
  /** The Express response. Setting status and headers is fine; answering is the endpoint's work unless it has `@Res()`. */
  readonly response: Response
  readonly params: PathParameters
  readonly id: string
  readonly startedAt: number = performance.now()
  readonly #logger: Logger
  #log: Logger | undefined
  #listener: OutcomeListener | undefined
  #furtherListeners: OutcomeListener[] | undefined
  #outcome: Outcome | undefined
  #error: unknown

  constructor(endpoint: Endpoint, { request, response, params, id, logger }: HttpCallParts) {
    super(endpoint)
    this.request = request
    this.response = response
    this.params = params
    this.id = id
    this.#logger = logger
  }

  get log(): Logger {
    return (this.#log ??= this.#logger.child({ requestId: this.id }))
  }

  header(name: string): string | undefined {
    const value = this.request.headers[name.toLowerCase()]
    return typeof value === 'object' ? value.join(', ') : value
  }

  onSettled(listener: OutcomeListener): void {
    if (this.#outcome) this.#tell(listener, this.#outcome)
    // Most calls have one listener, the access log.
    else if (this.#listener === undefined) this.#listener = listener
    else (this.#furtherListeners ??= []).push(listener)
  }

  /** Notes the error the call ends with, for the outcome. */
  failed(error: unknown): void {
    this.#error = error
  }

  /** Tells the listeners, once. Called by the server when the response is out or the connection gone. */
  settle(status: number): void {
    if (this.#outcome) return
    this.#outcome = { status, error: this.#error, durationMs: performance.now() - this.startedAt }
    this.state.end()
    if (this.#listener === undefined) return
    this.#tell(this.#listener, this.#outcome)
    for (const listener of this.#furtherListeners ?? []) this.#tell(listener, this.#outcome)
  }

  #tell(listener: OutcomeListener, outcome: Outcome): void {
    try {
      listener(outcome, this)
    } catch (error) {
      this.#logger.error("A listener of a call's outcome threw.", { error })
    }
  }
}
