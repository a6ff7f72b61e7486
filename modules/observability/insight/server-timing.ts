/** `Server-Timing` (https://www.w3.org/TR/server-timing/): what each part of a call has cost, for the caller's developer tools. */
import type { CallRecording } from '../tracing/call-recording.ts'

/** Longer headers are refused by proxies. */
const MOST_PARTS = 40

export function serverTiming({ parts, queries, queriesMs, startedAt }: CallRecording): string {
  const entries = parts
    .slice(0, MOST_PARTS)
    .map(({ kind, name, phase, selfMs }) =>
      entry(kind === 'handler' ? 'handler' : name, selfMs, kind === 'handler' ? name : phase),
    )
  return [
    entry('total', performance.now() - startedAt),
    ...(queries > 0 ? [entry('sql', queriesMs, `${queries} ${queries === 1 ? 'statement' : 'statements'}`)] : []),
    ...entries,
  ].join(', ')
}

/** Names are tokens (RFC 9110 §5.6.2). */
function entry(name: string, durationMs: number, description?: string): string {
  const token = name.replace(/[^\w.-]+/g, '-')
  const text = description === undefined ? '' : `;desc="${description.replace(/[^\x20-\x7e]|["\\]/g, '')}"`
  return `${token};dur=${Math.max(0, durationMs).toFixed(3)}${text}`
}
