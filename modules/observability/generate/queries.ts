/** PromQL about the metrics of this module, written once for dashboards and alerts. */
import type { ObservedEndpoint } from './observed.ts'

export const DURATION = 'http_server_request_duration_seconds'
const BY_ENDPOINT = 'by (http_request_method, http_route)'

/** @param matchers - `job="desk"`, ... */
export function rate(matchers: readonly string[], window: string): string {
  return `rate(${DURATION}_count{${matchers.join(', ')}}[${window}])`
}

const FAILED = 'http_response_status_code=~"5.."'

/** Share of the calls that the program failed, for each endpoint that failed any. */
export function errorShare(matchers: readonly string[], window: string): string {
  return `sum ${BY_ENDPOINT} (${rate([...matchers, FAILED], window)}) / sum ${BY_ENDPOINT} (${rate(matchers, window)})`
}

/** The same of all calls together: nothing failed is 0, and not nothing. */
export function failedShare(matchers: readonly string[], window: string): string {
  return `(sum(${rate([...matchers, FAILED], window)}) or vector(0)) / sum(${rate(matchers, window)})`
}

export function quantile(share: number, matchers: readonly string[], window: string, by = ''): string {
  const labels = ['le', ...(by === '' ? [] : [by])].join(', ')
  return `histogram_quantile(${share}, sum by (${labels}) (rate(${DURATION}_bucket{${matchers.join(', ')}}[${window}])))`
}

export function matchersOf({ method, route }: ObservedEndpoint): readonly string[] {
  return [...(method === 'ALL' ? [] : [`http_request_method=${quoted(method)}`]), `http_route=${quoted(route)}`]
}

/** A string of PromQL. */
export function quoted(text: string): string {
  return JSON.stringify(text)
}
