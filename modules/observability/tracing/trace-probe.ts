/** Spans for calls and for each part of their pipelines, by the kernel's seam for probes. */
import { trace, type Context } from '@opentelemetry/api'
import { CallProbe, HttpContext, type Around, type CallContext, type Endpoint, type ProbedPart } from 'tenon'
import { Injectable } from 'tenon/decorators'

import { serverTiming } from '../insight/server-timing.ts'
import { ObservabilityConfig } from '../observability-config.ts'
import { isOperator } from '../operators.ts'
import { whenDone } from '../when-done.ts'
import { CALL_CONTEXTS } from './call-contexts.ts'
import { RECORDING, type CallRecording } from './call-recording.ts'
import { LateContext } from './late-context.ts'
import { LateSpan } from './late-span.ts'
import { Recorder } from './recorder.ts'
import { runInSpan } from './run-in-span.ts'
import { TracedInterceptor } from './traced-interceptor.ts'

/** What is done sooner, and has caused nothing that would need it as a parent, has only looked at something. */
const WORK_MS = 0.1

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
    const inSpan = this.#inSpan(part, isMethod ? `${part.name} ${endpoint.name}` : part.name)
    return this.#isTimed && !isMethod ? timed(part, inSpan) : inSpan
  }

  /** Where `Server-Timing` is off, none of its code is in what is compiled. */
  get #isTimed(): boolean {
    return this.#config.serverTiming !== 'off'
  }

  #inSpan(part: ProbedPart, name: string): Around {
    const attributes = {
      'tenon.part': part.kind === 'handler' ? 'handler' : 'interceptor',
      ...(part.phase && { 'tenon.phase': part.phase }),
    }
    return (call, next) => {
      const recording = call.get(RECORDING)
      const { tracer } = this.#recorder
      if (!recording || !tracer) return next()
      const { entered } = CALL_CONTEXTS
      const parent = (): Context => entered ?? recording.context
      const startTime = recording.now()
      const span = new LateSpan(() => tracer.startSpan(name, { attributes, startTime }, parent()))
      const context = new LateContext(() => trace.setSpan(parent(), span))
      // The page shows all that takes part; for a collector a span costs more than what it would tell.
      if (recording.isKept) span.spanContext()
      return runInSpan(span, context, next, () => {
        const endTime = recording.now()
        if (span.hasBegun || endTime - startTime >= WORK_MS) span.end(endTime)
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
const inCall: Around = (call, next) => {
  const recording = CALL_CONTEXTS.entered && call.get(RECORDING)
  return recording ? CALL_CONTEXTS.with(recording.context, next) : next()
}

/** Notes what the part takes itself. */
function timed(part: ProbedPart, inSpan: Around): Around {
  return (call, next) => {
    const recording = call.get(RECORDING)
    if (recording?.isTimed !== true) return inSpan(call, next)
    const leave = recording.enter(part)
    return whenDone(() => inSpan(call, next), leave)
  }
}
