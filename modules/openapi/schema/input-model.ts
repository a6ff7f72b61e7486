/** What callers may send for a class: the schema accepts what the compiled validator accepts. */
import type { DescribedField } from 'tenon'
import { DOC, type AbstractClass } from 'tenon/decorators'

import { checksOf } from './checks.ts'
import { both, orNull, withoutNull } from './combine-schemas.ts'
import { describedProperty, describedModel } from './described.ts'
import { NOTHING, typesOf, type JsonSchema } from './json-schema.ts'
import { rulesOf } from './rules-of-field.ts'
import { scalarSchema } from './scalar-schemas.ts'
import type { ModelShelf, ModelUse } from './schema-book.ts'

/** An object with the fields of the class. */
export function inputModel(type: AbstractClass, use: ModelUse, shelf: ModelShelf): JsonSchema {
  const { fields, isStrict } = shelf.describer.of(type, use)
  const shown = fields.filter(({ property }) => DOC.read(type, property)?.hidden !== true)
  const properties: Record<string, JsonSchema> = {}
  for (const field of shown) properties[field.key] = inputField(type, field, shelf, { use })
  const required = shown.filter(({ isRequired }) => isRequired).map(({ key }) => key)
  const { chosenBy } = use
  if (chosenBy) {
    const named: JsonSchema = { type: 'string', const: chosenBy.value }
    properties[chosenBy.property] = both(properties[chosenBy.property] ?? {}, named)
    if (!required.includes(chosenBy.property)) required.push(chosenBy.property)
  }
  return {
    ...describedModel(type),
    type: 'object',
    ...(Object.keys(properties).length > 0 ? { properties } : {}),
    ...(required.length > 0 ? { required } : {}),
    ...(isStrict ? { additionalProperties: false } : {}),
  }
}

export interface FieldOptions {
  /** How the class of the field is taken in; the classes it nests are taken in the same way. */
  readonly use: ModelUse
  /** Values come as text (query, path, headers): the emitted type says what is read, and there is no `null`. */
  readonly fromText?: boolean
}

/** One field. */
export function inputField(
  type: AbstractClass,
  field: DescribedField,
  shelf: ModelShelf,
  { use, fromText = false }: FieldOptions,
): JsonSchema {
  const doc = DOC.read(type, field.property)
  if (doc?.schema) return describedProperty(doc.schema, doc, field.initial)
  const { whole, element } = rulesOf(field.rules, shelf.translate)
  const one = elementSchema(field, shelf, use, fromText)
  const read = readSchema(field, one, whole, element, fromText)
  const schema = both(read, field.form === 'map' ? {} : whole)
  const mayBeNull = field.acceptsNull && !fromText
  const described = describedProperty(mayBeNull ? orNull(schema) : withoutNull(schema), doc, field.initial)
  const checks = shelf.hasChecks ? checksOf(field) : []
  return checks.length > 0 ? { ...described, 'x-checks': checks } : described
}

/** What is read, before rules about the whole value are asked. */
function readSchema(
  { form, hasListElements }: Pick<DescribedField, 'form' | 'hasListElements'>,
  one: JsonSchema,
  whole: JsonSchema,
  element: JsonSchema | undefined,
  fromText: boolean,
): JsonSchema {
  const each = element ? both(one, element) : one
  const items = hasListElements ? { anyOf: [one, { type: 'array' as const, items: one }] } : each
  const list: JsonSchema = { type: 'array', ...(Object.keys(items).length > 0 ? { items } : {}) }
  if (form === 'map') return { type: 'object', ...(Object.keys(each).length > 0 ? { additionalProperties: each } : {}) }
  if (form === 'list') return list
  const types = typesOf(whole)
  if (types?.length === 1 && types[0] === 'array') return list
  // Over JSON, a list passes where nothing speaks of a type. With @Type, one value is what is meant.
  const mayBeList = !fromText && Object.keys(one).length === 0 && types === undefined
  if (mayBeList && Object.keys(each).length > 0) return { anyOf: [list, each] }
  return mayBeList ? {} : each
}

/** One value, or each element. */
function elementSchema(field: DescribedField, shelf: ModelShelf, use: ModelUse, fromText: boolean): JsonSchema {
  const { type, variants, isNested, emitted, form } = field
  const nestedUse = { ...nested(use), isChecked: use.isChecked !== false && isNested }
  if (variants)
    return oneOf(variants.property, variants.types, (each, chosenBy) => shelf.input(each, { ...nestedUse, chosenBy }))
  const declared = type ?? (fromText && form === 'one' ? emitted : undefined)
  const scalar = scalarSchema(declared)
  if (scalar) return fromText || form === 'one' || field.rules.some(({ isEach }) => isEach) ? scalar : orNull(scalar)
  if (typeof declared === 'function' && declared !== Object && !fromText) {
    const model = declared as AbstractClass
    const isRefused = nestedUse.isChecked && shelf.describer.of(model, nestedUse).isRefused
    return isRefused ? NOTHING : shelf.input(model, nestedUse)
  }
  return fromText ? { type: 'string' } : {}
}

function nested({ groups, mode }: ModelUse): ModelUse {
  return { ...(groups ? { groups } : {}), ...(mode ? { mode } : {}) }
}

/** One of several models, told apart by a property. */
export function oneOf(
  property: string,
  types: readonly { readonly name: string; readonly type: AbstractClass }[],
  refer: (type: AbstractClass, chosenBy: NonNullable<ModelUse['chosenBy']>) => JsonSchema,
): JsonSchema {
  const references = types.map(({ name, type }) => [name, refer(type, { property, value: name })] as const)
  return {
    oneOf: references.map(([, reference]) => reference),
    discriminator: {
      propertyName: property,
      mapping: Object.fromEntries(references.map(([name, { $ref }]) => [name, $ref])),
    },
  }
}
