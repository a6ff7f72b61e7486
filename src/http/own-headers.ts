/** What the framework puts on every head beside what an answer says itself: the id of the call, and what interceptors contribute. */
import type { OutgoingHttpHeader, OutgoingHttpHeaders } from 'node:http'

import { joinVary, type FixedHeaders } from './static-headers.ts'

/** The response a head is written for. */
export interface HeadOwner {
  readonly requestId: string | undefined
  readonly fixedHeaders: FixedHeaders | undefined
  getHeaderNames(): string[]
  getHeader(name: string): OutgoingHttpHeader | undefined
}

export type GivenHeaders = OutgoingHttpHeaders | OutgoingHttpHeader[] | undefined

/** What a head says, with what stands on each of the server's. */
export function withOwn(response: HeadOwner, given: GivenHeaders): GivenHeaders {
  const { requestId, fixedHeaders } = response
  if (requestId === undefined) return given
  if (fixedHeaders !== undefined) return [...flatOf(given), ...remaining(fixedHeaders, response, given), ID, requestId]
  if (given === undefined) return [ID, requestId]
  if (Array.isArray(given) && !Array.isArray(given[0])) return [...given, ID, requestId]
  return [...flatOf(given), ID, requestId]
}

export const ID = 'x-request-id'

/** Those that the head does not say itself, nor a `setHeader` before it. */
export function remaining(fixed: FixedHeaders, response: HeadOwner, given: GivenHeaders): readonly string[] {
  const { flat, names, vary } = fixed
  const set = response.getHeaderNames()
  const head = flatOf(given)
  if (!set.some((name) => names.has(name)) && !head.some((name, index) => index % 2 === 0 && isOneOf(name, names))) {
    return flat
  }
  const said = new Set([
    ...set,
    ...head.filter((_name, index) => index % 2 === 0).map((name) => String(name).toLowerCase()),
  ])
  const rest = flat.filter((_each, index) => !said.has(flat[index - (index % 2)]!.toLowerCase()))
  return vary !== undefined && said.has('vary') ? [...rest, 'vary', ...addedVary(vary, response, head)] : rest
}

/** Beside what the head says a further line; in place of what was set before, which a line of the head replaces. */
function addedVary(vary: string, response: HeadOwner, head: readonly OutgoingHttpHeader[]): readonly [string] {
  const isInHead = head.some((name, index) => index % 2 === 0 && String(name).toLowerCase() === 'vary')
  const set = response.getHeader('vary')
  return [isInHead || set === undefined ? vary : joinVary(String(set), vary)]
}

function isOneOf(name: unknown, names: ReadonlySet<string>): boolean {
  return names.has(String(name).toLowerCase())
}

/** The three forms that `writeHead` takes, as names and values in turn. */
function flatOf(given: GivenHeaders): readonly OutgoingHttpHeader[] {
  if (given === undefined) return []
  if (!Array.isArray(given))
    return Object.entries(given)
      .filter(([, value]) => value !== undefined)
      .flat() as OutgoingHttpHeader[]
  return Array.isArray(given[0]) ? (given as unknown as OutgoingHttpHeader[][]).flat() : given
}
