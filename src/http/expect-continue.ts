/** `Expect: 100-continue`: the caller sends the body only once somebody reads it, so a refused call never gets it. */
import type { IncomingMessage, ServerResponse } from 'node:http'

/** Says `100 Continue` when the body is first read, and not once an answer has begun. */
export function continueWhenRead(request: IncomingMessage, response: ServerResponse): void {
  request._read = function (this: IncomingMessage, size: number): void {
    delete (this as Partial<IncomingMessage>)._read
    if (!response.headersSent && !response.writableEnded) response.writeContinue()
    this._read(size)
  }
}
