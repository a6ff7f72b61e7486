/**
 * Spans that wait to be sent: `ExportTraceServiceRequest` of OTLP, as far as it is written. It has memory of its own, outside of
 * the heap, which goes to the thread that sends it and comes back to be written again.
 */
import type { ReadableSpan } from '@opentelemetry/sdk-trace'

import { UntouchedSpan } from '../untouched-span.ts'
import { ByteWriter } from './byte-writer.ts'
import { roomFor, writeCallSpan } from './call-span-bytes.ts'
import type { SerializedParts } from './serialized-parts.ts'

/** Far below what collectors take in one request (20 MiB). */
const USUAL_BYTES = 1024 * 1024
/** Tags and lengths of what is around spans. */
const FRAME_BYTES = 64
/** Tags: of `ResourceSpans` in the request, of `ScopeSpans` in these, of `Span` in those. */
const RESOURCE_SPANS = 0x0a
const SCOPE_SPANS = 0x12
const SPAN = 0x12

export class SpanBatch {
  count = 0
  readonly #parts: SerializedParts
  #writer: ByteWriter
  /** Where what belongs to the application began. */
  #opened: number | undefined
  /** Where spans of this scope began to stand together. */
  #openedScope: number | undefined
  #scope: ReadableSpan['instrumentationScope'] | undefined

  /** @param memory - To write on; made where there is none to be had. */
  constructor(parts: SerializedParts, memory = new ArrayBuffer(USUAL_BYTES)) {
    this.#parts = parts
    this.#writer = new ByteWriter(memory)
  }

  /** Answers `false` where there is no room for it, unless it is the only one. All are of one application. */
  add(span: ReadableSpan): boolean {
    const isCall = span instanceof UntouchedSpan
    const fields = isCall ? this.#parts.shared(span) : this.#parts.span(span)
    if (!this.#takes(span, isCall ? roomFor(span.facts, fields) : fields.length)) return false
    if (span.instrumentationScope !== this.#scope) this.#openScope(span)
    const writer = this.#writer
    writer.byte(SPAN)
    const opened = writer.open()
    if (isCall) writeCallSpan(writer, span.facts, fields)
    else writer.put(fields)
    writer.close(opened)
    this.count += 1
    return true
  }

  /** All of it; nothing can be added then. */
  body(): Buffer<ArrayBuffer> {
    if (this.#openedScope !== undefined) this.#writer.close(this.#openedScope)
    if (this.#opened !== undefined) this.#writer.close(this.#opened)
    return this.#writer.written
  }

  #takes(span: ReadableSpan, bytes: number): boolean {
    const isNewScope = span.instrumentationScope !== this.#scope
    const needed = this.#writer.length + bytes + FRAME_BYTES + (isNewScope ? this.#parts.scope(span).length : 0)
    if (this.#opened !== undefined) return needed <= this.#writer.capacity
    this.#open(this.#parts.owner(span), needed)
    return true
  }

  #open(owner: Uint8Array, bytes: number): void {
    const needed = owner.length + bytes
    if (needed > this.#writer.capacity) this.#writer = new ByteWriter(new ArrayBuffer(needed))
    this.#writer.byte(RESOURCE_SPANS)
    this.#opened = this.#writer.open()
    this.#writer.put(owner)
  }

  #openScope(span: ReadableSpan): void {
    if (this.#openedScope !== undefined) this.#writer.close(this.#openedScope)
    this.#writer.byte(SCOPE_SPANS)
    this.#openedScope = this.#writer.open()
    this.#writer.put(this.#parts.scope(span))
    this.#scope = span.instrumentationScope
  }
}
