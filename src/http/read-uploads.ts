/** Multipart forms: texts before the first file as fields, then the files one after the other, as streams. */
import type { IncomingMessage } from 'node:http'
import type { Readable } from 'node:stream'

import { Busboy, type BusboyInstance } from '@fastify/busboy'

import type { UploadOptions } from '../../decorators/index.ts'
import { closeAfterAnswer, lingerAndClose } from './close-after-answer.ts'
import type { HttpConfig } from './http-config.ts'
import type { HttpContext } from './http-context.ts'
import { matchesMediaType } from './media-type.ts'
import { addField, emptyForm, type FormFields } from './parse-form.ts'
import {
  BodyMalformed,
  BodyTimeout,
  BodyTooLarge,
  RequestAborted,
  UploadCountExceeded,
  UploadTypeRefused,
  UploadUnexpected,
} from './request-errors.ts'
import { Upload } from './upload.ts'

/** Boundaries and part heads, on top of what files and fields may have. */
const FRAMING_BYTES = 65_536
const MAX_FIELDS = 1000

export interface UploadRules extends UploadOptions {
  readonly field: string
  readonly maxCount: number
}

/** The form of one call. */
export class UploadForm {
  /** Texts that came before the first file. */
  readonly fields: FormFields = emptyForm()
  readonly #context: HttpContext
  readonly #rules: UploadRules
  readonly #config: HttpConfig
  readonly #request: IncomingMessage
  readonly #parser: BusboyInstance
  readonly #ready: Upload[] = []
  #current: Upload | undefined
  #waiting: PromiseWithResolvers<void> | undefined
  #failure: Error | undefined
  #ended = false
  #files = 0
  #fieldBytes = 0
  #bytes = 0
  #timer: NodeJS.Timeout | undefined

  /** @throws `REQUEST_BODY_MALFORMED`, `REQUEST_BODY_TOO_LARGE` */
  constructor(context: HttpContext, rules: UploadRules, config: HttpConfig) {
    this.#context = context
    this.#rules = rules
    this.#config = config
    this.#request = context.request
    this.#refuseAnnouncedLength()
    this.#parser = this.#createParser()
    this.#listen()
  }

