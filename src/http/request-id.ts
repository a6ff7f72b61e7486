/** How a call is known in logs, problems and traces. */
import { randomBytes } from 'node:crypto'

/** Ids from callers are taken as they are when they cannot harm a log line or a header. */
const ACCEPTABLE = /^[\w.:-]{1,128}$/
/** W3C Trace Context: version, trace id, parent id, flags. All zeros and version `ff` are invalid. */
const TRACEPARENT = /^(?!ff)[0-9a-f]{2}-(?!0{32})([0-9a-f]{32})-(?!0{16})[0-9a-f]{16}-[0-9a-f]{2}(?:-.*)?$/

/** RFC 9562 §5.7: 48 bits of time, version 7, random; §4.1: the variant begins with the bits 10. */
const FORM = '00000000-0000-7000-a000-000000000000'
const LENGTH = FORM.length
/** Where the digits of the time stand, and those that are random. */
const TIME = [0, 1, 2, 3, 4, 5, 6, 7, 9, 10, 11, 12] as const
const RANDOM = [15, 16, 17, 20, 21, 22, 24, 25, 26, 27, 28, 29, 30, 31, 32, 33, 34, 35] as const
/** Most ids that are printed together. */
const MOST = 64
const POOL_BYTES = 4095

/**
 * Makes UUIDs of version 7: the time in milliseconds in front, random behind. Every call needs one, so randomness is drawn
 * for many at once, and as many are printed together as the last millisecond has used: parts of one text, which nothing
 * has to put together again when it is checked and sent.
 */
export class RequestIds {
  readonly #bytes = Buffer.from(FORM.repeat(MOST), 'latin1')
  /** Digits, as bytes. */
  #pool: Buffer = Buffer.alloc(0)
  #drawn = 0
  #millisecond = 0
  #text = ''
  #next = 0

  /** @param now - Milliseconds since the epoch. */
  next(now: number): string {
    if (now !== this.#millisecond || this.#next === this.#text.length) this.#print(now)
    const from = this.#next
    this.#next = from + LENGTH
    return this.#text.slice(from, from + LENGTH)
  }

  /** As many as were used in the millisecond before; twice as many when they did not last. */
  #print(now: number): void {
    const used = Math.max(1, this.#next / LENGTH)
    const count = Math.min(MOST, now === this.#millisecond ? used * 2 : used)
    const time = Buffer.from(now.toString(16).padStart(TIME.length, '0'), 'latin1')
    for (let index = 0; index < count; index += 1) this.#write(index * LENGTH, time)
    this.#text = this.#bytes.toString('latin1', 0, count * LENGTH)
    this.#millisecond = now
    this.#next = 0
  }

  #write(at: number, time: Buffer): void {
    const bytes = this.#bytes
    if (this.#drawn + RANDOM.length > this.#pool.length) this.#draw()
    const pool = this.#pool
    for (let index = 0; index < TIME.length; index += 1) bytes[at + TIME[index]!] = time[index]!
    for (let index = 0; index < RANDOM.length; index += 1) bytes[at + RANDOM[index]!] = pool[this.#drawn + index]!
    this.#drawn += RANDOM.length
  }

  #draw(): void {
    this.#pool = Buffer.from(randomBytes(POOL_BYTES).toString('hex'), 'latin1')
    this.#drawn = 0
  }
}

/** The id the caller sent in `x-request-id`, if it can be used. */
export function sentRequestId(sent: string | readonly string[] | undefined): string | undefined {
  return typeof sent === 'string' && ACCEPTABLE.test(sent) ? sent : undefined
}

/** The trace id of a valid `traceparent` header. */
export function traceIdOf(traceparent: string | undefined): string | undefined {
  return traceparent === undefined ? undefined : TRACEPARENT.exec(traceparent)?.[1]
}
