/** What a span says of a call, by the semantic conventions for HTTP servers: https://opentelemetry.io/docs/specs/semconv/http/ */
import type { Attributes } from '@opentelemetry/api'
import { HttpContext, type CallContext, type Endpoint } from 'tenon'

const METHODS: ReadonlySet<string> = new Set(['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS'])
const LONGEST_USER_AGENT = 256

/** `GET /tickets/:id`; never a path, of which there are as many as callers like. */
export function spanName(call: CallContext): string {
  const { endpoint } = call
  if (!(call instanceof HttpContext)) return endpoint.name
  const method = methodOf(call.request.method)
  return endpoint.route ? `${method} ${endpoint.route.path}` : method
}

/** What is the same for all calls of an endpoint. */
export function endpointAttributes({ name, route, transport }: Endpoint): Attributes {
  return { 'code.function.name': name, 'tenon.transport': transport, ...(route && { 'http.route': route.path }) }
}

/** Neither the query nor the caller's address: the one may hold secrets, the other is personal. */
export function writeRequest(attributes: Attributes, call: CallContext): void {
  if (!(call instanceof HttpContext)) return
  const { request } = call
  const { socket } = request
  const userAgent = request.headers['user-agent']
  attributes['http.request.method'] = methodOf(request.method)
  attributes['url.path'] = pathOf(request.originalUrl)
  attributes['url.scheme'] = 'encrypted' in socket ? 'https' : 'http'
  attributes['network.protocol.version'] = request.httpVersion
  if (socket?.localPort !== undefined) attributes['server.port'] = socket.localPort
  if (userAgent !== undefined) attributes['user_agent.original'] = userAgent.slice(0, LONGEST_USER_AGENT)
  attributes['tenon.request_id'] = call.id
}

function pathOf(url: string): string {
  const end = url.indexOf('?')
  return end < 0 ? url : url.slice(0, end)
}

/** Methods that nobody knows would each make a value of their own. */
export function methodOf(method: string): string {
  return METHODS.has(method) ? method : '_OTHER'
}
