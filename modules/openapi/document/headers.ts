/** Headers of answers, as documents describe them. */
import type { JsonSchema } from '../schema/json-schema.ts'
import type { HeaderObject } from './openapi-document.ts'

/** What they tell wherever nobody says more. */
const USUAL: Readonly<Record<string, string>> = {
  'cache-control': 'Whether the answer may be kept (RFC 9111 §5.2).',
  'dpop-nonce': 'The nonce that the next proof must have (RFC 9449 §8).',
  'retry-after': 'How many seconds to wait before the next attempt (RFC 9110 §10.2.3).',
  'www-authenticate': 'Which credential is asked for, or why this one is refused (RFC 9110 §11.6.1).',
}

const SCHEMAS: Readonly<Record<string, JsonSchema>> = { 'retry-after': { type: 'integer', minimum: 0 } }

/**
 * By name, with all that is told of each.
 * @param described - Lower-case names with what they tell.
 * @returns `undefined` without any.
 */
export function headerObjects(
  described: readonly (readonly [name: string, text: string])[],
): Readonly<Record<string, HeaderObject>> | undefined {
  if (described.length === 0) return undefined
  const byName = Map.groupBy(described, ([name]) => name)
  return Object.fromEntries([...byName.keys()].toSorted().map((name) => [name, headerObject(name, byName.get(name)!)]))
}

function headerObject(name: string, described: readonly (readonly [string, string])[]): HeaderObject {
  const texts = [...new Set(described.map(([, text]) => text))].filter((text) => text !== '')
  const description = texts.length > 0 ? texts.join(' ') : USUAL[name]
  return { ...(description === undefined ? {} : { description }), schema: SCHEMAS[name] ?? { type: 'string' } }
}
