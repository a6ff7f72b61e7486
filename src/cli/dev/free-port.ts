/** A port nobody listens on: the one that is wanted, else the next. */
import { createServer } from 'node:net'

const ATTEMPTS = 50

/**
 * @param own - The port that somebody has who will leave it.
 * @returns `wanted` when none of the next ones is free either: the application says why.
 */
export async function freePort(wanted: number, own?: number): Promise<number> {
  if (wanted === 0) return 0
  for (let port = wanted; port < wanted + ATTEMPTS; port++) if (port === own || (await isFree(port))) return port
  return wanted
}

function isFree(port: number): Promise<boolean> {
  const { promise, resolve } = Promise.withResolvers<boolean>()
  const server = createServer()
  server.once('error', () => resolve(false))
  server.listen(port, '127.0.0.1', () => server.close(() => resolve(true)))
  return promise
}
