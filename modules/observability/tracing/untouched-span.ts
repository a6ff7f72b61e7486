/**
 * The span of a call that nobody has asked for while it ran: no child, no line of the log, no attribute of the application's.
 * Most calls are such; what there is to say of them is known when they end, and a span of the SDK would say no more. It holds
 * nothing of the call itself, which is over before the span is written.
 */
import { SpanStatusCode, type SpanKind, type Attributes, type HrTime, type SpanContext } from '@opentelemetry/api'
import { hrTimeDuration, millisToHrTime } from '@opentelemetry/core'
import type { ReadableSpan } from '@opentelemetry/sdk-trace'

import type { CommonFacts } from './common-attributes.ts'
import type { CallIdentity } from './trace-identity.ts'

const NONE: never[] = []
const UNSET = { code: SpanStatusCode.UNSET }

/** Whose span it is: the application, and our tracer in it. */
export type SpanOrigin = Pick<ReadableSpan, 'resource' | 'instrumentationScope'>

export interface UntouchedFacts {
  readonly identity: CallIdentity
  /** What the caller says of its own span. */
  readonly caller: SpanContext | undefined
  /** Milliseconds since the epoch. */
  readonly beganAt: number
  readonly endedAt: number
  /** What it shares with other calls: one object for all of them. */
  readonly common: CommonFacts
  /** Attributes that it does not share. */
  readonly own: Readonly<Record<string, string>>
}

export class UntouchedSpan implements ReadableSpan {
  readonly facts: UntouchedFacts
  readonly #origin: SpanOrigin

  constructor(facts: UntouchedFacts, origin: SpanOrigin) {
    this.facts = facts
    this.#origin = origin
  }

  /** With nothing but what it shares. */
  withoutOwn(): UntouchedSpan {
    return new UntouchedSpan({ ...this.facts, own: {} }, this.#origin)
  }

  spanContext(): SpanContext {
    return this.facts.identity
  }

  get parentSpanContext(): SpanContext | undefined {
    return this.facts.caller
  }

  get name(): string {
    return this.facts.common.name
  }

  get kind(): SpanKind {
    return this.facts.common.kind
  }

  get startTime(): HrTime {
    return millisToHrTime(this.facts.beganAt)
  }

  get endTime(): HrTime {
    return millisToHrTime(this.facts.endedAt)
  }

  get duration(): HrTime {
    return hrTimeDuration(this.startTime, this.endTime)
  }

  get attributes(): Attributes {
    return { ...this.facts.common.attributes, ...this.facts.own }
  }

  get resource(): ReadableSpan['resource'] {
    return this.#origin.resource
  }

  get instrumentationScope(): ReadableSpan['instrumentationScope'] {
    return this.#origin.instrumentationScope
  }

  get status(): ReadableSpan['status'] {
    return UNSET
  }

  get ended(): boolean {
    return true
  }

  get links(): never[] {
    return NONE
  }

  get events(): never[] {
    return NONE
  }

  get droppedAttributesCount(): number {
    return 0
  }

  get droppedEventsCount(): number {
    return 0
  }

  get droppedLinksCount(): number {
    return 0
  }
}
