/** Gives methods with `@Traced` a span. */
import { ROOT_CONTEXT, trace } from '@opentelemetry/api'
import { tryCtx, type Around, type Endpoint, type EndpointInterceptor } from 'tenon'
import { Interceptor, TRACED } from 'tenon/decorators'

import { whenDone } from '../when-done.ts'
import { CALL_CONTEXTS, RECORDER } from './call-contexts.ts'
import { RECORDING } from './call-recording.ts'
import { Recorder } from './recorder.ts'
import { noteFailure } from './note-failure.ts'

/** Outermost of what stands around a method. */
@Interceptor({ phase: 'observe', on: ['method'] })
export class TracedInterceptor implements EndpointInterceptor {
  readonly #recorder: Recorder

  constructor(recorder: Recorder) {
    this.#recorder = recorder
  }

  forEndpoint({ type, method, name }: Endpoint): Around | undefined {
    const fact = TRACED.read(type, method)
    if (!fact) return undefined
    const attributes = { 'code.function.name': name, 'tenon.part': 'method', ...fact.attributes }
    return (call, next) => {
      const { tracer } = this.#recorder
      const recording = call.get(RECORDING)
      // A call that is not recorded is not, whatever happens in it.
      const { recorded } = CALL_CONTEXTS
      if (!tracer || (!recording && !recorded && tryCtx() !== call)) return next()
      const parent = recorded ?? recording?.context ?? ROOT_CONTEXT.setValue(RECORDER, this.#recorder)
      const startTime = recording?.now()
      const span = tracer.startSpan(fact.name ?? name, { attributes, ...(startTime && { startTime }) }, parent)
      return whenDone(
        () => CALL_CONTEXTS.with(trace.setSpan(parent, span), next),
        (failure) => {
          if (failure) noteFailure(span, failure.error)
          span.end(recording?.now())
        },
      )
    }
  }
}
