/** Chooses the reading of a field by its types: what the compiler emitted and what `@Type` says. */
import type { AbstractClass } from '../../decorators/index.ts'
import { TEXT_TYPES } from './convert-text.ts'
import type { InputField } from './input-shape.ts'
import {
  FREE,
  fromText,
  listOr,
  ofList,
  ofMap,
  ofModel,
  ofType,
  ofVariant,
  REFUSED,
  unlessList,
  type ModelBuilder,
  type Reading,
} from './reading.ts'
import { isBuiltIn, type TypeFact } from './validation-metadata.ts'

/** What a field needs to know of what is around it. */
export interface ModelLookup {
  readonly fromText: boolean
  model(type: AbstractClass, isChecked: boolean, discriminator?: { property: string; isKept: boolean }): ModelBuilder
  /** @throws when the field is of a kind that only the slower way knows. */
  refuse(): never
}

/** @param isNested - Instances that the field holds are checked when they are made. */
export function fieldReading(field: InputField, isNested: boolean, lookup: ModelLookup): Reading {
  const { emitted, typed } = field
  const type = typed && typeNamed(typed, lookup)
  const isModel = typeof type === 'function' && !isBuiltIn(type)
  if (isNested && (!isModel || field.isTransformed)) return lookup.refuse()
  if (field.isTransformed) return transformedReading(type, typed, lookup)

  const element = elementReading(field, type, isNested, lookup)
  if (typed?.reflectedType === Map) return typed.options.discriminator ? lookup.refuse() : ofMap(element)

  const mustBeList = emitted === Array || emitted === Set
  const list = ofList({
    element,
    refusesNull: isModel,
    isSet: typed?.reflectedType === Set,
    isNested: field.hasListElements,
    wrapsText: mustBeList && lookup.fromText,
  })
  if (field.hasListElements && typed?.options.discriminator) return lookup.refuse()
  if (mustBeList) return list
  if (emitted === Object || emitted === undefined)
    return element === FREE && !field.hasListElements ? FREE : listOr(list, element)
  return lookup.fromText && TEXT_TYPES.has(emitted) ? unlessList(element) : element
}

function elementReading(field: InputField, type: unknown, isNested: boolean, lookup: ModelLookup): Reading {
  const { typed, emitted } = field
  const { fromText: isText } = lookup
  if (!typed) return isText && TEXT_TYPES.has(emitted) ? fromText(emitted) : FREE
  if (type === Object) return FREE
  if (isText || type === Date || type === BigInt) if (TEXT_TYPES.has(type)) return fromText(type)
  if (type === Number) return ofType('number')
  if (type === String) return ofType('string')
  if (type === Boolean) return ofType('boolean')

  const { discriminator, keepDiscriminatorProperty: isKept = false } = typed.options
  if (!discriminator) return ofModel(lookup.model(type as AbstractClass, isNested))
  const { property, subTypes } = discriminator
  // The first of two with one name counts.
  const variants = new Map(
    subTypes.toReversed().map(({ name, value }) => [name, lookup.model(value, isNested, { property, isKept })]),
  )
  return ofVariant(property, variants)
}

/** What comes in may be of any form, and was read already: only what class-transformer does with it is left. */
function transformedReading(type: unknown, typed: TypeFact | undefined, lookup: ModelLookup): Reading {
  if (typed?.reflectedType === Set || typed?.reflectedType === Map) return lookup.refuse()
  if (type === undefined || type === Object) return FREE
  if (!TEXT_TYPES.has(type) || type === BigInt) return lookup.refuse()
  const one = (value: unknown): unknown => {
    if (type === Date) return new Date(value as string)
    return typeof value === 'object' && value !== null ? REFUSED : (type as (value: unknown) => unknown)(value)
  }
  const element: Reading = { read: one }
  return listOr(ofList({ element, refusesNull: false, isSet: false, isNested: false, wrapsText: false }), element)
}

/** The type of every value; a type that depends on the value is left to the slower way. */
function typeNamed(typed: TypeFact, lookup: ModelLookup): unknown {
  if (typed.typeFunction.length > 0) return lookup.refuse()
  const { reflectedType } = typed
  const isUsual = [undefined, Object, Array, Set, Map].includes(reflectedType as never)
  if (!isUsual && typeof reflectedType !== 'function') return lookup.refuse()
  const type = typed.typeFunction({ newObject: {}, object: {}, property: typed.propertyName })
  const isKnown = type === Object || TEXT_TYPES.has(type) || (typeof type === 'function' && !isBuiltIn(type))
  return isKnown ? type : lookup.refuse()
}
