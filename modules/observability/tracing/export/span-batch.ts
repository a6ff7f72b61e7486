/**
 * Spans that wait to be sent: `ExportTraceServiceRequest` of OTLP, as far as it is written. It has memory of its own, outside of
 * the heap, which goes to the thread that sends it and comes back to be written again.
 */
import type { Attributes } from '@opentelemetry/api'
import type { ReadableSpan } from '@opentelemetry/sdk-trace'

import { UntouchedSpan } from '../untouched-span.ts'
import { attributesText, pairsText, quote, spanText } from './span-text.ts'

/** Far below what collectors take in one request (20 MiB), and more than 512 spans come to, unless they say much. */
const USUAL_BYTES = 1024 * 1024
/** Ends the spans of a scope, and the request. */
const END = ']}]}]}'
/** What calls have in common, written once. */
const COMMON = new WeakMap<Attributes, string>()

export class SpanBatch {
  count = 0
  readonly #head: string
  #bytes: Buffer<ArrayBuffer>
  #length = 0
  #scope: ReadableSpan['instrumentationScope'] | undefined

  /**
   * @param resource - The application, whose spans these are.
   * @param memory - To write on; made where there is none to be had.
   */
  constructor({ attributes }: ReadableSpan['resource'], memory = new ArrayBuffer(USUAL_BYTES)) {
    this.#bytes = Buffer.from(memory)
    this.#head = `{"resourceSpans":[{"resource":{"attributes":${attributesText(attributes)},"droppedAttributesCount":0},"scopeSpans":[`
  }

  /** Answers `false` where there is no room for it, unless it is the only one. */
  add(span: ReadableSpan): boolean {
    const text = this.#before(span) + textOf(span)
    const isTooLong = this.#length + text.length + END.length > this.#bytes.length
    if (isTooLong && this.count > 0) return false
    if (isTooLong) this.#bytes = Buffer.from(new ArrayBuffer(text.length + END.length))
    this.#length += this.#bytes.write(text, this.#length, 'latin1')
    this.#scope = span.instrumentationScope
    this.count += 1
    return true
  }

  /** All of it; nothing can be added then. */
  body(): Buffer<ArrayBuffer> {
    this.#length += this.#bytes.write(END, this.#length, 'latin1')
    return this.#bytes.subarray(0, this.#length)
  }

  /** Spans of a scope stand together; those of a library between ours begin the next group. */
  #before({ instrumentationScope }: ReadableSpan): string {
    if (instrumentationScope === this.#scope) return ','
    const { name, version, schemaUrl } = instrumentationScope
    const ofVersion = version === undefined ? '' : `,"version":${quote(version)}`
    const ofSchema = schemaUrl === undefined ? '' : `"schemaUrl":${quote(schemaUrl)},`
    const group = `{${ofSchema}"scope":{"name":${quote(name)}${ofVersion}},"spans":[`
    return this.#scope === undefined ? this.#head + group : `]},${group}`
  }
}

function textOf(span: ReadableSpan): string {
  if (!(span instanceof UntouchedSpan)) return spanText(span)
  let common = COMMON.get(span.common)
  if (common === undefined) COMMON.set(span.common, (common = pairsText(span.common)))
  return spanText(span, `[${common},${pairsText(span.own)}]`)
}
