/** A call while the server works on it: the context, and how far its answer is. */
import type { HostResponse, RunningCall } from './express-request.ts'
import { HttpContext, type HttpCallParts } from './http-context.ts'
import type { Linked } from './linked-list.ts'
import type { MountedEndpoint } from './mounted-endpoint.ts'

/** Who works on a call. */
export interface CallOwner {
  over(call: HttpCall): void
  fail(call: HttpCall, error: unknown): void
}

export class HttpCall extends HttpContext implements RunningCall, Linked<HttpCall> {
  readonly mounted: MountedEndpoint
  readonly #owner: CallOwner
  /** The call has failed: a problem is on its way, and what else comes is too late. */
  hasFailed = false
  /** Status of an answer the caller will never read in full. */
  brokenOffWith: number | undefined
  /** Since which tick of the watch the server owes an answer; moves on while the body still comes in. */
  owesSince = 0
  /** In the list of calls in flight. */
  isListed = false
  before: HttpCall | undefined
  behind: HttpCall | undefined
  /** Bytes of the connection when the body was last seen to come in. */
  bytesSeen = -1

  constructor(mounted: MountedEndpoint, owner: CallOwner, parts: HttpCallParts) {
    super(mounted.endpoint, parts)
    this.mounted = mounted
    this.#owner = owner
  }

  over(): void {
    this.#owner.over(this)
  }

  fail(error: unknown): void {
    this.#owner.fail(this, error)
  }

  get hostResponse(): HostResponse {
    return this.response as unknown as HostResponse
  }
}
