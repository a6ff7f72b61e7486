/** What callers read of a class: the fields that the serializer lets out. */
import { describeOutput, type DescribedOutput } from 'tenon'
import { DOC, type AbstractClass } from 'tenon/decorators'

import { both, orNull } from './combine-schemas.ts'
import { describedModel, describedProperty } from './described.ts'
import { oneOf } from './input-model.ts'
import { NOTHING, type JsonSchema } from './json-schema.ts'
import { rulesOf } from './rules-of-field.ts'
import { scalarSchema } from './scalar-schemas.ts'
import type { ModelShelf, ModelUse } from './schema-book.ts'

/** An object with the fields of the class. What is there is always there, unless something says otherwise. */
export function outputModel(type: AbstractClass, { groups, chosenBy }: ModelUse, shelf: ModelShelf): JsonSchema {
  const shown = describeOutput(type, shelf.describer, groups).filter(
    ({ property }) => DOC.read(type, property)?.hidden !== true,
  )
  const properties: Record<string, JsonSchema> = {}
  for (const field of shown) properties[field.key] = outputField(type, field, shelf)
  const required = shown
    .filter(({ isOptional, property }) => !(DOC.read(type, property)?.optional ?? isOptional))
    .map(({ key }) => key)
  if (chosenBy) {
    properties[chosenBy.property] = { type: 'string', const: chosenBy.value }
    if (!required.includes(chosenBy.property)) required.push(chosenBy.property)
  }
  return {
    ...describedModel(type),
    type: 'object',
    ...(Object.keys(properties).length > 0 ? { properties } : {}),
    ...(required.length > 0 ? { required } : {}),
  }
}

function outputField(type: AbstractClass, field: DescribedOutput, shelf: ModelShelf): JsonSchema {
  const doc = DOC.read(type, field.property)
  if (doc?.schema) return describedProperty(doc.schema, doc, undefined)
  const { whole, element } = rulesOf(field.rules, shelf.translate)
  const one = elementSchema(field, shelf)
  const each = element ? agreeing(one, element) : one
  const schema = field.form === 'map' ? formed(field.form, each) : agreeing(formed(field.form, each), whole)
  return describedProperty((doc?.nullable ?? field.isOptional) ? orNull(schema) : schema, doc, undefined)
}

function formed(form: DescribedOutput['form'], each: JsonSchema): JsonSchema {
  const isKnown = Object.keys(each).length > 0
  if (form === 'map') return { type: 'object', ...(isKnown ? { additionalProperties: each } : {}) }
  return form === 'list' ? { type: 'array', ...(isKnown ? { items: each } : {}) } : each
}

function elementSchema({ type, variants }: DescribedOutput, shelf: ModelShelf): JsonSchema {
  if (variants) return oneOf(variants.property, variants.types, (each, chosenBy) => shelf.output(each, { chosenBy }))
  const scalar = scalarSchema(type)
  if (scalar) return scalar
  return typeof type === 'function' && type !== Object ? shelf.output(type as AbstractClass) : {}
}

/** Rules are asked of what comes in: where they contradict what leaves, the latter counts. */
function agreeing(written: JsonSchema, rules: JsonSchema): JsonSchema {
  const schema = both(written, rules)
  return JSON.stringify(schema).includes(JSON.stringify(NOTHING)) ? written : schema
}
