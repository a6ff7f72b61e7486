/**
 * The body of one endpoint's calls: which types it takes is decided at boot, from its parameters; a call's body is
 * read once, within the limits, and parsed as what its head says it is.
 */
import { isUtf8 } from 'node:buffer'
import type { IncomingMessage } from 'node:http'

import { describeEndpoint, type Endpoint } from '../pipeline/endpoint.ts'
import type { CallInput } from './call-input.ts'
import { closeAfterAnswer } from './close-after-answer.ts'
import { collectAtOnce, collectBody, hasBody } from './collect-body.ts'
import type { HttpConfig } from './http-config.ts'
import type { HttpContext } from './http-context.ts'
import { parseMediaType } from './media-type.ts'
import { parseForm } from './parse-form.ts'
import { parseJson } from './parse-json.ts'
import { SilenceWatch } from './silence-watch.ts'
import { BodyConsumed, BodyMalformed, EncodingUnsupported, MediaTypeUnsupported } from './request-errors.ts'

/** What a body may be read as. */
export type BodyForm = 'json' | 'form' | 'text' | 'bytes'

/** A body as it arrived and as it is understood. */
export interface ReadBody {
  /** `undefined` for a request without a body. */
  readonly value: unknown
  /** The bytes, inflated; empty for a request without a body, `undefined` where a middleware kept them to itself. */
  readonly bytes: Buffer | undefined
  /** Values of a form are texts, to be converted by declared type. */
  readonly fromText: boolean
}

/** A body that was read before its turn, and what it is to be read as. */
export interface CollectedBody {
  readonly bytes: Buffer
  readonly form: BodyForm
}

/** Reads the bodies of one endpoint's calls. */
export interface BodyReader {
  /**
   * Reads the body into the input of a call, then goes on: at once where there is nothing to wait for.
   * @param go - What comes next.
   */
  read<R>(input: CallInput, go: () => R | Promise<R>): R | Promise<R>
  /** Reads it before its turn. */
  readonly ahead?: ReadAhead
}

/**
 * Reads a body for the part of the pipeline that will ask for it, which need not wait then.
 * @param ready - Called when all of it is there, or with why it is not.
 * @returns `false` where there is nothing to read, or not in this way: nothing happens then, and that part does it.
 */
export type ReadAhead = (context: HttpContext, ready: (error?: Error) => void) => boolean

const NO_BODY: ReadBody = { value: undefined, bytes: Buffer.alloc(0), fromText: false }

const NAMES: Readonly<Record<BodyForm, string>> = {
  json: 'application/json',
  form: 'application/x-www-form-urlencoded',
  text: 'text/*',
  bytes: 'any type',
}

/**
 * Makes the reader of an endpoint.
 * @param forms - What it takes. `bytes` takes every type, after the others had their turn.
 * @throws `REQUEST_BODY_MALFORMED`, `REQUEST_BODY_TOO_LARGE`, `REQUEST_BODY_TIMEOUT`, `REQUEST_MEDIA_TYPE_UNSUPPORTED`,
 * `REQUEST_ENCODING_UNSUPPORTED`, `REQUEST_BODY_CONSUMED`, `REQUEST_ABORTED` and what `parseJson` throws, from the
 * reader or by its promise.
 */
