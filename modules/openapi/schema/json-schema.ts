/** JSON Schema 2020-12, as far as documents here use it. */
export type JsonType = 'string' | 'number' | 'integer' | 'boolean' | 'object' | 'array' | 'null'

export interface JsonSchema {
  readonly $ref?: string
  readonly type?: JsonType | readonly JsonType[]
  readonly enum?: readonly unknown[]
  readonly const?: unknown
  readonly format?: string
  readonly properties?: Readonly<Record<string, JsonSchema>>
  readonly required?: readonly string[]
  readonly additionalProperties?: boolean | JsonSchema
  readonly items?: JsonSchema
  readonly anyOf?: readonly JsonSchema[]
  readonly allOf?: readonly JsonSchema[]
  readonly oneOf?: readonly JsonSchema[]
  readonly not?: JsonSchema
  readonly [keyword: string]: unknown
}

/** Nothing is accepted. */
export const NOTHING: JsonSchema = { not: {} }

export function typesOf({ type }: JsonSchema): readonly JsonType[] | undefined {
  if (type === undefined) return undefined
  return typeof type === 'string' ? [type] : type
}

/** `['string']` is written as `'string'`. */
export function withTypes(schema: JsonSchema, types: readonly JsonType[]): JsonSchema {
  const { type: _type, ...rest } = schema
  return { type: types.length === 1 ? types[0]! : types, ...rest }
}

/** The JSON type of a value, `integer` where it is one. */
export function jsonTypeOf(value: unknown): JsonType {
  if (value === null) return 'null'
  if (Array.isArray(value)) return 'array'
  if (typeof value === 'number') return Number.isInteger(value) ? 'integer' : 'number'
  return typeof value === 'string' || typeof value === 'boolean' ? (typeof value as 'string' | 'boolean') : 'object'
}
