/** What travels with a call: W3C Trace Context and Baggage, from callers and to who is called. */
import { ROOT_CONTEXT, type Context } from '@opentelemetry/api'
import { CompositePropagator, W3CBaggagePropagator, W3CTraceContextPropagator } from '@opentelemetry/core'
import type { CallContext } from 'tenon'

export const PROPAGATOR = new CompositePropagator({
  propagators: [new W3CTraceContextPropagator(), new W3CBaggagePropagator()],
})

const FIELDS: readonly string[] = PROPAGATOR.fields()

const OF_CALL = {
  get: (call: CallContext, name: string) => call.header(name),
  keys: () => [...FIELDS],
}

/** What the caller says; most say nothing. */
export function callersContext(call: CallContext): Context {
  if (call.header('traceparent') === undefined && call.header('baggage') === undefined) return ROOT_CONTEXT
  return PROPAGATOR.extract(ROOT_CONTEXT, call, OF_CALL)
}

export type TraceHeaders = Readonly<Record<string, string>>

/** A context as headers of a request. */
export function headersFor(context: Context): TraceHeaders {
  const headers: Record<string, string> = {}
  PROPAGATOR.inject(context, headers, { set: (carrier, name, value) => void (carrier[name] = value) })
  return headers
}
