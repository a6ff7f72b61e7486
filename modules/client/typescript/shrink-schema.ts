/** What a client needs of a schema at run time: what it decodes (days, bigints) and what it checks before sending. */
import { referredName, type JsonSchema } from 'tenon/openapi'

import { BIGINT_PATTERN } from './print-type.ts'

const SAYS_NOTHING = '{}'

/** Words are left out, and rules that the checks name one by one. */
export function shrink(schema: JsonSchema): Record<string, unknown> {
  const { $ref, type, format, properties, required, additionalProperties, items, anyOf, oneOf, allOf } = schema
  const checks = schema['x-checks']
  if ($ref !== undefined) return { $ref: referredName($ref) }
  const isBigint = schema['pattern'] === BIGINT_PATTERN
  const types = typeof type === 'string' ? [type] : type
  const small = {
    ...(types?.includes('null') ? { nullable: true } : {}),
    ...(format === 'date-time' && types ? { is: 'date' } : isBigint ? { is: 'bigint' } : {}),
    ...(properties ? { fields: mapped(properties) } : {}),
    ...(properties && required?.length ? { required } : {}),
    ...(additionalProperties === false ? { closed: true } : {}),
    ...(typeof additionalProperties === 'object' ? kept('values', shrink(additionalProperties)) : {}),
    ...(items ? kept('items', shrink(items)) : {}),
    ...(anyOf || oneOf ? keptList('either', (anyOf ?? oneOf)!.map(alternative)) : {}),
    ...(allOf ? keptList('all', allOf.map(shrink)) : {}),
    ...(checks === undefined ? {} : { checks }),
    ...discriminated(schema),
  }
  return small
}

function alternative(schema: JsonSchema): Record<string, unknown> {
  return schema.type === 'null' ? { nullable: true } : shrink(schema)
}

function mapped(properties: Readonly<Record<string, JsonSchema>>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(properties).map(([name, schema]) => [name, shrink(schema)]))
}

function kept(name: string, schema: Record<string, unknown>): Record<string, unknown> {
  return JSON.stringify(schema) === SAYS_NOTHING ? {} : { [name]: schema }
}

function keptList(name: string, schemas: readonly Record<string, unknown>[]): Record<string, unknown> {
  return schemas.every((schema) => JSON.stringify(schema) === SAYS_NOTHING) ? {} : { [name]: schemas }
}

function discriminated({ discriminator }: JsonSchema): Record<string, unknown> {
  const { propertyName, mapping } = (discriminator ?? {}) as {
    readonly propertyName?: string
    readonly mapping?: Readonly<Record<string, string>>
  }
  if (propertyName === undefined || !mapping) return {}
  const models = Object.entries(mapping).map(([value, ref]) => [value, referredName(ref)])
  return { chosenBy: propertyName, models: Object.fromEntries(models) as unknown }
}
