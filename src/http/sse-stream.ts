/** Server-sent events: what a handler iterates, as `text/event-stream`, until it ends or the caller goes. */
import type { HttpContext } from './http-context.ts'
import { EventInvalid } from './response-errors.ts'

/** One event with its envelope. Anything else a handler yields is the data of an event. */
export interface SseEvent {
  /** A text, or a value that is written as JSON. */
  readonly data: unknown
  /** Name of the event; callers listen for it. Default: `message`. */
  readonly event?: string
  /** Sent back by the caller in `Last-Event-ID` when it connects again. */
  readonly id?: string
  /** Milliseconds until the caller should connect again. */
  readonly retry?: number
}

const ENVELOPE: ReadonlySet<string> = new Set(['data', 'event', 'id', 'retry'])

/** What every event stream answers; proxies must neither keep nor change it. */
export const SSE_HEADERS: readonly string[] = [
  'Content-Type',
  'text/event-stream',
  'Cache-Control',
  'no-cache, no-transform',
  'X-Accel-Buffering',
  'no',
]

/**
 * Writes the events, whose head is out. The iterator is ended when the caller goes or the call is aborted.
 * @param heartbeatMs - A comment is sent after so long a silence, so that nobody in between closes the connection.
 * @throws what the iteration throws, and `RESPONSE_EVENT_INVALID`
 */
export async function streamEvents(
  events: AsyncIterable<unknown>,
  context: HttpContext,
  heartbeatMs: number,
): Promise<void> {
  const { response, signal } = context
  const iterator = events[Symbol.asyncIterator]()
  const gone = Promise.withResolvers<undefined>()
  const onGone = (): void => gone.resolve(undefined)
  const heartbeat = setInterval(() => {
    if (!response.writableNeedDrain) response.write(':\n\n')
  }, heartbeatMs)
  response.once('close', onGone)
  signal.addEventListener('abort', onGone, { once: true })
  let isOver = false
  try {
    while (!response.destroyed && !signal.aborted) {
      const step = await Promise.race([iterator.next(), gone.promise])
      isOver = step?.done === true
      if (step === undefined || isOver) break
      heartbeat.refresh()
      if (!response.write(printEvent(step.value, context.endpoint.name))) {
        await Promise.race([new Promise((resolve) => response.once('drain', resolve)), gone.promise])
      }
    }
    if (!response.destroyed) response.end()
  } finally {
    clearInterval(heartbeat)
    response.off('close', onGone)
    signal.removeEventListener('abort', onGone)
    if (!isOver) void endIteration(iterator, context)
  }
}

/**
 * One event in the form of the HTML standard, §9.2.5.
 * @throws `RESPONSE_EVENT_INVALID`
 */
export function printEvent(value: unknown, endpoint: string): string {
  const { data, event, id, retry } = isEnvelope(value) ? value : { data: value }
  if (event !== undefined && /[\r\n]/.test(event)) throw new EventInvalid(endpoint, 'name')
  if (id !== undefined && /[\r\n\0]/.test(id)) throw new EventInvalid(endpoint, 'id')
  if (retry !== undefined && !(Number.isInteger(retry) && retry >= 0)) throw new EventInvalid(endpoint, 'retry')
  const text = typeof data === 'string' ? data : (JSON.stringify(data) ?? '')
  return [
    ...(event === undefined ? [] : [`event: ${event}\n`]),
    ...(id === undefined ? [] : [`id: ${id}\n`]),
    ...(retry === undefined ? [] : [`retry: ${retry}\n`]),
    ...text.split(/\r\n|\r|\n/).map((line) => `data: ${line}\n`),
    '\n',
  ].join('')
}

function isEnvelope(value: unknown): value is SseEvent {
  return (
    typeof value === 'object' &&
    value !== null &&
    'data' in value &&
    Object.keys(value).every((key) => ENVELOPE.has(key))
  )
}

/** Not waited for: an iteration in the middle of something ends when that is done. */
async function endIteration(iterator: AsyncIterator<unknown>, context: HttpContext): Promise<void> {
  try {
    await iterator.return?.()
  } catch (error) {
    context.log.error(`The events of ${context.endpoint.name} could not be ended.`, { error })
  }
}
