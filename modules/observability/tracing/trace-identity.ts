/** How calls are known in traces: made when a span, a log line or an outgoing call needs it. */
import { ROOT_CONTEXT, trace, TraceFlags, type Context, type SpanContext, type TraceState } from '@opentelemetry/api'
import { parseTraceParent } from '@opentelemetry/core'
import { ContextKey, type CallContext } from 'tenon'

import { callersContext } from './propagation.ts'
import { RANDOM_DIGITS } from './random-digits.ts'

const IDENTITY = new ContextKey<SpanContext>('observability.trace-identity')

/**
 * Of a call that is not recorded.
 * @param followsCallers - Whether callers are believed: the trace is the caller's then, else one of its own.
 */
export function identityOf(call: CallContext, followsCallers: boolean): SpanContext {
  const known = call.get(IDENTITY)
  if (known) return known
  const callers = followsCallers ? callersTrace(call) : undefined
  const identity = new CallIdentity(callers?.traceId ?? traceIdFor(call.id), TraceFlags.NONE)
  call.set(IDENTITY, identity)
  return identity
}

/** What such a call says to those it calls: its identity, and what its caller has sent along. */
export function unrecordedContext(call: CallContext, followsCallers: boolean): Context {
  const callers = followsCallers ? callersContext(call) : ROOT_CONTEXT
  const traceState = trace.getSpanContext(callers)?.traceState
  const { traceId, spanId, traceFlags } = identityOf(call, followsCallers)
  return trace.setSpanContext(callers, { traceId, spanId, traceFlags, ...(traceState && { traceState }) })
}

/** W3C Trace Context §3.2: what the caller says of its trace, if that is valid. */
export function callersTrace(call: CallContext): SpanContext | undefined {
  const header = call.header('traceparent')
  return header === undefined ? undefined : (parseTraceParent(header) ?? undefined)
}

/** The request id, where it is a UUID: then one finds the trace by the id, and the id by the trace. */
export function traceIdFor(requestId: string): string | undefined {
  return UUID.test(requestId) ? requestId : undefined
}

/** How a call is known in traces. */
export class CallIdentity implements SpanContext {
  /** Digits of the trace id; dashes between them are none of it. */
  readonly traceDigits: string
  readonly spanId: string
  readonly traceFlags: number
  readonly traceState: TraceState | undefined

  /** @param traceDigits - Of a trace that there is; else it is one of its own. */
  constructor(traceDigits = RANDOM_DIGITS.next(32), traceFlags: number, traceState?: TraceState) {
    this.traceDigits = traceDigits
    this.spanId = RANDOM_DIGITS.next(16)
    this.traceFlags = traceFlags
    this.traceState = traceState
  }

  /** Most are written as bytes, and nobody reads them here. */
  get traceId(): string {
    return this.traceDigits.replaceAll('-', '')
  }
}

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/
