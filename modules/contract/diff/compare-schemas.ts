/** What has happened to a schema, in the words of `change-kinds.ts`. */
import type { JsonSchema, OpenApiDocument } from 'tenon/openapi'

import type { SchemaChange } from './change-kinds.ts'
import {
  flattened,
  includes,
  isSame,
  listed,
  nameOf,
  printOutline,
  printTypes,
  printValue,
  rulesOf,
  saysType,
  typesOf,
  variantsOf,
  withoutNull,
} from './schema-outline.ts'

/** One finding inside of a schema. */
export interface SchemaFinding {
  readonly change: SchemaChange
  /** `address.zip`, `items.*`; empty for the schema itself. */
  readonly path: readonly string[]
  readonly text: string
  /** The named model that holds it, and the property of it. */
  readonly model: string | undefined
  readonly property: string | undefined
}

interface Place {
  readonly path: readonly string[]
  readonly model: string | undefined
  readonly property: string | undefined
}

export function compareSchemas(
  [before, after]: readonly [OpenApiDocument, OpenApiDocument],
  [a, b]: readonly [JsonSchema | undefined, JsonSchema | undefined],
): readonly SchemaFinding[] {
  const comparison = new SchemaComparison(before, after)
  comparison.compare(a ?? {}, b ?? {}, { path: [], model: undefined, property: undefined })
  return comparison.findings
}

const LIMITS = [
  ['minLength', 'least'],
  ['maxLength', 'most'],
  ['minimum', 'least'],
  ['maximum', 'most'],
  ['exclusiveMinimum', 'least'],
  ['exclusiveMaximum', 'most'],
  ['minItems', 'least'],
  ['maxItems', 'most'],
  ['minProperties', 'least'],
  ['maxProperties', 'most'],
] as const

const COUNTS: ReadonlySet<string> = new Set(['minLength', 'minItems', 'minProperties'])

class SchemaComparison {
  readonly findings: SchemaFinding[] = []
  readonly #before: OpenApiDocument
  readonly #after: OpenApiDocument
  readonly #seen = new Set<string>()

  constructor(before: OpenApiDocument, after: OpenApiDocument) {
    this.#before = before
    this.#after = after
  }

  compare(left: JsonSchema, right: JsonSchema, place: Place): void {
    if (left.$ref !== undefined && right.$ref !== undefined) {
      // A model that contains itself is compared once.
      const key = `${left.$ref} ${right.$ref}`
      if (this.#seen.has(key)) return
      this.#seen.add(key)
    }
    const a = flattened(left, this.#before)
    const b = flattened(right, this.#after)
    const reference = right.$ref ?? left.$ref
    const here = reference === undefined ? place : { ...place, model: nameOf(reference), property: undefined }
    // Of what is something else altogether, nothing is left to compare.
    if (this.#types(a, b, here) === 'other') return
    this.#values(a, b, here)
    this.#texts(a, b, here)
    this.#limits(a, b, here)
    this.#objects(a, b, here)
    this.#variants(a, b, here)
    if (a.items || b.items) this.compare(a.items ?? {}, b.items ?? {}, { ...here, path: [...here.path, '*'] })
  }

  #types(a: JsonSchema, b: JsonSchema, place: Place): 'other' | undefined {
    const [before, after] = [typesOf(a), typesOf(b)]
    if (before.has('null') !== after.has('null') && saysType(a) && saysType(b)) {
      if (after.has('null')) this.#find('null-allowed', place, 'may be null now')
      else this.#find('null-refused', place, 'may not be null any more')
    }
    const [old, now] = [withoutNull(before), withoutNull(after)]
    // Where either is a choice, its variants tell.
    if (variantsOf(a) || variantsOf(b)) return undefined
    const text = `was ${printTypes(old)} and is ${printTypes(now)}`
    if (isSame(old, now)) return undefined
    if (includes(now, old)) this.#find('type-widened', place, text)
    else if (includes(old, now)) this.#find('type-narrowed', place, text)
    else {
      this.#find('type-changed', place, text)
      return 'other'
    }
    return undefined
  }

  #values(a: JsonSchema, b: JsonSchema, place: Place): void {
    const [before, after] = [listed(a), listed(b)]
    if (!before && !after) return
    if (!before) return this.#find('values-introduced', place, `must be one of ${after!.join(', ')} now`)
    if (!after) return this.#find('values-dropped', place, 'may have any value now')
    const added = after.filter((value) => !before.includes(value))
    const removed = before.filter((value) => !after.includes(value))
    if (added.length > 0) this.#find('value-added', place, `may be ${added.join(', ')} now`)
    if (removed.length > 0) this.#find('value-removed', place, `may not be ${removed.join(', ')} any more`)
  }

  #texts(a: JsonSchema, b: JsonSchema, place: Place): void {
    this.#keyword(a.format, b.format, place, ['format-introduced', 'format-dropped', 'format-changed'], 'format')
    const kinds = ['pattern-introduced', 'pattern-dropped', 'pattern-changed'] as const
    this.#keyword(a['pattern'], b['pattern'], place, kinds, 'pattern')
    const encoding = (schema: JsonSchema): unknown =>
      JSON.stringify([schema['contentEncoding'], schema['contentMediaType']])
    if (encoding(a) !== encoding(b)) this.#find('encoding-changed', place, 'has another content encoding or type')
    if (JSON.stringify(a.not) !== JSON.stringify(b.not)) this.#find('exclusion-changed', place, 'excludes other values')
    const [before, after] = [rulesOf(a), rulesOf(b)]
    for (const rule of after) if (!before.includes(rule)) this.#find('rule-added', place, `must satisfy ${rule} now`)
    for (const rule of before) {
      if (!after.includes(rule)) this.#find('rule-removed', place, `need not satisfy ${rule} any more`)
    }
  }

  #keyword(
    before: unknown,
    after: unknown,
    place: Place,
    [introduced, dropped, changed]: readonly [SchemaChange, SchemaChange, SchemaChange],
    word: string,
  ): void {
    if (before === after) return
    if (before === undefined) this.#find(introduced, place, `has the ${word} ${printValue(after)} now`)
    else if (after === undefined) this.#find(dropped, place, `has not the ${word} ${printValue(before)} any more`)
    else this.#find(changed, place, `has the ${word} ${printValue(after)} instead of ${printValue(before)}`)
  }

