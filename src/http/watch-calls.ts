/**
 * Time limits of calls, by one coarse timer for all of them: an answer must begin in time, and a refused body must stop
 * coming in.
 */
import type { HttpCall } from './http-call.ts'

/** How long a caller may go on sending the body of a request that has been answered already. */
const LINGER_MS = 5000
const COARSEST_MS = 1000

export interface CallWatch {
  /** Answers of these are owed. */
  readonly inFlight: ReadonlySet<HttpCall>
  readonly limitMs: number
  readonly onOverdue: (call: HttpCall) => void
  /** The connection of a call is gone, and no event of the response said so (pipelined requests). */
  readonly onGone: (call: HttpCall) => void
}

export class CallWatcher {
  readonly #watch: CallWatch
  readonly #timer: NodeJS.Timeout
  readonly #lingering = new Map<HttpCall, number>()

  constructor(watch: CallWatch) {
    this.#watch = watch
    this.#timer = setInterval(() => this.#look(), Math.max(10, Math.min(COARSEST_MS, watch.limitMs / 4)))
    this.#timer.unref()
  }

  /** The call is answered, its request still comes in. */
  linger(call: HttpCall): void {
    this.#lingering.set(call, performance.now())
  }

  stop(): void {
    clearInterval(this.#timer)
  }

  #look(): void {
    const now = performance.now()
    for (const call of this.#watch.inFlight) this.#check(call, now)
    for (const [call, since] of this.#lingering) {
      const { complete, socket } = call.request
      if (!complete && !socket.destroyed && now - since < LINGER_MS) continue
      this.#lingering.delete(call)
      if (!complete) socket.destroy()
    }
  }

  #check(call: HttpCall, now: number): void {
    const { request, response } = call
    if (request.socket.destroyed) return this.#watch.onGone(call)
    if (response.headersSent || call.hasFailed || now - call.owesSince < this.#watch.limitMs) return
    if (!request.complete && request.socket.bytesRead !== call.bytesSeen) {
      // An upload is the caller's time; silence in it is limited where bodies are read.
      call.bytesSeen = request.socket.bytesRead
      call.owesSince = now
      return
    }
    this.#watch.onOverdue(call)
  }
}
