/**
 * Ends a connection whose request body is not read to its end.
 * Closing a socket while bytes are still coming in makes the kernel send a reset, and a reset can destroy the answer
 * before the caller has read it. So our side is closed first, and what still comes is thrown away for a moment.
 */
import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Socket } from 'node:net'

/** How long a caller may go on sending after the answer. */
const LINGER_MS = 1000

/** Tells the caller with `Connection: close`, and closes once the answer is out. Nothing more of the body is read. */
export function closeAfterAnswer(request: IncomingMessage, response: ServerResponse): void {
  request.pause()
  if (!response.headersSent) response.setHeader('Connection', 'close')
  const { socket } = request
  // What node:http calls when an answer with `Connection: close` is out.
  socket.destroySoon = () => lingerAndClose(socket)
}

/** Closes our side, reads nothing of what still comes, and lets go when the caller closes too or the time is up. */
export function lingerAndClose(socket: Socket): void {
  if (socket.destroyed || socket.writableEnded) return
  const discard = (): void => {}
  // A listener for data takes the socket back from the HTTP parser: bytes behind the body must not become a request.
  socket.on('data', discard)
  for (const listener of socket.listeners('data')) {
    if (listener !== discard) socket.removeListener('data', listener as () => void)
  }
  socket.removeAllListeners('end')
  const timer = setTimeout(() => socket.destroy(), LINGER_MS)
  socket.once('end', () => socket.destroy())
  socket.once('close', () => clearTimeout(timer))
  socket.once('error', discard)
  socket.end()
  socket.resume()
}
