/** A call while the server works on it: the context, and how far its answer is. */
import type { HostRequest, HostResponse } from './express-request.ts'
import { HttpContext, type HttpCallParts } from './http-context.ts'
import type { MountedEndpoint } from './mounted-endpoint.ts'

/** What events of the objects below a call may ask for. */
export interface CallOwner {
  /** The response is out, or the connection gone. */
  over(call: HttpCall): void
  fail(call: HttpCall, error: unknown): void
}

export class HttpCall extends HttpContext {
  readonly mounted: MountedEndpoint
  /** The call has failed: a problem is on its way, and what else comes is too late. */
  hasFailed = false
  /** Status of an answer the caller will never read in full. */
  brokenOffWith: number | undefined
  /** Since when the server owes an answer; moves on while the body still comes in. */
  owesSince: number
  /** Who works on it. */
  owner: CallOwner | undefined
  /** Bytes of the connection when the body was last seen to come in. */
  bytesSeen = -1

  constructor(mounted: MountedEndpoint, parts: HttpCallParts) {
    super(mounted.endpoint, parts)
    this.mounted = mounted
    this.owesSince = this.startedAt
  }

  get hostRequest(): HostRequest {
    return this.request as unknown as HostRequest
  }

  get hostResponse(): HostResponse {
    return this.response as unknown as HostResponse
  }
}
