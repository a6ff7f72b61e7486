/** What a call did, in the order it did it: rows for the page, out of its spans. */
import type { HrTime } from '@opentelemetry/api'
import type { ReadableSpan } from '@opentelemetry/sdk-trace'

import type { CallRecording } from '../tracing/call-recording.ts'

export type RowKind = 'call' | 'interceptor' | 'handler' | 'method' | 'query' | 'fetch' | 'own' | 'answer'

export interface TimelineRow {
  readonly kind: RowKind
  readonly name: string
  /** How many parents it has. */
  readonly depth: number
  readonly startMs: number
  readonly durationMs: number
  /** Without what is further inside. */
  readonly selfMs: number
  readonly phase: string | undefined
  /** `file:line` of who asked. */
  readonly place: string | undefined
  readonly hasFailed: boolean
  readonly attributes: Readonly<Record<string, unknown>>
}

/** Begins with the call itself; a call that is still going on ends now. */
export function timelineOf(recording: CallRecording): readonly TimelineRow[] {
  const [root, ...spans] = recording.spans
  if (!root) return []
  const origin = milliseconds(root.startTime)
  const nowMs = recording.now() - origin
  const depths = new Map<string, number>([[root.spanContext().spanId, 0]])
  const rows = spans.map((span) => {
    const depth = (depths.get(span.parentSpanContext?.spanId ?? '') ?? 0) + 1
    depths.set(span.spanContext().spanId, depth)
    return { ...rowOf(span, depth, origin, nowMs), place: recording.placeOf(span) }
  })
  const whole = { ...rowOf(root, 0, origin, nowMs), kind: 'call' as const, place: undefined }
  const all = withOwnTime([whole, ...rows], recording.spans)
  const answer = answerOf(all)
  if (!answer) return all
  const [{ selfMs, ...first }, ...others] = all as [TimelineRow, ...TimelineRow[]]
  return [{ ...first, selfMs: Math.max(0, selfMs - answer.durationMs) }, ...others, answer]
}

/** Of each, what its children took is theirs. */
function withOwnTime(
  rows: readonly Omit<TimelineRow, 'selfMs'>[],
  spans: readonly ReadableSpan[],
): readonly TimelineRow[] {
  const inside = new Map<string, number>()
  spans.forEach(({ parentSpanContext }, index) => {
    const parent = parentSpanContext?.spanId ?? ''
    inside.set(parent, (inside.get(parent) ?? 0) + rows[index]!.durationMs)
  })
  return rows.map((row, index) => {
    const insideMs = inside.get(spans[index]!.spanContext().spanId) ?? 0
    return { ...row, selfMs: Math.max(0, row.durationMs - insideMs) }
  })
}

function rowOf(
  span: ReadableSpan,
  depth: number,
  origin: number,
  nowMs: number,
): Omit<TimelineRow, 'place' | 'selfMs'> {
  const startMs = milliseconds(span.startTime) - origin
  const { attributes } = span
  return {
    kind: kindOf(attributes),
    name: span.name,
    depth,
    startMs,
    durationMs: span.ended ? milliseconds(span.duration) : Math.max(0, nowMs - startMs),
    phase: attributes['tenon.phase'] as string | undefined,
    hasFailed: span.status.code === 2,
    attributes,
  }
}

function kindOf(attributes: ReadableSpan['attributes']): RowKind {
  const part = attributes['tenon.part']
  if (part === 'interceptor' || part === 'handler' || part === 'method') return part
  if (attributes['db.query.text'] !== undefined) return 'query'
  return attributes['url.full'] === undefined && attributes['db.system.name'] === undefined ? 'own' : 'fetch'
}

/** From the last interceptor to the last byte. */
function answerOf([whole, ...rows]: readonly TimelineRow[]): TimelineRow | undefined {
  const startMs = Math.max(0, ...rows.filter(({ depth }) => depth === 1).map((row) => row.startMs + row.durationMs))
  const durationMs = whole!.durationMs - startMs
  if (durationMs <= 0) return undefined
  const own = { durationMs, selfMs: durationMs, startMs, depth: 1, hasFailed: false, attributes: {} }
  return { ...whole!, ...own, kind: 'answer', name: 'the answer is written' }
}

export function milliseconds([seconds, nanoseconds]: HrTime): number {
  return seconds * 1000 + nanoseconds / 1_000_000
}
