/** What a span says of a call, by the semantic conventions for HTTP servers: https://opentelemetry.io/docs/specs/semconv/http/ */
import { SpanKind, type Attributes } from '@opentelemetry/api'
import { HttpContext, type CallContext, type Endpoint } from 'tenon'

import { errorType } from './note-failure.ts'

const METHODS: ReadonlySet<string> = new Set(['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS'])
const LONGEST_USER_AGENT = 256
const NOT_HTTP = { method: undefined, isSecure: false, httpVersion: undefined, port: undefined }

/** `GET /tickets/:id`; never a path, of which there are as many as callers like. */
export function spanName(call: CallContext): string {
  const { endpoint } = call
  if (!(call instanceof HttpContext)) return endpoint.name
  const method = methodOf(call.request.method)
  return endpoint.route ? `${method} ${endpoint.route.path}` : method
}

export function kindOf(call: CallContext): SpanKind {
  return call instanceof HttpContext ? SpanKind.SERVER : SpanKind.INTERNAL
}

/** What is the same for all calls of an endpoint. */
export function endpointAttributes({ name, route, transport }: Endpoint): Attributes {
  return { 'code.function.name': name, 'tenon.transport': transport, ...(route && { 'http.route': route.path }) }
}

/** What many calls of an endpoint have in common, and what tells these calls from others. */
export interface CallKind {
  readonly status: number
  readonly method: string | undefined
  readonly isSecure: boolean
  readonly httpVersion: string | undefined
  readonly port: number | undefined
}

export function callKind(call: CallContext, status: number): CallKind {
  if (!(call instanceof HttpContext)) return { status, ...NOT_HTTP }
  const { method, socket, httpVersion } = call.request
  return { status, method: methodOf(method), isSecure: 'encrypted' in socket, httpVersion, port: socket?.localPort }
}

export function kindAttributes({ status, method, isSecure, httpVersion, port }: CallKind): Attributes {
  return {
    'http.response.status_code': status,
    ...(method !== undefined && {
      'http.request.method': method,
      'url.scheme': isSecure ? 'https' : 'http',
      'network.protocol.version': httpVersion,
    }),
    ...(port !== undefined && { 'server.port': port }),
  }
}

/** What belongs to this call. Neither the query nor the caller's address: the one may hold secrets, the other is personal. */
export function ownAttributes(call: CallContext, error?: unknown): Record<string, string> {
  const { principal, tenant } = call
  const own: Record<string, string> = {}
  if (call instanceof HttpContext) {
    const { headers, originalUrl } = call.request
    const userAgent = headers['user-agent']
    own['url.path'] = pathOf(originalUrl)
    if (userAgent !== undefined) own['user_agent.original'] = userAgent.slice(0, LONGEST_USER_AGENT)
  }
  own['tenon.request_id'] = call.id
  if (principal) own['user.id'] = principal.id
  if (tenant !== undefined) own['tenon.tenant'] = tenant
  if (error !== undefined) own['error.type'] = errorType(error)
  return own
}

function pathOf(url: string): string {
  const end = url.indexOf('?')
  return end < 0 ? url : url.slice(0, end)
}

/** Methods that nobody knows would each make a value of their own. */
export function methodOf(method: string): string {
  return METHODS.has(method) ? method : '_OTHER'
}
