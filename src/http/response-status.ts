/** The status of a successful answer. */
import { HTTP_CODE } from '../../decorators/index.ts'
import type { Endpoint } from '../pipeline/endpoint.ts'
import type { HttpContext } from './http-context.ts'
import { StatusInvalid } from './response-errors.ts'

export type StatusChooser = (context: HttpContext, result: unknown) => number

/**
 * `@HttpCode`, else the route's `status`, else what the handler set on the response, else 204 for nothing, 201 for
 * POST and 200.
 * @throws `RESPONSE_STATUS_INVALID`
 */
export function compileStatus(endpoint: Endpoint): StatusChooser {
  const declared = endpoint.read(HTTP_CODE) ?? endpoint.route?.status
  if (declared !== undefined) {
    if (!isStatus(declared, 200)) throw new StatusInvalid(endpoint.name, declared, 'between 200 and 599')
    return () => declared
  }
  const usual = endpoint.route?.method === 'POST' ? 201 : 200
  return ({ request, response }, result) => {
    if (response.statusCode !== 200) return response.statusCode
    if (result === undefined) return 204
    return usual === 200 && request.method === 'POST' ? 201 : usual
  }
}

/** RFC 9112 §6.3: answers that have no body, whatever was returned. */
export function forbidsBody(status: number): boolean {
  return status === 204 || status === 205 || status === 304
}

export function isStatus(status: number, least: number): boolean {
  return Number.isInteger(status) && status >= least && status <= 599
}
