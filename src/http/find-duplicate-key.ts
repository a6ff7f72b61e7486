/**
 * What `JSON.parse` does not tell: a key that an object names twice, and nesting past a limit.
 * One pass over text that is known to be valid JSON, hopping from string to string, without recursion.
 */

export type JsonFlaw =
  | { readonly kind: 'duplicate'; readonly key: string; readonly index: number }
  | { readonly kind: 'depth'; readonly index: number }

/** A short list is searched faster than a set is made; a long one would take quadratic time. */
type Keys = string[] | Set<string>

const LONGEST_LIST = 16
const QUOTE = 0x22
const BACKSLASH = 0x5c
const COLON = 0x3a

/** @param text - Valid JSON; anything else gives meaningless answers. */
export function findDuplicateKey(text: string, maxDepth: number): JsonFlaw | undefined {
  // One entry per open container: the keys of an object, `undefined` for an array and for an object without keys yet.
  const open: (Keys | undefined)[] = []
  let depth = 0
  for (let index = 0; index < text.length; index += 1) {
    switch (text.charCodeAt(index)) {
      case 0x7b: // {
      case 0x5b: // [
        if (depth === maxDepth) return { kind: 'depth', index }
        open[depth] = undefined
        depth += 1
        break
      case 0x7d: // }
      case 0x5d: // ]
        depth -= 1
        break
      case QUOTE: {
        const end = closingQuote(text, index + 1)
        if (isKey(text, end + 1)) {
          const key = keyBetween(text, index, end)
          const keys = open[depth - 1]
          if (keys === undefined) open[depth - 1] = [key]
          else if (hasKey(keys, key)) return { kind: 'duplicate', key, index }
          else open[depth - 1] = withKey(keys, key)
        }
        index = end
        break
      }
      default:
    }
  }
  return undefined
}

function hasKey(keys: Keys, key: string): boolean {
  return Array.isArray(keys) ? keys.includes(key) : keys.has(key)
}

function withKey(keys: Keys, key: string): Keys {
  if (!Array.isArray(keys)) return keys.add(key)
  keys.push(key)
  return keys.length > LONGEST_LIST ? new Set(keys) : keys
}

function closingQuote(text: string, from: number): number {
  let end = text.indexOf('"', from)
  while (isEscaped(text, end)) end = text.indexOf('"', end + 1)
  return end
}

/** An odd number of backslashes stands before it. */
function isEscaped(text: string, index: number): boolean {
  let backslashes = 0
  while (text.charCodeAt(index - 1 - backslashes) === BACKSLASH) backslashes += 1
  return backslashes % 2 === 1
}

/** In valid JSON a colon follows a string only where the string is a key. */
function isKey(text: string, from: number): boolean {
  let index = from
  while (text.charCodeAt(index) <= 0x20) index += 1
  return text.charCodeAt(index) === COLON
}

/** `"\u0061"` and `"a"` are the same key. */
function keyBetween(text: string, start: number, end: number): string {
  const key = text.slice(start + 1, end)
  return key.includes('\\') ? (JSON.parse(text.slice(start, end + 1)) as string) : key
}
