/** What the arguments of one call are made from; each part is read once, when the first argument asks for it. */
import { parseCookie } from 'cookie'

import type { Upload } from './upload.ts'
import type { HttpContext } from './http-context.ts'
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

  /** The query string's values by name. */
  get query(): FormFields {
    return (this.#query ??= parseForm(queryOf(this.context.request.url ?? '')))
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
