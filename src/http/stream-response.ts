/** Streams as answers, at the caller's speed. */
import { ReadStream } from 'node:fs'
import { finished, Readable } from 'node:stream'

import type { HttpContext } from './http-context.ts'
import { releaseWritten } from './release-written.ts'

/** The stream that a result is; `undefined` for any other result. */
export function streamOf(result: object): Readable | undefined {
  if (result instanceof Readable) return result
  return result instanceof globalThis.ReadableStream ? Readable.fromWeb(result) : undefined
}

/**
 * Waits for the first bytes, so that a stream that fails at once can still be answered with a problem.
 * @throws what the stream fails with
 */
export async function untilReadable(source: Readable, { response }: HttpContext): Promise<void> {
  if (source.readableLength > 0 || source.readableEnded) return
  const ready = Promise.withResolvers<void>()
  const onReadable = (): void => ready.resolve()
  const stopWatching = finished(source, { writable: false }, (error) => (error ? ready.reject(error) : ready.resolve()))
  source.once('readable', onReadable)
  response.once('close', onReadable)
  try {
    await ready.promise
  } finally {
    stopWatching()
    source.off('readable', onReadable)
    response.off('close', onReadable)
  }
}

/**
 * Writes all of the stream, whose head is out. When the caller goes, the stream is destroyed.
 * @throws what the stream fails with; the response is then left as it is, without an end.
 */
export async function pipeToResponse(source: Readable, { response }: HttpContext): Promise<void> {
  if (response.destroyed) {
    source.destroy()
    return
  }
  const failed = Promise.withResolvers<never>()
  // Not stream.pipeline: it destroys the response before anybody could say why it broke off.
  const stopWatching = finished(source, { writable: false }, (error) => {
    if (error) failed.reject(error)
  })
  const over = new Promise((resolve) => response.once('close', resolve))
  if (source instanceof ReadStream) releaseWritten(source, response)
  source.pipe(response)
  try {
    await Promise.race([over, failed.promise])
  } finally {
    stopWatching()
    source.on('error', () => {})
    source.destroy()
  }
}
