/**
 * The span of a call that nobody has asked for while it ran: no child, no line of the log, no attribute of the application's.
 * Most calls are such; what there is to say of them is known when they end, and a span of the SDK would say no more.
 */
import { SpanStatusCode, type SpanKind, type Attributes, type HrTime, type SpanContext } from '@opentelemetry/api'
import { hrTimeDuration, millisToHrTime } from '@opentelemetry/core'
import type { ReadableSpan } from '@opentelemetry/sdk-trace'

import type { CallRecording } from './call-recording.ts'
import { kindOf, spanName } from './http-attributes.ts'

/** The name of our tracer. */
const SCOPE = { name: 'tenon' }
const NONE: never[] = []
const UNSET = { code: SpanStatusCode.UNSET }

export class UntouchedSpan implements ReadableSpan {
  readonly name: string
  readonly kind: SpanKind
  readonly parentSpanContext?: SpanContext
  readonly startTime: HrTime
  readonly endTime: HrTime
  /** What it shares with other calls: one object for all of them. */
  readonly common: Attributes
  readonly own: Attributes
  readonly resource: ReadableSpan['resource']
  readonly status = UNSET
  readonly links = NONE
  readonly events = NONE
  readonly ended = true
  readonly instrumentationScope = SCOPE
  readonly droppedAttributesCount = 0
  readonly droppedEventsCount = 0
  readonly droppedLinksCount = 0
  readonly #context: SpanContext

  /** @param resource - The application, whose span this is. */
  constructor(
    recording: CallRecording,
    { common, own }: { readonly common: Attributes; readonly own: Attributes },
    resource: ReadableSpan['resource'],
  ) {
    const { call, caller, spanContext } = recording
    this.name = spanName(call)
    this.kind = kindOf(call)
    if (caller) this.parentSpanContext = caller
    this.startTime = millisToHrTime(recording.beganAt)
    this.endTime = millisToHrTime(recording.now())
    this.common = common
    this.own = own
    this.resource = resource
    this.#context = spanContext
  }

  spanContext(): SpanContext {
    return this.#context
  }

  get attributes(): Attributes {
    return { ...this.common, ...this.own }
  }

  get duration(): HrTime {
    return hrTimeDuration(this.startTime, this.endTime)
  }
}
