/** What a schema says, in a form that two schemas can be compared by. */
import { referredName, type JsonSchema, type OpenApiDocument } from 'tenon/openapi'

/** Without references and `allOf`, which say what the parts say together. */
export function flattened(schema: JsonSchema, document: OpenApiDocument): JsonSchema {
  if (schema.$ref !== undefined) {
    const { $ref, ...rest } = schema
    return { ...flattened(document.components?.schemas?.[nameOf($ref)] ?? {}, document), ...rest }
  }
  if (!schema.allOf) return schema
  const { allOf, ...rest } = schema
  return allOf
    .map((each) => flattened(each, document))
    .reduce(
      (all, each) => ({
        ...all,
        ...each,
        ...(all.properties || each.properties ? { properties: { ...all.properties, ...each.properties } } : {}),
        ...(all.required || each.required ? { required: [...(all.required ?? []), ...(each.required ?? [])] } : {}),
      }),
      rest as JsonSchema,
    )
}

export function variantsOf({ oneOf, anyOf, type }: JsonSchema): readonly JsonSchema[] | undefined {
  // A choice between formats of one text is no choice between models.
  if (type !== undefined) return undefined
  return (oneOf ?? anyOf)?.filter((each) => each.type !== 'null')
}

const ALL_TYPES = ['string', 'number', 'boolean', 'object', 'array', 'null']

export function saysType(schema: JsonSchema): boolean {
  return schema.type !== undefined || (schema.oneOf ?? schema.anyOf) !== undefined
}

export function typesOf(schema: JsonSchema): ReadonlySet<string> {
  const { type, properties } = schema
  const several = schema.oneOf ?? schema.anyOf
  if (type === undefined && several)
    return new Set(several.flatMap((each) => (each.type === 'null' ? ['null'] : ['any'])))
  if (type === undefined && properties) return new Set(['object'])
  if (type === undefined) return new Set(schema.const === undefined && !schema.enum ? ALL_TYPES : ['listed'])
  return new Set(typeof type === 'string' ? [type] : type)
}

export function withoutNull(types: ReadonlySet<string>): ReadonlySet<string> {
  return new Set([...types].filter((type) => type !== 'null'))
}

/** Whole numbers are numbers. */
export function includes(wide: ReadonlySet<string>, narrow: ReadonlySet<string>): boolean {
  return [...narrow].every((type) => wide.has(type) || (type === 'integer' && wide.has('number')))
}

export function isSame(a: ReadonlySet<string>, b: ReadonlySet<string>): boolean {
  return a.size === b.size && [...a].every((type) => b.has(type))
}

export function printTypes(types: ReadonlySet<string>): string {
  return types.size >= ALL_TYPES.length - 1 ? 'of any type' : [...types].join(' or ') || 'null'
}

/** A constant is a list of one; `null` is a matter of types. */
export function listed(schema: JsonSchema): readonly unknown[] | undefined {
  const values = schema.const === undefined ? schema.enum : [schema.const]
  return values?.filter((value) => value !== null)
}

export function rulesOf(schema: JsonSchema): readonly string[] {
  return (schema['x-rules'] as readonly string[] | undefined) ?? []
}

export function printOutline(schema: JsonSchema): string {
  if (schema.const !== undefined) return JSON.stringify(schema.const)
  if (schema.type === 'array') return `a list of ${nameOf(schema.items?.$ref ?? printOutline(schema.items ?? {}))}`
  return typeof schema.type === 'string' ? schema.type : JSON.stringify(schema)
}

export function nameOf(reference: string): string {
  return reference.startsWith('#/') ? referredName(reference) : reference
}

export function printValue(value: unknown): string {
  return typeof value === 'string' ? value : JSON.stringify(value)
}
