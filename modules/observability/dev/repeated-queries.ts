/** Statements that a call sent again and again: the rows they fetch one by one could come at once. */
import type { ReadableSpan } from '@opentelemetry/sdk-trace'

import type { CallRecording } from '../tracing/call-recording.ts'

const SUSPICIOUS = 3

export interface RepeatedQuery {
  readonly sql: string
  readonly count: number
  /** Where the application asked, when it was one place. */
  readonly place: string | undefined
}

/** The most frequent first. */
export function repeatedQueries(recording: CallRecording): readonly RepeatedQuery[] {
  const found = new Map<string, { readonly spans: ReadableSpan[] }>()
  for (const span of recording.spans) {
    const sql = span.attributes['db.query.text']
    if (typeof sql !== 'string' || !/^\s*(select|with)\b/i.test(sql)) continue
    const entry = found.get(sql) ?? { spans: [] }
    entry.spans.push(span)
    found.set(sql, entry)
  }
  return [...found]
    .filter(([, { spans }]) => spans.length >= SUSPICIOUS)
    .map(([sql, { spans }]) => ({ sql, count: spans.length, place: onlyPlace(recording, spans) }))
    .toSorted((a, b) => b.count - a.count)
}

function onlyPlace(recording: CallRecording, spans: readonly ReadableSpan[]): string | undefined {
  const places = new Set(spans.map((span) => recording.placeOf(span)))
  return places.size === 1 ? [...places][0] : undefined
}
