/** What `@Doc` adds to schemas. */
import { DOC, type AbstractClass, type DocFact } from 'tenon/decorators'

import type { JsonSchema } from './json-schema.ts'

/** @param initial - What the field is when nothing is sent. */
export function describedProperty(schema: JsonSchema, doc: DocFact | undefined, initial: unknown): JsonSchema {
  return {
    ...schema,
    ...(doc?.description === undefined ? {} : { description: doc.description }),
    ...(isPlain(initial) ? { default: initial } : {}),
    ...(doc?.example === undefined ? {} : { examples: [doc.example] }),
  }
}

export function describedModel(type: AbstractClass): JsonSchema {
  const doc = DOC.read(type)
  return {
    ...(doc?.description === undefined ? {} : { description: doc.description }),
    ...(doc?.example === undefined ? {} : { examples: [doc.example] }),
  }
}

/** Whether a value is the same in JSON. */
function isPlain(value: unknown): boolean {
  if (value === undefined || typeof value === 'bigint' || typeof value === 'function') return false
  if (typeof value !== 'object' || value === null) return true
  if (Array.isArray(value)) return value.every(isPlain)
  return Object.getPrototypeOf(value) === Object.prototype && Object.values(value).every(isPlain)
}
