/** The headers of `@SetHeader`, checked and laid out at boot. */
import { validateHeaderName, validateHeaderValue } from 'node:http'

import { SET_HEADERS } from '../../decorators/index.ts'
import type { Endpoint } from '../pipeline/endpoint.ts'
import { HeaderInvalid } from './response-errors.ts'

export interface StaticHeaders {
  /** It decides before anything else what the answer is. */
  readonly contentType: string | undefined
  /** Names and values in turn, without the content type; the last word on a name counts. */
  readonly flat: readonly string[]
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
