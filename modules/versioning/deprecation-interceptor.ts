/** Tells callers of a deprecated endpoint when it goes and what to use instead. */
import {
  describeEndpoint,
  type Contribution,
  type Endpoint,
  type EndpointInterceptor,
  type InterceptorDescription,
} from 'tenon'
import { DEPRECATED, Interceptor, type DeprecationFact } from 'tenon/decorators'

import { normalized } from './api-version.ts'
import { DeprecatedCalls } from './deprecated-calls.ts'

@Interceptor({ phase: 'observe', order: 100, on: ['http'] })
export class DeprecationInterceptor implements EndpointInterceptor {
  readonly #calls: DeprecatedCalls

  constructor(calls: DeprecatedCalls) {
    this.#calls = calls
  }

  forEndpoint(endpoint: Endpoint): Contribution | undefined {
    const fact = endpoint.read(DEPRECATED)
    if (!fact || !isMeant(fact, endpoint)) return undefined
    const route = describeEndpoint(endpoint)
    // By the time a call is over, it is known who called.
    return { headers: headersOf(fact), settled: (_outcome, context) => this.#calls.note(context, route) }
  }

  describe(endpoint: Endpoint): InterceptorDescription {
    const { since, sunset, replacement } = endpoint.read(DEPRECATED)!
    const until = sunset === undefined ? '' : `, gone on ${sunset}`
    return {
      does: `is deprecated since ${since}${until}${replacement === undefined ? '' : `; use ${replacement}`}`,
      deprecated: true,
      responseHeaders: {
        deprecation: 'Since when it is deprecated (RFC 9745)',
        ...(sunset !== undefined && { sunset: 'When it stops answering (RFC 8594)' }),
      },
    }
  }
}

function isMeant({ versions }: DeprecationFact, { version }: Endpoint): boolean {
  return versions === undefined || (version !== undefined && versions.some((each) => normalized(each) === version))
}

/** RFC 9745 §2.1: a structured date, in seconds. RFC 8594 §3: an HTTP date. */
function headersOf({ since, sunset, replacement, link }: DeprecationFact): Readonly<Record<string, string>> {
  const links = [
    ...(link === undefined ? [] : [`<${link}>; rel="deprecation"; type="text/html"`]),
    ...(replacement === undefined ? [] : [`<${replacement}>; rel="successor-version"`]),
  ]
  return {
    deprecation: `@${Date.parse(since) / 1000}`,
    ...(sunset !== undefined && { sunset: new Date(sunset).toUTCString() }),
    ...(links.length > 0 && { link: links.join(', ') }),
  }
}
