/** The spans of calls themselves: begun when somebody asks for one, else told when the call is over. */
import { ROOT_CONTEXT, SpanStatusCode, type Attributes, type Context, type Span } from '@opentelemetry/api'
import type { ReadableSpan } from '@opentelemetry/sdk-trace'
import type { Outcome } from 'tenon'

import type { CallRecording, RecordingParts } from './call-recording.ts'
import { CommonAttributes } from './common-attributes.ts'
import { endpointAttributes, kindOf, ownAttributes, spanName } from './http-attributes.ts'
import type { OpenProvider } from './open-provider.ts'
import { callersContext } from './propagation.ts'
import { RecordingContext } from './sdk-parts.ts'
import { UntouchedSpan } from './untouched-span.ts'

/** From which status on a call has failed by our fault. */
const FAILURE = 500

export class CallSpans implements RecordingParts {
  readonly #parts: OpenProvider
  readonly #recorder: object
  readonly #followsCallers: boolean
  readonly #common = new CommonAttributes()

  /** @param recorder - Whose spans these are: there may be several applications in a process. */
  constructor(parts: OpenProvider, recorder: object, followsCallers: boolean) {
    this.#parts = parts
    this.#recorder = recorder
    this.#followsCallers = followsCallers
  }

  begin(recording: CallRecording): Span {
    const { tracer, ids } = this.#parts
    const { call, identity, parent, beganAt } = recording
    const options = { kind: kindOf(call), startTime: beganAt }
    const span = ids.giveTo(identity, () => tracer.startSpan(spanName(call), options, parent))
    Object.assign(attributesOf(span), endpointAttributes(call.endpoint), ownAttributes(call))
    return span
  }

  parentOf(recording: CallRecording): Context {
    const outer = this.#followsCallers ? callersContext(recording.call) : ROOT_CONTEXT
    return new RecordingContext(outer, recording, this.#recorder)
  }

  end(recording: CallRecording, outcome: Outcome): void {
    if (recording.hasSpan || outcome.status >= FAILURE) this.#endSpan(recording, outcome)
    else if (recording.isSampled) this.#tell(recording, outcome)
  }

  #endSpan(recording: CallRecording, outcome: Outcome): void {
    const { span, call } = recording
    const { status, error } = outcome
    Object.assign(attributesOf(span), this.#common.of(call, status).attributes, ownAttributes(call, error))
    if (status >= FAILURE) {
      if (error instanceof Error) span.recordException({ name: error.name, stack: stackOf(error) })
      span.setStatus({ code: SpanStatusCode.ERROR })
    }
    span.end(recording.now())
  }

  #tell(recording: CallRecording, { status, error, durationMs }: Outcome): void {
    const { call, identity, caller, beganAt } = recording
    const endedAt = beganAt + durationMs
    const facts = {
      identity,
      caller,
      beganAt,
      endedAt,
      common: this.#common.of(call, status),
      own: ownAttributes(call, error),
    }
    const span = new UntouchedSpan(facts, this.#parts.origin)
    for (const exporter of this.#parts.exporters) exporter.onEnd(span)
  }
}

/** Where the SDK keeps them: its own way copies and checks each of them twice, which takes longer than the span itself. */
function attributesOf(span: Span): Attributes {
  return (span as unknown as ReadableSpan).attributes
}

/** Where it failed, without the message: that may hold what a caller sent. */
function stackOf({ stack = '' }: Error): string {
  return stack
    .split('\n')
    .filter((line) => /^\s+at /.test(line))
    .join('\n')
}
