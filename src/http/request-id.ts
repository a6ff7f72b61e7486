/** How a call is known in logs, problems and traces. */
import { randomBytes } from 'node:crypto'

/** Ids from callers are taken as they are when they cannot harm a log line or a header. */
const ACCEPTABLE = /^[\w.:-]{1,128}$/
/** W3C Trace Context: version, trace id, parent id, flags. All zeros and version `ff` are invalid. */
const TRACEPARENT = /^(?!ff)[0-9a-f]{2}-(?!0{32})([0-9a-f]{32})-(?!0{16})[0-9a-f]{16}-[0-9a-f]{2}(?:-.*)?$/

/**
 * Makes UUIDs of version 7 (RFC 9562 §5.7): the time in milliseconds in front, random behind. Every call needs one, so
 * randomness is drawn for many at once and the time is printed once per millisecond: a third of what `node:crypto`
 * takes.
 */
export class RequestIds {
  #millisecond = 0
  #time = ''
  #random = ''
  #used = 0

  next(): string {
    const now = Date.now()
    if (now !== this.#millisecond) {
      const hex = now.toString(16).padStart(12, '0')
      this.#millisecond = now
      this.#time = `${hex.slice(0, 8)}-${hex.slice(8)}-7`
    }
    if (this.#used + DIGITS > this.#random.length) {
      this.#random = randomBytes(POOL_BYTES).toString('hex')
      this.#used = 0
    }
    const random = this.#random
    const from = this.#used
    this.#used = from + DIGITS
    // The digit behind the second dash begins with the bits 10 (§4.1).
    return `${this.#time}${random.slice(from, from + 3)}-a${random.slice(from + 3, from + 6)}-${random.slice(from + 6, from + DIGITS)}`
  }
}

/** Random digits of one id, and bytes drawn at once. */
const DIGITS = 18
const POOL_BYTES = 9 * 455

/** The id the caller sent in `x-request-id`, if it can be used. */
export function sentRequestId(sent: string | readonly string[] | undefined): string | undefined {
  return typeof sent === 'string' && ACCEPTABLE.test(sent) ? sent : undefined
}

/** The trace id of a valid `traceparent` header. */
export function traceIdOf(traceparent: string | undefined): string | undefined {
  return traceparent === undefined ? undefined : TRACEPARENT.exec(traceparent)?.[1]
}
