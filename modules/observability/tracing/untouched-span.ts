/**
 * The span of a call that nobody has asked for while it ran: no child, no line of the log, no attribute of the application's.
 * Most calls are such; what there is to say of them is known when they end, and a span of the SDK would say no more.
 */
import { SpanStatusCode, type SpanKind, type Attributes, type HrTime, type SpanContext } from '@opentelemetry/api'
import { hrTimeDuration, millisToHrTime } from '@opentelemetry/core'
import type { ReadableSpan } from '@opentelemetry/sdk-trace'

import type { CallRecording } from './call-recording.ts'
import { kindOf, spanName } from './http-attributes.ts'

const NONE: never[] = []
const UNSET = { code: SpanStatusCode.UNSET }

/** Whose span it is: the application, and our tracer in it. */
export type SpanOrigin = Pick<ReadableSpan, 'resource' | 'instrumentationScope'>

export interface CallAttributes {
  /** What it shares with other calls: one object for all of them. */
  readonly common: Attributes
  readonly own: Readonly<Record<string, string>>
}

export class UntouchedSpan implements ReadableSpan, CallAttributes {
  readonly common: Attributes
  readonly own: Readonly<Record<string, string>>
  /** Milliseconds since the epoch. */
  readonly endedAt: number
  readonly status = UNSET
  readonly links = NONE
  readonly events = NONE
  readonly ended = true
  readonly droppedAttributesCount = 0
  readonly droppedEventsCount = 0
  readonly droppedLinksCount = 0
  readonly #recording: CallRecording
  readonly #origin: SpanOrigin

  constructor(recording: CallRecording, { common, own }: CallAttributes, origin: SpanOrigin) {
    this.#recording = recording
    this.#origin = origin
    this.common = common
    this.own = own
    this.endedAt = recording.now()
  }

  /** With nothing but what it shares. */
  withoutOwn(): UntouchedSpan {
    return new UntouchedSpan(this.#recording, { common: this.common, own: {} }, this.#origin)
  }

  spanContext(): SpanContext {
    return this.#recording.spanContext
  }

  get parentSpanContext(): SpanContext | undefined {
    return this.#recording.caller
  }

  get name(): string {
    return spanName(this.#recording.call)
  }

  get kind(): SpanKind {
    return kindOf(this.#recording.call)
  }

  /** Milliseconds since the epoch. */
  get beganAt(): number {
    return this.#recording.beganAt
  }

  get startTime(): HrTime {
    return millisToHrTime(this.beganAt)
  }

  get endTime(): HrTime {
    return millisToHrTime(this.endedAt)
  }

  get duration(): HrTime {
    return hrTimeDuration(this.startTime, this.endTime)
  }

  get attributes(): Attributes {
    return { ...this.common, ...this.own }
  }

  get resource(): ReadableSpan['resource'] {
    return this.#origin.resource
  }

  get instrumentationScope(): ReadableSpan['instrumentationScope'] {
    return this.#origin.instrumentationScope
  }
}
