/** What the arguments of one call are made from; each part is read once, when the first argument asks for it. */
import type { IncomingHttpHeaders } from 'node:http'

import { parseCookie } from 'cookie'

import type { InputTransform, RawInput } from '../pipeline/interceptor.ts'
import type { Upload } from './upload.ts'
import type { HttpContext, PathParameters } from './http-context.ts'
import { parseForm, type FormFields } from './parse-form.ts'
import type { ReadBody } from './read-body.ts'

/** The file or files of a call, their form's first file already at hand. */
export interface CallUploads {
  readonly first: Upload | undefined
  readonly all: AsyncIterable<Upload>
}

export class CallInput {
  readonly context: HttpContext
  /** Set before any argument is made, on endpoints that read it. */
  body: ReadBody | undefined
  uploads: CallUploads | undefined
  #query: FormFields | undefined
  #cookies: Record<string, string | undefined> | undefined

  constructor(context: HttpContext) {
    this.context = context
  }

  /** What the arguments are made from once every transform has had its turn. */
  transform(inputs: readonly InputTransform[]): this {
    const given: RawInput = { body: this.body?.value, query: this.query }
    const { body, query } = inputs.reduce((input, apply) => apply(input), given)
    if (this.body && body !== given.body) this.body = { ...this.body, value: body }
    this.#query = query
    return this
  }

  /** The query string's values by name. */
  get query(): FormFields {
    return (this.#query ??= parseForm(queryOf(this.context.request.url ?? '')))
  }

  /** The path parameters. */
  get params(): PathParameters {
    return this.context.params
  }

  get headers(): IncomingHttpHeaders {
    return this.context.request.headers
  }

  /** The cookies' values by name. */
  get cookies(): Record<string, string | undefined> {
    return (this.#cookies ??= parseCookie(this.context.request.headers.cookie ?? ''))
  }
}

function queryOf(url: string): string {
  const mark = url.indexOf('?')
  return mark === -1 ? '' : url.slice(mark + 1)
}
