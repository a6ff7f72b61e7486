/** Runs work inside a span, which ends when the work does. */
import { SpanStatusCode, type Context, type Span } from '@opentelemetry/api'

import { whenDone } from '../when-done.ts'
import { CALL_CONTEXTS } from './call-contexts.ts'

/**
 * @param context - With the span in it.
 * @param end - Ends the span, and whatever else ends with it.
 */
export function runInSpan<T>(span: Span, context: Context, work: () => T, end: () => void): T {
  return whenDone(
    () => CALL_CONTEXTS.with(context, work),
    (failure) => {
      if (failure) noteFailure(span, failure.error)
      end()
    },
  )
}

/** What failed; messages may hold data of callers and stay in the log. */
export function noteFailure(span: Span, error: unknown): void {
  span.setAttribute('error.type', errorType(error))
  span.setStatus({ code: SpanStatusCode.ERROR })
}

/** The code where the error has one, else the name of its class. */
export function errorType(error: unknown): string {
  const { code, name } = (error ?? {}) as { readonly code?: unknown; readonly name?: unknown }
  if (typeof code === 'string' && code !== '') return code
  return typeof name === 'string' ? name : '_OTHER'
}
