/** Heads that the framework writes itself. */
import type { Response } from './express-types.ts'
import { HostResponse } from './express-request.ts'
import { ID, remaining } from './own-headers.ts'
import { ServerResponse } from '../platform/node-http.ts'

const writeHostHead: unknown = HostResponse.prototype.writeHead
const writeNodeHead = ServerResponse.prototype.writeHead as unknown as (status: number, head: readonly string[]) => void

/** No middleware has put its own `writeHead` in place. */
export function isUntouched(response: Response | HostResponse): response is HostResponse {
  return response.writeHead === writeHostHead
}

/**
 * Writes a head that is nobody else's, so that it can be added to instead of copied; by the response's own `writeHead`
 * where a middleware has put one in place.
 * @param head - Names and values in turn.
 */
export function writeOwnHead(response: Response, status: number, head: string[]): void {
  if (!isUntouched(response)) return void response.writeHead(status, head)
  if (response.fixedHeaders !== undefined) head.push(...remaining(response.fixedHeaders, response, head))
  if (response.requestId !== undefined) head.push(ID, response.requestId)
  writeNodeHead.call(response, status, head)
}
