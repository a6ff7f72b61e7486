/** What is recorded of one call: its spans, and what the insight into it is made of. */
import { performance } from 'node:perf_hooks'

import { trace, TraceFlags, type Context, type Span, type SpanContext } from '@opentelemetry/api'
import type { ReadableSpan } from '@opentelemetry/sdk-trace'
import {
  ContextKey,
  HttpContext,
  type ApplicationSite,
  type CallContext,
  type LogRecord,
  type Outcome,
  type ProbedPart,
} from 'tenon'

import { CallIdentity, traceIdFor } from './trace-identity.ts'

/** Of a call that is recorded. */
export const RECORDING = new ContextKey<CallRecording>('observability.recording')

/** A part of the pipeline with the time that it took itself, without what is further inside. */
export interface TimedPart extends ProbedPart {
  selfMs: number
}

/** Of calls that keep nothing. */
const NONE: never[] = []

/** Why a call is recorded. */
export interface RecordingReasons {
  /** Its spans are exported. */
  readonly isSampled: boolean
  /** All of it is kept for the development page. */
  readonly isKept: boolean
  /** The answer tells what it cost. */
  readonly isTimed: boolean
}

/** What makes the call's span. */
export interface RecordingParts {
  /** Begins it, with the ids of its recording. */
  begin(recording: CallRecording): Span
  /** What was active where the call came in. */
  parentOf(recording: CallRecording): Context
  /** Ends it; where none was begun, tells it. */
  end(recording: CallRecording, outcome: Outcome): void
}

export class CallRecording implements RecordingReasons {
  readonly call: CallContext
  /** What the caller says of its own span. */
  readonly caller: SpanContext | undefined
  readonly isSampled: boolean
  readonly isKept: boolean
  readonly isTimed: boolean
  /** Statements of the call, and how long they took together. */
  queries = 0
  queriesMs = 0
  /** Of the endpoint's own pipeline, in the order they began; of calls that are timed. */
  readonly parts: TimedPart[]
  /** All spans, the endpoint's first; of calls that are kept. */
  readonly spans: ReadableSpan[]
  /** What the call logged; of calls that are kept. */
  readonly logs: LogRecord[]
  readonly startedAt: number
  outcome: Outcome | undefined
  /** The part of the pipeline that runs; parts enclose each other and run one after the other. */
  part: Context | undefined
  readonly #make: RecordingParts
  #identity: CallIdentity | undefined
  #span: Span | undefined
  #parent: Context | undefined
  #ownContext: Context | undefined
  #places: Map<string, readonly ApplicationSite[]> | undefined
  #inner: { nestedMs: number } | undefined
  readonly #epochMs: number
  /** When the next part begins: nothing runs between one that acts before others and that. */
  #nextAt: number | undefined

  constructor(
    call: CallContext,
    caller: SpanContext | undefined,
    { isSampled, isKept, isTimed }: RecordingReasons,
    make: RecordingParts,
  ) {
    this.call = call
    this.caller = caller
    this.#make = make
    this.isSampled = isSampled
    this.isKept = isKept
    this.isTimed = isTimed
    this.parts = isTimed ? [] : NONE
    this.spans = isKept ? [] : NONE
    this.logs = isKept ? [] : NONE
    this.startedAt = performance.now()
    this.#epochMs = (call instanceof HttpContext ? call.startedMs : Date.now()) - this.startedAt
    // The page shows the spans in the order they began.
    if (isKept) this.#span = make.begin(this)
  }

  /** How the call's span is known, whether or not there is one yet. */
  get identity(): CallIdentity {
    return (this.#identity ??= this.#newIdentity())
  }

  /** The call's own; begun when somebody asks for it. */
  get span(): Span {
    return (this.#span ??= this.#make.begin(this))
  }

  get hasSpan(): boolean {
    return this.#span !== undefined
  }

  get parent(): Context {
    return (this.#parent ??= this.#make.parentOf(this))
  }

  /** What is active in the call: the part that runs, else the call itself. */
  get context(): Context {
    return this.part ?? this.ownContext
  }

  get ownContext(): Context {
    return (this.#ownContext ??= trace.setSpan(this.parent, this.span))
  }

  end(outcome: Outcome): void {
    this.outcome = outcome
    this.#make.end(this, outcome)
  }

  /** Notes where the application asked for what a span is about: the first of the places that leads somewhere counts. */
  askedAt(span: Span, places: readonly ApplicationSite[]): void {
    this.#places ??= new Map()
    this.#places.set(span.spanContext().spanId, places)
  }

  /** `file:line`; worked out when somebody looks, for it takes longer than most calls. */
  placeOf(span: ReadableSpan): string | undefined {
    const sites = this.#places?.get(span.spanContext().spanId) ?? []
    const place = sites.map((site) => site.place).find((each) => each !== undefined)
    return place?.replace(/:\d+$/, '')
  }

  /** Milliseconds since the epoch, of the beginning. */
  get beganAt(): number {
    return this.#epochMs + this.startedAt
  }

  /** Milliseconds since the epoch. The SDK's own time begins at whole milliseconds, which is too coarse for a pipeline. */
  now(): number {
    return this.#epochMs + performance.now()
  }

  /** When a part of the call's own pipeline begins, in milliseconds since the epoch. */
  nextBegins(): number {
    const known = this.#nextAt
    this.#nextAt = undefined
    return known ?? this.now()
  }

  /** @param endedAt - Of a part that acts before the next one. */
  nextAt(endedAt: number): void {
    this.#nextAt = endedAt
  }

  /** The parts of a pipeline enclose each other, one after the other: what is further inside is not the outer one's. */
  enter(part: ProbedPart): () => void {
    const timed: TimedPart = { ...part, selfMs: 0 }
    this.parts.push(timed)
    const outer = this.#inner
    const own = { nestedMs: 0 }
    this.#inner = own
    const startedAt = performance.now()
    return () => {
      const tookMs = performance.now() - startedAt
      timed.selfMs = tookMs - own.nestedMs
      if (outer) outer.nestedMs += tookMs
      this.#inner = outer
    }
  }

  #newIdentity(): CallIdentity {
    const { caller, call } = this
    const hasState = caller !== undefined && call.header('tracestate') !== undefined
    const traceState = hasState ? trace.getSpanContext(this.parent)?.traceState : undefined
    const flags = this.isSampled ? TraceFlags.SAMPLED : TraceFlags.NONE
    return new CallIdentity(caller?.traceId ?? traceIdFor(call.id), flags, traceState)
  }
}
