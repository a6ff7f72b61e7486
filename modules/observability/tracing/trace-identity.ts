/** How a call that is not recorded is known in traces: made when a log line or an outgoing call needs it. */
import { ROOT_CONTEXT, trace, TraceFlags, type Context, type SpanContext } from '@opentelemetry/api'
import { parseTraceParent } from '@opentelemetry/core'
import { ContextKey, type CallContext } from 'tenon'

import { callersContext } from './propagation.ts'
import { RANDOM_DIGITS } from './random-digits.ts'

const IDENTITY = new ContextKey<SpanContext>('observability.trace-identity')

/** @param followsCallers - Whether callers are believed: the trace is the caller's then, else one of its own. */
export function identityOf(call: CallContext, followsCallers: boolean): SpanContext {
  const known = call.get(IDENTITY)
  if (known) return known
  const callers = followsCallers ? callersTrace(call) : undefined
  const traceId = callers?.traceId ?? traceIdFor(call.id) ?? RANDOM_DIGITS.next(32)
  const identity = { traceId, spanId: RANDOM_DIGITS.next(16), traceFlags: TraceFlags.NONE }
  call.set(IDENTITY, identity)
  return identity
}

/** What such a call says to those it calls: its identity, and what its caller has sent along. */
export function unrecordedContext(call: CallContext, followsCallers: boolean): Context {
  const callers = followsCallers ? callersContext(call) : ROOT_CONTEXT
  const traceState = trace.getSpanContext(callers)?.traceState
  return trace.setSpanContext(callers, { ...identityOf(call, followsCallers), ...(traceState && { traceState }) })
}

/** W3C Trace Context §3.2: what the caller says of its trace, if that is valid. */
export function callersTrace(call: CallContext): SpanContext | undefined {
  const header = call.header('traceparent')
  return header === undefined ? undefined : (parseTraceParent(header) ?? undefined)
}

/** The request id without its dashes, where it is a UUID: then one finds the trace by the id, and the id by the trace. */
export function traceIdFor(requestId: string): string | undefined {
  if (!UUID.test(requestId)) return undefined
  const between = (from: number, to?: number): string => requestId.slice(from, to)
  return between(0, 8) + between(9, 13) + between(14, 18) + between(19, 23) + between(24)
}

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/
