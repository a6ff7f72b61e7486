/** What may go wrong around a request, outside of the endpoint that answers it. */
import { defineError } from '../errors/define-error.ts'

export const RouteNotFound = defineError({
  code: 'HTTP_ROUTE_NOT_FOUND',
  status: 404,
  message: (method: string, path: string) => `Nothing answers ${method} ${path}.`,
  help: 'Compare the path with the routes of the application; case counts, a trailing slash does not.',
})

export const MethodNotAllowed = defineError({
  code: 'HTTP_METHOD_NOT_ALLOWED',
  status: 405,
  message: (method: string, path: string, allowed: string) =>
    `${path} does not answer ${method}; it answers ${allowed}.`,
  help: 'Use one of the methods in the Allow header.',
})

export const UrlTooLong = defineError({
  code: 'HTTP_URL_TOO_LONG',
  status: 414,
  message: (limit: number) => `The request target is longer than ${limit} bytes.`,
  help: 'Send the data in the body, or raise HTTP_MAX_URL_BYTES.',
})

export const PathMalformed = defineError({
  code: 'HTTP_PATH_MALFORMED',
  status: 400,
  message: () => 'The path is not valid percent-encoded UTF-8.',
  help: 'Encode the path with encodeURIComponent, segment by segment.',
})

export const HostMissing = defineError({
  code: 'HTTP_HOST_MISSING',
  status: 400,
  message: () => 'An HTTP/1.1 request must have a Host header.',
  help: 'Send the header; every HTTP client does.',
})

export const ExpectationFailed = defineError({
  code: 'HTTP_EXPECTATION_FAILED',
  status: 417,
  message: () => 'The Expect header asks for something other than 100-continue.',
  help: 'Leave the header out.',
})

export const RequestMalformed = defineError({
  code: 'HTTP_REQUEST_MALFORMED',
  status: 400,
  message: () => 'The request is not valid HTTP.',
  help: 'Look at what was sent: the log has the reason of the parser at debug level.',
})

export const HeadersTooLarge = defineError({
  code: 'HTTP_HEADERS_TOO_LARGE',
  status: 431,
  message: (limit: number) => `The head of the request is larger than ${limit} bytes.`,
  help: 'Send fewer or smaller headers and cookies, or raise HTTP_MAX_HEADER_BYTES.',
})

export const ChunkExtensionsTooLarge = defineError({
  code: 'HTTP_CHUNK_EXTENSIONS_TOO_LARGE',
  status: 413,
  message: () => 'The chunk extensions of the body are too large.',
  help: 'Send the body without chunk extensions.',
})

export const RequestTimedOut = defineError({
  code: 'HTTP_REQUEST_TIMEOUT',
  status: 408,
  message: () => 'The request did not arrive in time.',
  help: 'Send it faster, or raise HTTP_HEADERS_TIMEOUT_MS or HTTP_REQUEST_TIMEOUT_MS.',
})

export const ConnectNotSupported = defineError({
  code: 'HTTP_CONNECT_NOT_SUPPORTED',
  status: 501,
  message: () => 'This server is no proxy: it does not answer CONNECT.',
  help: 'Send the request to the server itself.',
})

export const HandlerTimedOut = defineError({
  code: 'SERVER_HANDLER_TIMEOUT',
  status: 503,
  message: (endpoint: string, limitMs: number) => `${endpoint} did not begin an answer within ${limitMs} ms.`,
  help: 'Find what it waits for; pass context.signal on to it, or raise HTTP_HANDLER_TIMEOUT_MS.',
})

export const CallerGone = defineError({
  code: 'HTTP_CALLER_GONE',
  status: 499,
  message: () => 'The caller closed the connection before the answer was out.',
  help: 'Stop the work when context.signal aborts.',
})

export const PortTaken = defineError({
  code: 'SERVER_PORT_TAKEN',
  status: 500,
  message: (host: string, port: number) => `Port ${port} on ${host} is taken by another process.`,
  help: 'Stop that process, or set PORT to another port (0 takes a free one).',
})

export const AddressUnusable = defineError({
  code: 'SERVER_ADDRESS_UNUSABLE',
  status: 500,
  message: (host: string, port: number, reason: string) => `The server cannot listen on ${host}:${port}: ${reason}.`,
  help: 'Set HOST to an address of this machine and PORT to a port this user may use (1024 or above).',
})

export const AlreadyListening = defineError({
  code: 'SERVER_ALREADY_LISTENING',
  status: 500,
  message: () => 'The server listens already.',
  help: 'Call listen() once per application.',
})

export const MiddlewareTooLate = defineError({
  code: 'SERVER_MIDDLEWARE_TOO_LATE',
  status: 500,
  message: () => 'use() was called after the endpoints were compiled, so the middleware would not run.',
  help: 'Call use() before listen() and handler().',
})

export const TrustProxyInvalid = defineError({
  code: 'HTTP_TRUST_PROXY_INVALID',
  status: 500,
  message: (value: string, reason: string) => `HTTP_TRUST_PROXY is "${value}": ${reason}.`,
  help: 'List addresses, subnets (10.0.0.0/8) or the names loopback, linklocal, uniquelocal, separated by commas.',
})
