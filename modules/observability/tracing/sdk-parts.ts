/** The three places where recordings meet OpenTelemetry's SDK: ids, the decision, and the spans that were begun. */
import { createContextKey, type Context, type Span, type SpanContext } from '@opentelemetry/api'
import type { IdGenerator, ReadableSpan, Sampler, SamplingResult, SpanProcessor } from '@opentelemetry/sdk-trace'

import { RECORDER } from './call-contexts.ts'
import type { CallRecording } from './call-recording.ts'
import { RANDOM_DIGITS } from './random-digits.ts'

/** Under which a context names the recording it belongs to. */
const RECORDING_KEY = createContextKey('tenon.recording')

/** The recording that a context belongs to. */
export function recordingIn(context: Context | undefined): CallRecording | undefined {
  return context?.getValue(RECORDING_KEY) as CallRecording | undefined
}

/** A context with a recording and its recorder. OpenTelemetry's own copies all of its values for each that is added. */
export class RecordingContext implements Context {
  readonly #outer: Context
  readonly #recording: CallRecording
  readonly #recorder: object

  constructor(outer: Context, recording: CallRecording, recorder: object) {
    this.#outer = outer
    this.#recording = recording
    this.#recorder = recorder
  }

  getValue(key: symbol): unknown {
    if (key === RECORDING_KEY) return this.#recording
    return key === RECORDER ? this.#recorder : this.#outer.getValue(key)
  }

  setValue(key: symbol, value: unknown): Context {
    return new RecordingContext(this.#outer.setValue(key, value), this.#recording, this.#recorder)
  }

  deleteValue(key: symbol): Context {
    return new RecordingContext(this.#outer.deleteValue(key), this.#recording, this.#recorder)
  }
}

/** Random ids; those of the next span can be given. */
export class RecordedIds implements IdGenerator {
  #given: SpanContext | undefined

  /** The span that `begin` begins has these ids; its trace id only where it has no parent. */
  giveTo(ids: SpanContext, begin: () => Span): Span {
    this.#given = ids
    try {
      return begin()
    } finally {
      this.#given = undefined
    }
  }

  generateTraceId(): string {
    return this.#given?.traceId ?? RANDOM_DIGITS.next(32)
  }

  generateSpanId(): string {
    return this.#given?.spanId ?? RANDOM_DIGITS.next(16)
  }
}

/** About calls it was decided before their first span; spans that belong to no call are for `others`. */
export function recordedSampler(others: Sampler): Sampler {
  return {
    shouldSample(context, ...rest): SamplingResult {
      const recording = recordingIn(context)
      if (!recording) return others.shouldSample(context, ...rest)
      return { decision: recording.isSampled ? SAMPLED : RECORDED }
    },
    toString: () => `Recorded(${others.toString()})`,
  }
}

/** `SamplingDecision.RECORD` and `RECORD_AND_SAMPLED`: the SDK itself is loaded only where something is recorded. */
const RECORDED: SamplingResult['decision'] = 1
const SAMPLED: SamplingResult['decision'] = 2

/** Collects the spans of calls that are kept, those that the application begins itself too. */
export class RecordingSpans implements SpanProcessor {
  onStart(span: ReadableSpan, context: Context): void {
    const recording = recordingIn(context)
    if (recording?.isKept) recording.spans.push(span)
  }

  onEnd(): void {}

  async forceFlush(): Promise<void> {}

  async shutdown(): Promise<void> {}
}
