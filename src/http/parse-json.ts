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
  const value = parse(text)
  if (typeof value !== 'object' || value === null || isClean(value, text, maxDepth)) return value
  const flaw = findDuplicateKey(text, maxDepth)
  if (flaw?.kind === 'depth') throw new BodyTooDeep(maxDepth)
  if (flaw) throw new BodyKeyDuplicate(cutKey(flaw.key), describePosition(text, flaw.index))
  if (isPoisoned(value)) throw new BodyKeyForbidden('__proto__ or constructor.prototype')
  return value
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text) as unknown
  } catch (error) {
    throw malformed(text).causedBy(error)
  }
}

/** secure-json-parse walks through the value; asked to be safe it answers `null` for a poisoned one. */
function isPoisoned(value: object): boolean {
  return secureJson.scan(value, SAFE) === null
}

// Typed by the package as an option of parse(), documented for safeParse() only; see its index.js.
const SAFE = { safe: true } as const

/**
 * Whether a glance suffices, as for nearly all bodies: no text that a dangerous name could hide in, and as many members
 * as the text has colons behind quotes. A colon too many is looked at closely; a key too few means one came twice.
 */
function isClean(value: object, text: string, maxDepth: number): boolean {
  if (text.includes('__proto__') || text.includes('constructor') || text.includes('\\u')) return false
  return countMembers(value, maxDepth) === countColons(text)
}

const QUOTE = 0x22
const SPACE = 0x20

/** Colons that may stand behind a key: never fewer than there are keys. */
function countColons(text: string): number {
  let count = 0
  for (let index = text.indexOf(':'); index !== -1; index = text.indexOf(':', index + 1)) {
    const before = text.charCodeAt(index - 1)
    if (before === QUOTE || before <= SPACE) count += 1
  }
  return count
}

/** Members of all objects inside; `NaN` where they are nested too deep. */
function countMembers(value: object, depthLeft: number): number {
  if (depthLeft === 0) return Number.NaN
  let count = 0
  if (Array.isArray(value)) {
    for (const each of value)
      if (typeof each === 'object' && each !== null) count += countMembers(each as object, depthLeft - 1)
    return count
  }
  for (const key in value) {
    count += 1
    const each = (value as Record<string, unknown>)[key]
    if (typeof each === 'object' && each !== null) count += countMembers(each, depthLeft - 1)
  }
  return count
}

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
