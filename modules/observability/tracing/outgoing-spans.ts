/**
 * A span for each request that a call sends, whichever client sends it, and the trace on its headers. The clients differ in
 * how they tell of a request: that is the business of fetch-spans.ts and http-client-spans.ts.
 */
import { SpanKind, SpanStatusCode, trace, type Context, type Span } from '@opentelemetry/api'
import { isTracingSuppressed } from '@opentelemetry/core'
import { tryCtx } from 'tenon'
import { Injectable } from 'tenon/decorators'

import { CALL_CONTEXTS, RECORDER } from './call-contexts.ts'
import type { CallRecording } from './call-recording.ts'
import { methodOf } from './http-attributes.ts'
import { headersFor, type TraceHeaders } from './propagation.ts'
import { Recorder } from './recorder.ts'
import { noteFailure } from './note-failure.ts'
import { recordingIn } from './sdk-parts.ts'

/** A request that is about to be sent. */
export interface OutgoingRequest {
  readonly method: string
  /** `https://api.example:8443` */
  readonly origin: string
  /** With its query. */
  readonly path: string
  /** Whether the application itself has set the header. */
  says(header: string): boolean
  add(header: string, value: string): void
}

/** The span of one request. */
export class OutgoingSpan {
  readonly #span: Span
  readonly #recording: CallRecording | undefined

  constructor(span: Span, recording: CallRecording | undefined) {
    this.#span = span
    this.#recording = recording
  }

  answered(status: number): void {
    this.#span.setAttribute('http.response.status_code', status)
    if (status < 400) return
    this.#span.setAttribute('error.type', String(status)).setStatus({ code: SpanStatusCode.ERROR })
  }

  failed(error: unknown): void {
    noteFailure(this.#span, error)
  }

  end(): void {
    this.#span.end(this.#recording?.now())
  }
}

@Injectable()
export class OutgoingSpans {
  readonly #recorder: Recorder

  constructor(recorder: Recorder) {
    this.#recorder = recorder
  }

  /** Whether there is anything to do for requests: spans, or what a caller said that goes on. */
  get areWanted(): boolean {
    return this.#recorder.tracer !== undefined || this.#recorder.followsCallers
  }

  /** `undefined` where the request is no part of a call that this application records. */
  begin(request: OutgoingRequest): OutgoingSpan | undefined {
    const context = CALL_CONTEXTS.recorded
    if (context && isTracingSuppressed(context)) return undefined
    const { tracer } = this.#recorder
    if (!tracer || context?.getValue(RECORDER) !== this.#recorder) {
      this.#passOn(request, context)
      return undefined
    }
    const recording = recordingIn(context)
    const startTime = recording?.now()
    const method = methodOf(request.method)
    const { protocol, hostname, port } = new URL(request.origin)
    const attributes = {
      'http.request.method': method,
      'server.address': hostname,
      'server.port': Number(port || (protocol === 'https:' ? 443 : 80)),
      // Without the query, which may hold secrets.
      'url.full': `${request.origin}${request.path.split('?', 1)[0]}`,
    }
    const span = tracer.startSpan(
      method,
      { kind: SpanKind.CLIENT, attributes, ...(startTime !== undefined && { startTime }) },
      context,
    )
    addHeaders(request, headersFor(trace.setSpan(context, span)))
    return new OutgoingSpan(span, recording)
  }

  /** A call that is not recorded is known to those it calls all the same. */
  #passOn(request: OutgoingRequest, context: Context | undefined): void {
    const call = tryCtx()
    // Without tracing nobody owns calls; what the call's own application passes on is enough.
    const owner = this.#recorder.tracer && this.#recorder
    if (!call || CALL_CONTEXTS.ownerOf(call.endpoint) !== owner) return
    const onward = this.#recorder.unrecorded(call)
    if (onward) addHeaders(request, headersFor(context ?? onward))
  }
}

/** What the application says itself stays. */
function addHeaders(request: OutgoingRequest, headers: TraceHeaders): void {
  if (request.says('traceparent')) return
  for (const [name, value] of Object.entries(headers)) if (!request.says(name)) request.add(name, value)
}
