/** What a span says of an error. */
import { SpanStatusCode, type Span } from '@opentelemetry/api'

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
