/**
 * `node:http` without what an ECMAScript import of it drags in: the import reads every export, also the lazy ones, and
 * so loads a WebSocket client, HTTP/2 and TLS. Some 15 ms of each start, for nothing.
 */
const http = process.getBuiltinModule('node:http')

export const { createServer, METHODS, STATUS_CODES, validateHeaderName, validateHeaderValue } = http

export const IncomingMessage = http.IncomingMessage
export type IncomingMessage = InstanceType<typeof http.IncomingMessage>

export const ServerResponse = http.ServerResponse