  #limits(a: JsonSchema, b: JsonSchema, place: Place): void {
    for (const [keyword, kind] of LIMITS) {
      const [before, after] = [a[keyword] as number | undefined, b[keyword] as number | undefined]
      if (before === after) continue
      const nothing = kind === 'least' ? Number.NEGATIVE_INFINITY : Number.POSITIVE_INFINITY
      const isRaised = (after ?? nothing) > (before ?? nothing)
      const text = `${keyword} was ${before ?? 'not said'} and is ${after ?? 'not said'}`
      // A length or a count of at least 0 says nothing.
      if (COUNTS.has(keyword) && (before ?? 0) === (after ?? 0)) continue
      this.#find(`${keyword}-${isRaised ? 'raised' : 'lowered'}` as SchemaChange, place, text)
    }
    const kinds = ['multipleOf-introduced', 'multipleOf-dropped', 'multipleOf-changed'] as const
    this.#keyword(a['multipleOf'], b['multipleOf'], place, kinds, 'multipleOf')
    const [was, is] = [a['uniqueItems'] === true, b['uniqueItems'] === true]
    if (!was && is) this.#find('uniqueItems-introduced', place, 'must not repeat elements now')
    if (was && !is) this.#find('uniqueItems-dropped', place, 'may repeat elements now')
    const [first, second] = [JSON.stringify(a['default']), JSON.stringify(b['default'])]
    if (first === second) return
    if (first === undefined) this.#find('default-added', place, `is ${second} by default now`)
    else if (second === undefined) this.#find('default-dropped', place, `is not ${first} by default any more`)
    else this.#find('default-changed', place, `is ${second} by default instead of ${first}`)
  }

  #objects(a: JsonSchema, b: JsonSchema, place: Place): void {
    const [before, after] = [a.properties ?? {}, b.properties ?? {}]
    const isRequired = (schema: JsonSchema, name: string): boolean => schema.required?.includes(name) ?? false
    for (const [name, schema] of Object.entries(after)) {
      const at = { ...place, path: [...place.path, name], property: name }
      const known = Object.hasOwn(before, name) ? before[name] : undefined
      if (!known) {
        if (isRequired(b, name)) this.#find('required-property-added', at, 'is there now, and required')
        else this.#find('property-added', at, 'is there now')
        continue
      }
      if (!isRequired(a, name) && isRequired(b, name)) this.#find('property-became-required', at, 'is required now')
      if (isRequired(a, name) && !isRequired(b, name)) this.#find('property-became-optional', at, 'may be missing now')
      this.compare(known, schema, at)
    }
    for (const name of Object.keys(before)) {
      if (Object.hasOwn(after, name)) continue
      this.#find('property-removed', { ...place, path: [...place.path, name], property: name }, 'is not there any more')
    }
    this.#strangers(a.additionalProperties, b.additionalProperties, place)
  }

  #strangers(a: JsonSchema['additionalProperties'], b: JsonSchema['additionalProperties'], place: Place): void {
    if (a !== false && b === false) this.#find('strangers-refused', place, 'refuses unknown fields now')
    if (a === false && b !== false) this.#find('strangers-allowed', place, 'takes unknown fields now')
    if (typeof a === 'object' || typeof b === 'object') {
      const values = [a, b].map((each) => (typeof each === 'object' ? each : {})) as [JsonSchema, JsonSchema]
      this.compare(...values, { ...place, path: [...place.path, '*'] })
    }
  }

  #variants(a: JsonSchema, b: JsonSchema, place: Place): void {
    const [before, after] = [variantsOf(a), variantsOf(b)]
    if (!before && !after) return
    const old = before ?? [a]
    const now = after ?? [b]
    // Told apart by the name of their model, else by what they say.
    const keyOf = (schema: JsonSchema): string => schema.$ref ?? printOutline(schema)
    const known = new Map(old.map((schema) => [keyOf(schema), schema]))
    for (const schema of now) {
      const same = known.get(keyOf(schema))
      if (same) this.compare(same, schema, place)
      else this.#find('variant-added', place, `may be ${nameOf(keyOf(schema))} now`)
    }
    const left = new Set(now.map(keyOf))
    for (const key of known.keys()) {
      if (!left.has(key)) this.#find('variant-removed', place, `may not be ${nameOf(key)} any more`)
    }
    const propertyOf = ({ discriminator }: JsonSchema): unknown =>
      (discriminator as { readonly propertyName?: string } | undefined)?.propertyName
    if (before && after && propertyOf(a) !== propertyOf(b)) {
      this.#find('discriminator-changed', place, `is told apart by ${String(propertyOf(b))}`)
    }
  }

  #find(change: SchemaChange, { path, model, property }: Place, text: string): void {
    this.findings.push({ change, path, text, model, property })
  }
}
