/** Spans for calls and for each part of their pipelines, by the kernel's seam for probes. */
import { CallProbe, HttpContext, type Around, type CallContext, type Endpoint, type ProbedPart } from 'tenon'
import { Injectable } from 'tenon/decorators'

import { serverTiming } from '../insight/server-timing.ts'
import { ObservabilityConfig } from '../observability-config.ts'
import { isOperator } from '../operators.ts'
import { whenDone } from '../when-done.ts'
import { CALL_CONTEXTS } from './call-contexts.ts'
import { RECORDING, type CallRecording } from './call-recording.ts'
import { PartSpan, type PartFacts } from './part-span.ts'
import { Recorder } from './recorder.ts'
import { TracedInterceptor } from './traced-interceptor.ts'

@Injectable()
export class TraceProbe extends CallProbe {
  readonly #recorder: Recorder
  readonly #config: ObservabilityConfig

  constructor(recorder: Recorder, config: ObservabilityConfig) {
    super()
    this.#recorder = recorder
    this.#config = config
  }

  override takesPart(endpoint: Endpoint): boolean {
    return this.#recorder.takesPart(endpoint)
  }

  /** What is called within a call belongs to its recording; alone, methods begin a trace by `@Traced` only. */
  watches(call: CallContext): boolean {
    if (call.endpoint.transport === 'method') return call.get(RECORDING) !== undefined
    return this.#recorder.begins(call)
  }

  around(part: ProbedPart, endpoint: Endpoint): Around | undefined {
    const isMethod = endpoint.transport === 'method'
    if (part.kind === 'call') return isMethod ? undefined : this.#isTimed ? this.#inTimedCall : inCall
    // A method has a span only where it asks for one.
    if (isMethod && (part.kind === 'handler' || part.name === TracedInterceptor.name)) return undefined
    const inSpan = this.#inSpan(part, isMethod ? endpoint : undefined)
    return this.#isTimed && !isMethod ? timed(part, inSpan) : inSpan
  }

  /** Where `Server-Timing` is off, none of its code is in what is compiled. */
  get #isTimed(): boolean {
    return this.#config.serverTiming !== 'off'
  }

  /** @param method - Whose part it is, if it is no call's. */
  #inSpan({ kind, name, phase }: ProbedPart, method: Endpoint | undefined): Around {
    const facts: PartFacts = {
      name: method ? `${name} ${method.name}` : name,
      attributes: {
        'tenon.part': kind === 'handler' ? 'handler' : 'interceptor',
        ...(phase && { 'tenon.phase': phase }),
      },
      isOfCall: method === undefined,
      isBefore: method === undefined && kind === 'before',
    }
    return (call, next) => {
      const recording = call.get(RECORDING)
      const { tracer } = this.#recorder
      if (!recording || !tracer) return next()
      const { entered } = CALL_CONTEXTS
      const outer = recording.part
      const span = new PartSpan(facts, recording, tracer, entered ?? outer)
      // The page shows all that takes part.
      if (recording.isKept) span.begin()
      // Methods may run side by side: only contexts of their own tell them apart. Parts of a call run one inside the other.
      if (method || entered !== undefined)
        return whenDone(
          () => CALL_CONTEXTS.with(span, next),
          (failure) => span.end(failure),
        )
      recording.part = span
      return whenDone(next, (failure) => {
        recording.part = outer
        span.end(failure)
      })
    }
  }

  readonly #inTimedCall: Around = (call, next) => {
    const recording = call.get(RECORDING)
    if (recording?.isTimed !== true) return inCall(call, next)
    return whenDone(
      () => inCall(call, next),
      () => this.#tellTimes(recording),
    )
  }

  /** By now it is known who asks. Whoever answers by themselves may have sent the headers already. */
  #tellTimes(recording: CallRecording): void {
    const { call } = recording
    if (!(call instanceof HttpContext) || call.response.headersSent) return
    if (this.#config.serverTiming === 'asked' && !isOperator(call.principal, this.#config)) return
    call.response.setHeader('server-timing', serverTiming(recording))
  }
}

/** What was entered around the call does not hold for what the call does. */
const inCall: Around = (_call, next) => CALL_CONTEXTS.inCall(next)

/** Notes what the part takes itself. */
function timed(part: ProbedPart, inSpan: Around): Around {
  return (call, next) => {
    const recording = call.get(RECORDING)
    if (recording?.isTimed !== true) return inSpan(call, next)
    const leave = recording.enter(part)
    return whenDone(() => inSpan(call, next), leave)
  }
}
