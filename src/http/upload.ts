/** One uploaded file, while it comes in. */
import { createWriteStream } from 'node:fs'
import { Readable } from 'node:stream'
import { buffer } from 'node:stream/consumers'
import { pipeline } from 'node:stream/promises'

import { UploadTooLarge } from './request-errors.ts'

export interface UploadParts {
  readonly field: string
  readonly fileName: string
  readonly mediaType: string
  readonly source: Readable
  readonly maxBytes: number
}

/**
 * A file of a form. Its bytes are not here yet: they come while they are read, and reading slowly slows the caller
 * down. What is not read is thrown away.
 */
export class Upload {
  /** Name of the form field. */
  readonly field: string
  /** As the caller named it, without any folder. A claim, as is the type: never use it as a path as it is. */
  readonly fileName: string
  /** As the caller declared it: `image/png`. */
  readonly mediaType: string
  /**
   * The bytes. Fails with `REQUEST_UPLOAD_TOO_LARGE` as soon as the limit is passed, with `REQUEST_BODY_MALFORMED`,
   * `REQUEST_BODY_TIMEOUT` or `REQUEST_ABORTED` when the rest does not come.
   */
  readonly stream: Readable

  constructor({ field, fileName, mediaType, source, maxBytes }: UploadParts) {
    this.field = field
    this.fileName = nameOnly(fileName)
    this.mediaType = mediaType
    this.stream = limited(source, () => new UploadTooLarge(field, maxBytes), maxBytes)
  }

  /** All of it in memory, for small files. */
  async bytes(): Promise<Buffer> {
    return buffer(this.stream)
  }

  /**
   * Writes it to a new file; what was written is left behind when the rest does not come.
   * @param path - Made by the application, never from `fileName` as it is.
   * @throws `EEXIST` when there is such a file already.
   */
  async saveTo(path: string): Promise<void> {
    await pipeline(this.stream, createWriteStream(path, { flags: 'wx' }))
  }
}

/** What stands behind the last separator, without control characters; `upload` where nothing is left. */
function nameOnly(name: string): string {
  const last = name.split(/[/\\]/).at(-1)!
  const clean = last.replaceAll(/\p{Cc}/gu, '').trim()
  return clean === '' || clean === '.' || clean === '..' ? 'upload' : clean
}

/**
 * A stream of our own in front of the parser's: the parser ends its streams on errors of its own kind, or silently at
 * a limit.
 */
function limited(source: Readable, tooLarge: () => Error, maxBytes: number): Readable {
  let length = 0
  const stream = new Readable({
    read: () => void source.resume(),
    destroy: (error, done) => {
      // The rest of the part must flow, or the form never ends.
      source.removeListener('data', onData)
      source.resume()
      done(error)
    },
  })
  const onData = (chunk: Buffer): void => {
    length += chunk.length
    if (length > maxBytes) stream.destroy(tooLarge())
    else if (!stream.push(chunk)) source.pause()
  }
  source.on('data', onData)
  source.once('end', () => void stream.push(null))
  // Who reads the stream is told; when nobody does, it is no crash.
  stream.on('error', () => {})
  source.pause()
  return stream
}
