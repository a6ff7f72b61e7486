/** The headers of `@SetHeader` and those that interceptors contribute, checked and laid out at boot. */

import { SET_HEADERS } from '../../decorators/index.ts'
import type { Endpoint } from '../pipeline/endpoint.ts'
import type { PlacedStep } from '../pipeline/collect-arounds.ts'
import { HeaderInvalid } from './response-errors.ts'
import { validateHeaderName, validateHeaderValue } from '../platform/node-http.ts'

export interface StaticHeaders {
  /** It decides before anything else what the answer is. */
  readonly contentType: string | undefined
  /** Names and values in turn, without the content type; the last word on a name counts. */
  readonly flat: readonly string[]
}

/** Headers of every answer of an endpoint, in whichever way it is written. */
export interface FixedHeaders {
  /** Names and values in turn. */
  readonly flat: readonly string[]
  /** What the answer depends on besides its URL: it adds to what the answer says itself, which must not lose any of it. */
  readonly vary?: string | undefined
  /** The names in lower case. */
  readonly names: ReadonlySet<string>
}

/** They say what one answer is, and cannot be the same for all. */
const OF_ONE_ANSWER: ReadonlySet<string> = new Set([
  'content-type',
  'content-length',
  'transfer-encoding',
  'connection',
  'x-request-id',
])

/**
 * What interceptors contribute, the innermost one's word last, without what `@SetHeader` says itself.
 * @throws `RESPONSE_HEADER_INVALID`
 */
export function contributedHeaders(endpoint: Endpoint, steps: readonly PlacedStep[]): FixedHeaders | undefined {
  const headers = new Map<string, readonly [string, string]>()
  for (const [name, value] of steps.flatMap(({ headers: own = {} }) => Object.entries(own))) {
    if (OF_ONE_ANSWER.has(name.toLowerCase())) throw new HeaderInvalid(endpoint.name, name)
    refuseInvalid(endpoint, name, value)
    const before = headers.get(name.toLowerCase())?.[1]
    headers.set(name.toLowerCase(), [name, isVary(name) && before !== undefined ? joinVary(before, value) : value])
  }
  for (const { name } of endpoint.readAll(SET_HEADERS)) if (!isVary(name)) headers.delete(name.toLowerCase())
  if (headers.size === 0) return undefined
  return {
    flat: [...headers.values()].flat(),
    names: new Set(headers.keys()),
    vary: headers.get('vary')?.[1],
  }
}

/** Both lists as one, each name once (RFC 9110 §12.5.5). */
export function joinVary(first: string, second: string): string {
  const names = `${first},${second}`.split(',').map((name) => name.trim())
  const known = new Map(names.filter((name) => name !== '').map((name) => [name.toLowerCase(), name]))
  return known.has('*') ? '*' : [...known.values()].join(', ')
}

function isVary(name: string): boolean {
  return name.toLowerCase() === 'vary'
}

/** @throws `RESPONSE_HEADER_INVALID` */
export function compileStaticHeaders(endpoint: Endpoint): StaticHeaders {
  const headers = new Map<string, readonly [string, string]>()
  for (const { name, value } of endpoint.readAll(SET_HEADERS)) {
    refuseInvalid(endpoint, name, value)
    headers.set(name.toLowerCase(), [name, value])
  }
  const contentType = headers.get('content-type')?.[1]
  headers.delete('content-type')
  return { contentType, flat: [...headers.values()].flat() }
}

function refuseInvalid(endpoint: Endpoint, name: string, value: string): void {
  try {
    validateHeaderName(name)
    validateHeaderValue(name, value)
  } catch (error) {
    throw new HeaderInvalid(endpoint.name, name).causedBy(error)
  }
}
