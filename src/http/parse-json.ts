/** JSON as it may come from anybody: no poisoned prototypes, no key twice, not too deep, errors that say where. */
import secureJson from 'secure-json-parse'

import { findDuplicateKey } from './find-duplicate-key.ts'
import { describePosition, findJsonError } from './find-json-error.ts'
import { BodyKeyDuplicate, BodyKeyForbidden, BodyMalformed, BodyTooDeep } from './request-errors.ts'

const SHOWN_KEY_LENGTH = 20

/**
 * @throws `REQUEST_BODY_MALFORMED`, `REQUEST_BODY_KEY_DUPLICATE`, `REQUEST_BODY_KEY_FORBIDDEN`,
 * `REQUEST_BODY_TOO_DEEP`; none of them quotes more than 20 characters of the text.
 */
export function parseJson(text: string, maxDepth: number): unknown {
  // secure-json-parse answers `null` for poisoned keys when asked to be safe, so that both refusals can be told apart.
  const value = parse(text)
  const flaw = typeof value === 'object' ? findDuplicateKey(text, maxDepth) : undefined
  if (flaw?.kind === 'depth') throw new BodyTooDeep(maxDepth)
  if (flaw) throw new BodyKeyDuplicate(cutKey(flaw.key), describePosition(text, flaw.index))
  if (value === null && text.trim() !== 'null') throw new BodyKeyForbidden('__proto__ or constructor.prototype')
  return value
}

function parse(text: string): unknown {
  try {
    return secureJson.parse(text, undefined, SAFE) as unknown
  } catch (error) {
    throw malformed(text).causedBy(error)
  }
}

// Typed by the package as an option of parse(), documented for safeParse() only; see its index.js.
const SAFE = { safe: true } as const

function malformed(text: string): InstanceType<typeof BodyMalformed> {
  const index = findJsonError(text)
  const position = describePosition(text, index)
  return new BodyMalformed(
    index >= text.length
      ? `the JSON ends too early, at ${position}`
      : `the JSON has an unexpected ${JSON.stringify(String.fromCodePoint(text.codePointAt(index)!))} at ${position}`,
  )
}

function cutKey(key: string): string {
  return key.length > SHOWN_KEY_LENGTH ? `${key.slice(0, SHOWN_KEY_LENGTH - 1)}…` : key
}
