/**
 * A part of a pipeline. Its span is begun when somebody needs it: a child, a line of the log, a failure. Most interceptors look
 * at a value and are done; for a collector, a span of theirs would cost more than what it tells.
 */
import { trace, type Attributes, type Context, type Span, type Tracer } from '@opentelemetry/api'

import type { CallRecording } from './call-recording.ts'
import { noteFailure } from './note-failure.ts'

/** What is done sooner, and has caused nothing that would need it as a parent, has only looked at something. */
const WORK_MS = 0.1

/** What is the same for a part in all calls. */
export interface PartFacts {
  readonly name: string
  readonly attributes: Attributes
  /** It belongs to the pipeline of the call, not of a method that the call asked for. */
  readonly isOfCall: boolean
  /** It acts before the next part, which follows at once. */
  readonly isBefore: boolean
}

/** Also the context of what the part does. */
export class PartSpan implements Context {
  readonly #facts: PartFacts
  readonly #recording: CallRecording
  readonly #tracer: Tracer
  readonly #outer: Context | undefined
  readonly #startTime: number
  #span: Span | undefined
  #context: Context | undefined

  /** @param outer - What is active around the part, if it is not the call itself. */
  constructor(facts: PartFacts, recording: CallRecording, tracer: Tracer, outer: Context | undefined) {
    this.#facts = facts
    this.#recording = recording
    this.#tracer = tracer
    this.#outer = outer
    this.#startTime = facts.isOfCall ? recording.nextBegins() : recording.now()
  }

  begin(): Span {
    const { name, attributes } = this.#facts
    return (this.#span ??= this.#tracer.startSpan(name, { attributes, startTime: this.#startTime }, this.#around))
  }

  end(failure?: { readonly error: unknown }): void {
    if (failure) noteFailure(this.begin(), failure.error)
    const endTime = this.#recording.now()
    if (this.#facts.isBefore && !failure) this.#recording.nextAt(endTime)
    if (this.#span !== undefined || endTime - this.#startTime >= WORK_MS) this.begin().end(endTime)
  }

  getValue(key: symbol): unknown {
    return this.#real.getValue(key)
  }

  setValue(key: symbol, value: unknown): Context {
    return this.#real.setValue(key, value)
  }

  deleteValue(key: symbol): Context {
    return this.#real.deleteValue(key)
  }

  get #real(): Context {
    return (this.#context ??= trace.setSpan(this.#around, this.begin()))
  }

  get #around(): Context {
    return this.#outer ?? this.#recording.ownContext
  }
}
