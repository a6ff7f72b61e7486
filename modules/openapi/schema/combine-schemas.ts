/** What two schemas say together, as one schema that reads as if it had been written by hand where that is possible. */
import { jsonTypeOf, NOTHING, typesOf, withTypes, type JsonSchema, type JsonType } from './json-schema.ts'

/** Both must hold. */
export function both(a: JsonSchema, b: JsonSchema): JsonSchema {
  const types = commonTypes(typesOf(a), typesOf(b))
  if (types?.length === 0) return NOTHING
  let result: Record<string, unknown> = { ...a }
  const apart: JsonSchema[] = []
  for (const [keyword, value] of Object.entries(b)) {
    if (keyword === 'type') continue
    const merged = keyword in a ? mergeKeyword(keyword, a[keyword], value) : value
    if (merged === undefined) apart.push({ [keyword]: value })
    else result[keyword] = merged
  }
  if (apart.length > 0) result['allOf'] = [...((result['allOf'] as JsonSchema[] | undefined) ?? []), ...apart]
  if (types) result = { ...withTypes(result, types) }
  return settleEnum(result)
}

/** All must hold. */
export function allOf(schemas: readonly JsonSchema[]): JsonSchema {
  return schemas.reduce(both, {})
}

/** Keywords that say nothing about `null`. */
const TYPED: ReadonlySet<string> = new Set([
  'type',
  'format',
  'pattern',
  'minLength',
  'maxLength',
  'contentEncoding',
  'contentMediaType',
  'minimum',
  'maximum',
  'exclusiveMinimum',
  'exclusiveMaximum',
  'multipleOf',
  'items',
  'contains',
  'minItems',
  'maxItems',
  'uniqueItems',
  'properties',
  'required',
  'additionalProperties',
  'minProperties',
  'enum',
  'description',
  'examples',
  'default',
  'deprecated',
  'x-rules',
  'x-enum-varnames',
])

/** The same, or `null`. */
export function orNull(schema: JsonSchema): JsonSchema {
  const types = typesOf(schema)
  const keywords = Object.keys(schema)
  if (keywords.length === 0 || types?.includes('null')) return schema
  if (types && keywords.every((keyword) => TYPED.has(keyword))) {
    const nullable = withTypes(schema, [...types, 'null'])
    return schema.enum ? { ...nullable, enum: [...schema.enum, null] } : nullable
  }
  return { anyOf: [schema, { type: 'null' }] }
}

/** Without `null`, where it stands as a type. */
export function withoutNull(schema: JsonSchema): JsonSchema {
  const types = typesOf(schema)
  if (!types?.includes('null') || types.length === 1) return schema
  const rest = withTypes(
    schema,
    types.filter((type) => type !== 'null'),
  )
  return schema.enum ? { ...rest, enum: schema.enum.filter((value) => value !== null) } : rest
}

function commonTypes(
  a: readonly JsonType[] | undefined,
  b: readonly JsonType[] | undefined,
): readonly JsonType[] | undefined {
  if (!a || !b) return a ?? b
  const common = a.flatMap((type): readonly JsonType[] => {
    if (b.includes(type)) return [type]
    if (type === 'integer' && b.includes('number')) return ['integer']
    return type === 'number' && b.includes('integer') ? ['integer'] : []
  })
  return [...new Set(common)]
}

const GREATER: ReadonlySet<string> = new Set(['minLength', 'minItems', 'minProperties', 'minimum', 'exclusiveMinimum'])
const LESSER: ReadonlySet<string> = new Set(['maxLength', 'maxItems', 'maximum', 'exclusiveMaximum'])

/** `undefined` where two values of a keyword cannot be one. */
function mergeKeyword(keyword: string, a: unknown, b: unknown): unknown {
  if (GREATER.has(keyword)) return Math.max(a as number, b as number)
  if (LESSER.has(keyword)) return Math.min(a as number, b as number)
  if (keyword === 'enum') return (a as readonly unknown[]).filter((value) => (b as readonly unknown[]).includes(value))
  if (keyword === 'items') return both(a as JsonSchema, b as JsonSchema)
  if (keyword === 'x-rules') return [...new Set([...(a as string[]), ...(b as string[])])]
  if (keyword === 'allOf') return [...(a as JsonSchema[]), ...(b as JsonSchema[])]
  return JSON.stringify(a) === JSON.stringify(b) ? a : undefined
}

/** Listed values are of the types that are left, and a list says more than its types. */
function settleEnum(schema: JsonSchema): JsonSchema {
  if (!schema.enum) return schema
  const types = typesOf(schema)
  const isOfType = (value: unknown): boolean => {
    const type = jsonTypeOf(value)
    return !types || types.includes(type) || (type === 'integer' && types.includes('number'))
  }
  const values = schema.enum.filter(isOfType)
  return values.length === 0 ? NOTHING : { ...schema, enum: values }
}
