/** How a call is known in logs, problems and traces. */
import crypto from 'node:crypto'

/** Ids from callers are taken as they are when they cannot harm a log line or a header. */
const ACCEPTABLE = /^[\w.:-]{1,128}$/
/** W3C Trace Context: version, trace id, parent id, flags. All zeros and version `ff` are invalid. */
const TRACEPARENT = /^(?!ff)[0-9a-f]{2}-(?!0{32})([0-9a-f]{32})-(?!0{16})[0-9a-f]{16}-[0-9a-f]{2}(?:-.*)?$/

/** The id the caller sent in `x-request-id`, else a new one that sorts by time. */
export function requestIdOf(sent: string | readonly string[] | undefined): string {
  return typeof sent === 'string' && ACCEPTABLE.test(sent) ? sent : newRequestId()
}

/** The trace id of a valid `traceparent` header. */
export function traceIdOf(traceparent: string | undefined): string | undefined {
  return traceparent === undefined ? undefined : TRACEPARENT.exec(traceparent)?.[1]
}

/** A UUID of version 7 (RFC 9562 §5.7). */
export const newRequestId: () => string = (crypto as { randomUUIDv7?: () => string }).randomUUIDv7 ?? composeUuidV7

/** The same for Node versions without it: the time in milliseconds in front, random behind. */
export function composeUuidV7(): string {
  const time = Date.now().toString(16).padStart(12, '0')
  return `${time.slice(0, 8)}-${time.slice(8)}-7${crypto.randomUUID().slice(15)}`
}
