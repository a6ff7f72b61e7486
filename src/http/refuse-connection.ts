/** Answers on connections where no request could be read: malformed HTTP, too large a head, too slow. */
import type { Duplex } from 'node:stream'

import type { TenonError } from '../errors/define-error.ts'
import { PROBLEM_MEDIA_TYPE, problemOf } from '../errors/problem.ts'
import { ChunkExtensionsTooLarge, HeadersTooLarge, RequestMalformed, RequestTimedOut } from './server-errors.ts'
import { STATUS_CODES } from '../platform/node-http.ts'

/** What an error of the HTTP parser means to the caller. */
export function requestErrorOf(error: Error & { code?: string }, maxHeaderBytes: number): TenonError {
  switch (error.code) {
    case 'HPE_HEADER_OVERFLOW':
      return new HeadersTooLarge(maxHeaderBytes).causedBy(error)
    case 'HPE_CHUNK_EXTENSIONS_OVERFLOW':
      return new ChunkExtensionsTooLarge().causedBy(error)
    case 'ERR_HTTP_REQUEST_TIMEOUT':
      return new RequestTimedOut().causedBy(error)
    default:
      return new RequestMalformed().causedBy(error)
  }
}

/** Writes a complete answer and closes; nothing can follow on a connection whose bytes make no sense. */
export function refuseConnection(socket: Duplex, error: TenonError, id: string): void {
  const text = JSON.stringify(problemOf(error).toBody(id))
  socket.end(
    `HTTP/1.1 ${error.status} ${STATUS_CODES[error.status] ?? 'Error'}\r\n` +
      `content-type: ${PROBLEM_MEDIA_TYPE}\r\n` +
      `content-length: ${Buffer.byteLength(text)}\r\n` +
      `date: ${new Date().toUTCString()}\r\n` +
      `x-request-id: ${id}\r\n` +
      `connection: close\r\n\r\n${text}`,
    () => socket.destroy(),
  )
}
