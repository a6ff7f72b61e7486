/** Where a request says which version it means. */
import type { IncomingMessage } from 'node:http'

import type { DescribedParameter } from 'tenon'

import type { VersioningConfig } from './versioning-config.ts'

/** How the version of a request is found, and what people are told about it. */
export interface VersionReader {
  /** The text as it was sent; `undefined` when the request names none. */
  readonly read: (request: IncomingMessage) => string | undefined
  /** `in the header x-api-version` */
  readonly how: string
  /** A header of the request that the answer depends on (RFC 9110 §12.5.5). */
  readonly varies: string | undefined
  readonly parameter: DescribedParameter | undefined
}

export function versionReader({ from, header, parameter, prefix }: VersioningConfig): VersionReader {
  switch (from) {
    case 'path':
      return {
        // Each version has a path of its own: there is nothing left to read.
        read: () => undefined,
        how: `in the path: /${prefix}<version>/…`,
        varies: undefined,
        parameter: undefined,
      }
    case 'header': {
      const name = header.toLowerCase()
      return {
        read: ({ headers }) => single(headers[name]),
        how: `in the header ${header}`,
        varies: header,
        parameter: described('header', header),
      }
    }
    case 'media-type':
      return {
        read: ({ headers }) => parameterOf(headers.accept ?? '', parameter),
        how: `in the header Accept: application/json;${parameter}=<version>`,
        varies: 'accept',
        parameter: undefined,
      }
    case 'query':
      return {
        read: ({ url = '' }) => {
          const mark = url.indexOf('?')
          return mark === -1 ? undefined : (new URLSearchParams(url.slice(mark + 1)).get(parameter) ?? undefined)
        },
        how: `in the query: ?${parameter}=<version>`,
        varies: undefined,
        parameter: described('query', parameter),
      }
  }
}

/** Of the first media type that has it (RFC 9110 §5.6.6: names of parameters in any case, values quoted or not). */
function parameterOf(accept: string, name: string): string | undefined {
  for (const part of accept.split(/[;,]/)) {
    const [key = '', value] = part.trim().split('=', 2)
    if (value !== undefined && key.toLowerCase() === name.toLowerCase()) return value.replace(/^"(.*)"$/, '$1')
  }
  return undefined
}

function single(value: string | readonly string[] | undefined): string | undefined {
  return typeof value === 'string' && value !== '' ? value : undefined
}

function described(place: 'header' | 'query', name: string): DescribedParameter {
  return { in: place, name, required: false, description: 'The API version' }
}
