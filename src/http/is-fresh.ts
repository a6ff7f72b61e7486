/** Whether the caller has the current representation already: `If-None-Match` and `If-Modified-Since` (RFC 9110 §13). */
import type { IncomingHttpHeaders } from 'node:http'

/** What names the version that would be sent. */
export interface RepresentationVersion {
  readonly etag: string | undefined
  readonly lastModified: string | undefined
}

/** Whether a head asks at all; most do not. */
export function isConditional(headers: IncomingHttpHeaders): boolean {
  return headers['if-none-match'] !== undefined || headers['if-modified-since'] !== undefined
}

export function isFresh(headers: IncomingHttpHeaders, { etag, lastModified }: RepresentationVersion): boolean {
  const noneMatch = headers['if-none-match']
  // A reload: RFC 9111 §5.2.1.4.
  if (/(?:^|,)\s*no-cache\s*(?:,|$)/.test(headers['cache-control'] ?? '')) return false
  // RFC 9110 §13.1.3: If-Modified-Since does not count beside If-None-Match.
  if (noneMatch !== undefined) return etag !== undefined && matches(noneMatch, etag)
  const since = headers['if-modified-since']
  return since !== undefined && lastModified !== undefined && Date.parse(lastModified) <= Date.parse(since)
}

/** Weak comparison, RFC 9110 §8.8.3.2. */
function matches(noneMatch: string, etag: string): boolean {
  if (noneMatch.trim() === '*') return true
  const opaque = withoutWeakness(etag)
  return (noneMatch.match(/(?:W\/)?"[^"]*"/g) ?? []).some((each) => withoutWeakness(each) === opaque)
}

function withoutWeakness(etag: string): string {
  return etag.startsWith('W/') ? etag.slice(2) : etag
}