export function compileBodyReader(endpoint: Endpoint, config: HttpConfig, forms: ReadonlySet<BodyForm>): BodyReader {
  const route = describeEndpoint(endpoint)
  const supported = [...forms].map((form) => NAMES[form])
  const limits = {
    maxBytes: config.maxBodyBytes,
    silenceMs: config.bodyTimeoutMs,
    watch: new SilenceWatch(config.bodyTimeoutMs),
  }

  const understood = ({ bytes, form }: CollectedBody): ReadBody =>
    bytes.length === 0 ? NO_BODY : understand(bytes, form, config)

  /** `undefined` where the body cannot be understood. */
  const formFor = ({ headers }: IncomingMessage): BodyForm | undefined => {
    const mediaType = parseMediaType(headers['content-type'])
    const form = formOf(mediaType?.type, forms)
    return form !== 'bytes' && isOtherCharset(mediaType?.charset) ? undefined : form
  }

  /** Why it cannot. */
  const refusalOf = ({ headers }: IncomingMessage): Error => {
    const contentType = headers['content-type']
    const mediaType = parseMediaType(contentType)
    return formOf(mediaType?.type, forms) === undefined
      ? new MediaTypeUnsupported(route, nameGiven(contentType), supported)
      : new EncodingUnsupported('charset', mediaType!.charset!.slice(0, 50), 'utf-8')
  }

  const read: BodyReader['read'] = (input, go) => {
    const { context } = input
    const { request, collected } = context
    if (collected) {
      input.body = understood(collected)
      return go()
    }
    const parsed = (request as { body?: unknown }).body
    if (parsed !== undefined) {
      input.body = alreadyParsed(parsed, request.headers['content-type'])
      return go()
    }
    if (!hasBody(request)) {
      input.body = NO_BODY
      return go()
    }
    if (request.readableEnded) throw new BodyConsumed(route)

    const form = formFor(request)
    const refused = (error: unknown): never => abandon(context, error)
    if (form === undefined) return refused(refusalOf(request))
    const use = (bytes: Buffer): ReturnType<typeof go> => {
      input.body = understood({ bytes, form })
      return go()
    }
    return collectBody(request, limits, { use, refused })
  }

  const ahead: ReadAhead = (context, ready) => {
    const { request } = context
    const form = hasBody(request) ? formFor(request) : undefined
    if (form === undefined) return false
    return collectAtOnce(request, limits, {
      ended: (bytes) => {
        context.collected = { bytes, form }
        ready()
      },
      refused: (error) => {
        leaveUnread(context)
        ready(error)
      },
    })
  }

  return { read, ahead }
}

function abandon(context: HttpContext, error: unknown): never {
  leaveUnread(context)
  throw error
}

/** What was not read would be taken for the next request. */
function leaveUnread({ request, response }: HttpContext): void {
  if (!request.complete) closeAfterAnswer(request, response)
}

/** An Express middleware was here before. */
function alreadyParsed(body: unknown, contentType: string | undefined): ReadBody {
  const type = parseMediaType(contentType)?.type
  const fromText = type === 'application/x-www-form-urlencoded' || type === 'multipart/form-data'
  return { value: body, bytes: Buffer.isBuffer(body) ? body : undefined, fromText }
}

function formOf(type: string | undefined, forms: ReadonlySet<BodyForm>): BodyForm | undefined {
  const named = type === undefined ? undefined : formNamed(type)
  if (named !== undefined && forms.has(named)) return named
  return forms.has('bytes') ? 'bytes' : undefined
}

function formNamed(type: string): BodyForm | undefined {
  if (type === 'application/json' || type.endsWith('+json')) return 'json'
  if (type === 'application/x-www-form-urlencoded') return 'form'
  return type.startsWith('text/') ? 'text' : undefined
}

function understand(bytes: Buffer, form: BodyForm, config: HttpConfig): ReadBody {
  switch (form) {
    case 'bytes':
      return { value: bytes, bytes, fromText: false }
    case 'text':
      return { value: decode(bytes), bytes, fromText: true }
    case 'form':
      return { value: parseForm(decode(bytes)), bytes, fromText: true }
    case 'json':
      return { value: parseJson(decode(bytes), config.maxBodyDepth), bytes, fromText: false }
  }
}

function decode(bytes: Buffer): string {
  if (!isUtf8(bytes)) throw new BodyMalformed('it is not valid UTF-8')
  const hasByteOrderMark = bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf
  return hasByteOrderMark ? bytes.toString('utf8', 3) : bytes.toString()
}

function isOtherCharset(charset: string | undefined): boolean {
  return charset !== undefined && charset !== 'utf-8' && charset !== 'utf8' && charset !== 'us-ascii'
}

function nameGiven(contentType: string | undefined): string {
  return contentType === undefined ? 'no Content-Type' : `the Content-Type "${contentType.slice(0, 100)}"`
}
