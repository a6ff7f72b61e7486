/** Files as answers: ranges, conditional requests and types by the `send` package, behind a folder nobody leaves. */
import type { Readable } from 'node:stream'

import { HttpException } from '../errors/http-exceptions.ts'
import type { HttpContext } from './http-context.ts'
import { releaseWritten } from './release-written.ts'
import { FileNotFound, FileRootMissing, PreconditionFailed, RangeUnsatisfiable } from './response-errors.ts'

export interface FileOptions {
  /** The folder that is served; `path` is below it and never leads out of it. */
  readonly root: string
  /** Lets browsers save the file, under this name; `true` takes the file's own. */
  readonly download?: boolean | string
  /** Default: by the name's extension. */
  readonly contentType?: string
}

/** A file as a handler's result. */
export class FileResponse {
  readonly path: string
  readonly options: FileOptions

  constructor(path: string, options: FileOptions) {
    this.path = path
    this.options = options
  }
}

/**
 * Makes a handler answer with a file. The path may come from a caller; hidden files, and whatever is outside of `root`,
 * do not exist for them. Symbolic links inside of `root` are followed.
 * @throws `RESPONSE_FILE_ROOT_MISSING`
 * @example `return file(name, { root: '/srv/reports', download: true })`
 */
export function file(path: string, options: FileOptions): FileResponse {
  // An unset setting can get past the types, and the package would then serve absolute paths.
  if (!options.root) throw new FileRootMissing()
  return new FileResponse(path, options)
}

/** Headers that belong to the file and must not stand on a problem. */
const FILE_HEADERS = ['Accept-Ranges', 'Cache-Control', 'Content-Disposition', 'Content-Type', 'ETag', 'Last-Modified']

/**
 * Answers with the file.
 * @throws `RESPONSE_FILE_NOT_FOUND`, `RESPONSE_PRECONDITION_FAILED`, `RESPONSE_RANGE_UNSATISFIABLE`, and what reading
 * the file throws.
 */
export async function sendFile({ request, response }: HttpContext, { path, options }: FileResponse): Promise<void> {
  if (!path.isWellFormed()) throw new FileNotFound()
  const { default: send } = await import('send')
  if (response.destroyed) return
  const present = new Set(FILE_HEADERS.filter((name) => response.hasHeader(name)))
  setOwnHeaders(response, path, options)

  // The package takes paths as they stand in URLs.
  const sending = send(request, encodeURIComponent(path), { root: options.root, dotfiles: 'deny', index: false })
  const failed = Promise.withResolvers<never>()
  sending.on('error', (error: SendError) => failed.reject(errorOf(error, response.getHeader('Content-Range'))))
  sending.on('directory', () => failed.reject(new FileNotFound()))
  const over = new Promise((resolve) => response.once('close', resolve))
  sending.on('stream', (source: Readable) => releaseWritten(source, response))
  sending.pipe(response)
  try {
    await Promise.race([over, failed.promise])
  } catch (error) {
    if (!response.headersSent) {
      for (const name of [...FILE_HEADERS, 'Content-Range']) if (!present.has(name)) response.removeHeader(name)
    }
    throw error
  }
}

/** As the package reports them, by way of `http-errors`. */
interface SendError extends Error {
  readonly status: number
}

function errorOf(error: SendError, contentRange: unknown): Error {
  switch (error.status) {
    case 400:
    case 403:
    case 404:
      return new FileNotFound().causedBy(error)
    case 412:
      return new PreconditionFailed().causedBy(error)
    case 416: {
      const { message, status, code } = new RangeUnsatisfiable()
      return new HttpException(message, status, {
        code,
        headers: { 'Content-Range': String(contentRange) },
        cause: error,
      })
    }
    default:
      return error
  }
}

function setOwnHeaders(response: HttpContext['response'], path: string, { download, contentType }: FileOptions): void {
  if (contentType !== undefined) response.setHeader('Content-Type', contentType)
  if (download === undefined || download === false) return
  const name = typeof download === 'string' ? download : path.split('/').at(-1)!
  response.setHeader('Content-Disposition', attachment(name))
}

/** RFC 6266 §4: a plain name for old callers, the exact one beside it. */
function attachment(name: string): string {
  const plain = name.replaceAll(/[^\x20-\x7e]|["\\%]/g, '_')
  const exact = encodeURIComponent(name.toWellFormed()).replaceAll(
    /['()*]/g,
    (each) => `%${each.charCodeAt(0).toString(16)}`,
  )
  return `attachment; filename="${plain}"; filename*=UTF-8''${exact}`
}
