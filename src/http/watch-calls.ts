/**
 * Time limits of calls, by one coarse timer for all of them: an answer must begin in time, and a refused body must stop
 * coming in.
 */
import type { LinkedList } from './linked-list.ts'
import type { HttpCall } from './http-call.ts'

const COARSEST_MS = 1000

export interface CallWatch {
  /** Answers of these are owed. */
  readonly inFlight: LinkedList<HttpCall>
  readonly limitMs: number
  /** How long a caller may go on sending the body of a request that has been answered already. */
  readonly lingerMs: number
  readonly onOverdue: (call: HttpCall) => void
  /** The connection of a call is gone, and no event of the response said so (pipelined requests). */
  readonly onGone: (call: HttpCall) => void
}

export class CallWatcher {
  readonly #watch: CallWatch
  readonly #tickMs: number
  /** Counts the looks: a clock that costs calls nothing and that nobody can set. */
  tick = 0
  #timer: NodeJS.Timeout | undefined
  readonly #lingering = new Map<HttpCall, number>()

  constructor(watch: CallWatch) {
    this.#watch = watch
    this.#tickMs = Math.max(10, Math.min(COARSEST_MS, watch.limitMs / 4, watch.lingerMs / 4))
  }

  /** There is something to watch; an idle server has no timer. */
  wake(): void {
    if (this.#timer) return
    this.#timer = setInterval(() => this.#look(), this.#tickMs)
    this.#timer.unref()
  }

  /** The call is answered, its request still comes in. */
  linger(call: HttpCall): void {
    this.#lingering.set(call, this.tick)
    this.wake()
  }

  stop(): void {
    clearInterval(this.#timer)
    this.#timer = undefined
  }

  #look(): void {
    this.tick += 1
    for (const call of this.#watch.inFlight.all()) this.#check(call)
    for (const [call, since] of this.#lingering) {
      const { complete, socket } = call.request
      if (!complete && !socket.destroyed && this.#elapsedMs(since) < this.#watch.lingerMs) continue
      this.#lingering.delete(call)
      if (!complete) socket.destroy()
    }
    if (this.#watch.inFlight.size === 0 && this.#lingering.size === 0) this.stop()
  }

  /** At least that long: the tick in which it began may have been nearly over. */
  #elapsedMs(since: number): number {
    return (this.tick - since - 1) * this.#tickMs
  }

  #check(call: HttpCall): void {
    const { request, response } = call
    if (request.socket.destroyed) return this.#watch.onGone(call)
    if (response.headersSent || call.hasFailed || this.#elapsedMs(call.owesSince) < this.#watch.limitMs) return
    if (!request.complete && request.socket.bytesRead !== call.bytesSeen) {
      // An upload is the caller's time; silence in it is limited where bodies are read.
      call.bytesSeen = request.socket.bytesRead
      call.owesSince = this.tick
      return
    }
    this.#watch.onOverdue(call)
  }
}
