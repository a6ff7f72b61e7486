/** What a handler answers, by how it leaves. */
import { isUint8Array } from 'node:util/types'

import { FileResponse } from './file-response.ts'
import { RedirectResponse } from './redirect-response.ts'

/** Whether a result is an object or a list that becomes JSON, and not bytes, a file, a stream, events or a redirect. */
export function isDocument(result: unknown): result is object {
  if (typeof result !== 'object' || result === null || isUint8Array(result)) return false
  return !(result instanceof FileResponse || result instanceof RedirectResponse || Symbol.asyncIterator in result)
}
