/**
 * Content negotiation, before the handler runs: a caller that excludes what the endpoint produces is told so, and
 * nothing has happened. Only what is declared can be compared: `@SetHeader('Content-Type', ...)`, `@Sse`, `@Returns`,
 * and results whose emitted type is a number, a boolean or a list.
 */
import { RETURNS } from '../../decorators/index.ts'
import { describeEndpoint, type Endpoint } from '../pipeline/endpoint.ts'
import type { HttpContext } from './http-context.ts'
import { parseMediaType } from './media-type.ts'
import { NotAcceptable } from './response-errors.ts'
import { compileStaticHeaders } from './static-headers.ts'

/** Parameters such as `charset=utf-8` or `v=2` ask for a form of the type; only the type itself is compared. */
const OTHER_PARAMETERS = /;\s*(?!q\s*=)[^;,"]+(?:"[^"]*")?/gi

/** @throws `RESPONSE_NOT_ACCEPTABLE` */
export type NegotiationCheck = (context: HttpContext) => void

/** Makes the check of an endpoint; `undefined` where nothing declares what it produces. */
export async function compileNegotiator(endpoint: Endpoint): Promise<NegotiationCheck | undefined> {
  const produced = producedType(endpoint)
  if (produced === undefined) return undefined
  const { default: Negotiator } = await import('negotiator')
  const route = describeEndpoint(endpoint)
  return ({ request }) => {
    const { accept } = request.headers
    if (accept === undefined || accept === '*/*' || accept === produced) return
    const headers = { accept: accept.replaceAll(OTHER_PARAMETERS, '') }
    if (new Negotiator({ headers }).mediaTypes([produced]).length === 0) throw new NotAcceptable(route, produced)
  }
}

export function producedType(endpoint: Endpoint): string | undefined {
  const { contentType } = compileStaticHeaders(endpoint)
  if (contentType !== undefined) return parseMediaType(contentType)?.type
  if (endpoint.route?.sse) return 'text/event-stream'
  const isJson = RETURNS.read(endpoint.type, endpoint.method).length > 0 || JSON_RESULTS.has(endpoint.returns)
  return isJson ? 'application/json' : undefined
}

const JSON_RESULTS: ReadonlySet<unknown> = new Set([Number, Boolean, Array])