  /**
   * The next file, once its head is there; `undefined` at the end of the form. What is left of the one before is
   * thrown away.
   * @throws `REQUEST_UPLOAD_*`, `REQUEST_BODY_*`, `REQUEST_ABORTED`
   */
  async next(): Promise<Upload | undefined> {
    this.#current?.stream.destroy()
    while (this.#ready.length === 0) {
      if (this.#failure) throw this.#failure
      if (this.#ended) return undefined
      this.#waiting = Promise.withResolvers()
      await this.#waiting.promise
    }
    this.#current = this.#ready.shift()
    return this.#current
  }

  /** The files from `first` on. */
  async *files(first: Upload | undefined): AsyncGenerator<Upload, void, undefined> {
    for (let upload = first; upload; upload = await this.next()) yield upload
  }

  /** Largest request that can be right. */
  get #maxBytes(): number {
    return this.#rules.maxBytes * this.#rules.maxCount + this.#config.maxBodyBytes + FRAMING_BYTES
  }

  #refuseAnnouncedLength(): void {
    if (Number(this.#request.headers['content-length'] ?? 0) <= this.#maxBytes) return
    closeAfterAnswer(this.#request, this.#context.response)
    throw new BodyTooLarge(this.#maxBytes)
  }

  #createParser(): BusboyInstance {
    const { headers } = this.#request
    try {
      return new Busboy({
        headers: { ...headers, 'content-type': headers['content-type'] ?? '' },
        // Names lose their folders where uploads are made; an empty name means an input left empty.
        preservePath: true,
        limits: { fieldSize: this.#config.maxBodyBytes, fields: MAX_FIELDS, headerPairs: 100, headerSize: 16_384 },
      })
    } catch (error) {
      closeAfterAnswer(this.#request, this.#context.response)
      throw new BodyMalformed('its Content-Type names no boundary').causedBy(error)
    }
  }

  #listen(): void {
    const request = this.#request
    this.#timer = setTimeout(() => this.#onSilence(), this.#config.bodyTimeoutMs)
    this.#parser
      .on('field', (name, value, _nameCut, valueCut) => this.#attempt(() => this.#onField(name, value, valueCut)))
      .on('file', (field, source, fileName, _encoding, mediaType) =>
        this.#attempt(() => this.#onFile(field, source, fileName, mediaType), source),
      )
      .on('fieldsLimit', () => this.#fail(new BodyMalformed(`it has more than ${MAX_FIELDS} fields`)))
      .on('error', (error) => this.#fail(new BodyMalformed('the form is not valid multipart').causedBy(error)))
      .on('finish', () => this.#end())
    request.on('data', (chunk: Buffer) => this.#onBytes(chunk.length))
    request.on('error', () => {})
    request.on('close', () => {
      if (!request.readableEnded) this.#fail(new RequestAborted())
    })
    request.pipe(this.#parser)
    this.#context.onSettled(() => this.#settle())
  }

  #onBytes(length: number): void {
    this.#timer?.refresh()
    this.#bytes += length
    if (this.#bytes > this.#maxBytes) this.#fail(new BodyTooLarge(this.#maxBytes))
  }

  #onField(name: string | undefined, value: string, isCut: boolean): void {
    if (name === undefined) throw new BodyMalformed('a part of the form has no name')
    this.#fieldBytes += name.length + value.length
    if (isCut || this.#fieldBytes > this.#config.maxBodyBytes) throw new BodyTooLarge(this.#config.maxBodyBytes)
    if (this.#files === 0) addField(this.fields, name, value)
    else this.#context.log.warn(`The form field "${name}" came after a file and is ignored: put texts first.`)
  }

  #onFile(field: string | undefined, source: Readable, fileName: string | undefined, mediaType: string): void {
    const { field: expected, maxBytes, maxCount, types } = this.#rules
    if (fileName === '') {
      // A file input that was left empty.
      source.resume()
      return
    }
    if (field !== expected) throw new UploadUnexpected(String(field).slice(0, 100), expected)
    if (this.#files === maxCount) throw new UploadCountExceeded(expected, maxCount)
    if (types && !types.some((type) => matchesMediaType(mediaType, type))) {
      throw new UploadTypeRefused(expected, mediaType.slice(0, 100), types)
    }
    this.#files += 1
    const upload = new Upload({ field, fileName: fileName ?? '', mediaType, source, maxBytes })
    source.on('error', (error: Error) => this.#fail(new BodyMalformed('the form ends too early').causedBy(error)))
    upload.stream.on('error', (error: Error) => this.#fail(error))
    this.#ready.push(upload)
    this.#wake()
  }

  /** Nothing came for a while; no matter when it is we who do not read. */
  #onSilence(): void {
    if (this.#request.isPaused() || this.#parser.writableLength > 0) this.#timer?.refresh()
    else this.#fail(new BodyTimeout(this.#config.bodyTimeoutMs))
  }

  /** The parser tells of everything in the bytes it has, also after a failure. */
  #attempt(work: () => void, source?: Readable): void {
    try {
      if (!this.#failure) work()
    } catch (error) {
      source?.on('error', () => {})
      this.#fail(error as Error)
    }
  }

  #fail(error: Error): void {
    if (this.#failure || this.#ended) return
    this.#failure = error
    this.#stop()
    closeAfterAnswer(this.#request, this.#context.response)
    this.#current?.stream.destroy(error)
    for (const upload of this.#ready.splice(0)) upload.stream.destroy(error)
    this.#wake()
  }

  #end(): void {
    this.#ended = true
    this.#stop()
    this.#wake()
  }

  #stop(): void {
    clearTimeout(this.#timer)
    this.#request.unpipe(this.#parser)
  }

  /** The call is over: what is left of the form is not worth reading. */
  #settle(): void {
    this.#stop()
    if (!this.#ended && !this.#request.destroyed) lingerAndClose(this.#request.socket)
  }

  #wake(): void {
    this.#waiting?.resolve()
    this.#waiting = undefined
  }
}
