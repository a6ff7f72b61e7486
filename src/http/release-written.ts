/**
 * Gives the memory of large bodies back while they pass. Each piece of a stream has memory outside of the heap, which V8 frees
 * when 64 MB of it have come together, however fast the pieces are written: a process would grow by that much for one file.
 */
import type { Readable, Writable } from 'node:stream'

/**
 * Frees each piece that `source` is about to pipe into `target`, as soon as that has written it. Nothing is freed that
 * anybody else may hold: where others listen to the source, where somebody stands in front of the target's `write` (as
 * middleware does that compresses), and where a piece is a part of something larger.
 * @param source - Its pieces must be its own: a file, or the body of a request.
 * @param target - Tells when it has written what it was given: a file, or a response.
 */
export function releaseWritten(source: Readable, target: Writable): void {
  if (Object.hasOwn(target, 'write')) return
  let piece: unknown
  // Not `on`, which would start the stream.
  source.prependListener('data', (next: unknown) => (piece = next))
  const write = target.write.bind(target) as (...given: unknown[]) => boolean
  target.write = (...given: unknown[]): boolean => {
    const [chunk] = given
    if (given.length > 1 || chunk !== piece || !isWhole(chunk) || !isPipedAlone(source)) return write(...given)
    return write(chunk, (error?: Error | null) => {
      if (!error) chunk.buffer.transfer(0)
    })
  }
}

/** Memory of a piece's own, which nothing else is a view of. */
function isWhole(chunk: unknown): chunk is Buffer<ArrayBuffer> {
  return Buffer.isBuffer(chunk) && chunk.buffer instanceof ArrayBuffer && chunk.byteLength === chunk.buffer.byteLength
}

/** Nobody listens but us and the pipe. */
function isPipedAlone(source: Readable): boolean {
  return source.listenerCount('data') === 2 && source.listenerCount('readable') === 0
}
