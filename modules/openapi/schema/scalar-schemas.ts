/** Single values of the types that the compiler emits, as they stand in JSON. */
import type { JsonSchema } from './json-schema.ts'

const SCALARS = new Map<unknown, JsonSchema>([
  [String, { type: 'string' }],
  [Number, { type: 'number' }],
  [Boolean, { type: 'boolean' }],
  [Date, { type: 'string', format: 'date-time' }],
  // Larger than the numbers of JSON, so it travels as text.
  [BigInt, { type: 'string', pattern: '^-?\\d+$' }],
  [Buffer, { type: 'string', contentEncoding: 'base64' }],
  [Uint8Array, { type: 'string', contentEncoding: 'base64' }],
])

export function scalarSchema(type: unknown): JsonSchema | undefined {
  return SCALARS.get(type)
}
