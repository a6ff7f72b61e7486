/** Values that a schema accepts, and values that it refuses. */
import type { Random } from 'tenon'
import { resolved, type JsonSchema, type OpenApiDocument } from 'tenon/openapi'

import { textOfPattern } from './text-of-pattern.ts'

/** No value could be made. */
export const NONE = Symbol('none')

const DEEPEST = 4
const WORDS = ['a', 'printer', 'Zoë', 'on fire', 'Ünïcode', '0', 'x y']

export class Values {
  readonly #document: OpenApiDocument
  readonly #random: Random

  constructor(document: OpenApiDocument, random: Random) {
    this.#document = document
    this.#random = random
  }

  resolve(schema: JsonSchema): JsonSchema {
    return resolved(schema, this.#document) ?? {}
  }

  /** A value that is accepted, or `NONE`. */
  valid(said: JsonSchema, depth = 0): unknown {
    const schema = this.#merged(this.resolve(said))
    if (schema.const !== undefined) return schema.const
    if (schema.enum) return schema.enum.length > 0 ? this.#random.pick(schema.enum) : NONE
    const several = schema.type === undefined ? (schema.oneOf ?? schema.anyOf) : undefined
    if (several) return this.valid(this.#random.pick(several), depth)
    if (schema['x-rules'] !== undefined) return this.#example(schema)
    const types = typeof schema.type === 'string' ? [schema.type] : schema.type
    const type = types ? this.#random.pick(types) : schema.properties ? 'object' : 'string'
    switch (type) {
      case 'null':
        return null
      case 'boolean':
        return this.#random.chance(0.5)
      case 'integer':
      case 'number':
        return this.#number(schema, type === 'integer')
      case 'array':
        return this.#list(schema, depth)
      case 'object':
        return this.#object(schema, depth)
      default:
        return this.#text(schema)
    }
  }

  #merged(schema: JsonSchema): JsonSchema {
    if (!schema.allOf) return schema
    const { allOf, ...rest } = schema
    return allOf
      .map((each) => this.#merged(this.resolve(each)))
      .reduce<JsonSchema>(
        (all, each) => ({
          ...all,
          ...each,
          properties: { ...all.properties, ...each.properties },
          required: [...(all.required ?? []), ...(each.required ?? [])],
        }),
        rest,
      )
  }

  /** A rule without a schema: only what the author gave as an example is known to pass. */
  #example(schema: JsonSchema): unknown {
    const known = [...((schema['examples'] as unknown[] | undefined) ?? []), schema['default']]
    return known.find((value) => value !== undefined) ?? NONE
  }

  #number(
    { minimum, maximum, exclusiveMinimum, exclusiveMaximum, multipleOf }: JsonSchema & Limits,
    isWhole: boolean,
  ): unknown {
    const step = multipleOf ?? (isWhole ? 1 : undefined)
    const least = Math.max(
      minimum ?? -Infinity,
      exclusiveMinimum === undefined ? -Infinity : exclusiveMinimum + (step ?? 0.5),
    )
    const most = Math.min(
      maximum ?? Infinity,
      exclusiveMaximum === undefined ? Infinity : exclusiveMaximum - (step ?? 0.5),
    )
    const from = Number.isFinite(least) ? least : Math.min(0, Number.isFinite(most) ? most - 100 : 0)
    const to = Number.isFinite(most) ? most : Math.max(from, 0) + 100
    if (from > to) return NONE
    // Borders and small numbers find most.
    const chosen = this.#random.chance(0.3)
      ? this.#random.pick([from, to])
      : this.#random.int(Math.ceil(from), Math.floor(to))
    if (step === undefined) return chosen
    const fitting = Math.ceil(chosen / step) * step
    return fitting <= to ? fitting : Math.floor(to / step) * step
  }

  #text(schema: JsonSchema & Limits): unknown {
    const { format, anyOf, minLength = 0, maxLength = Number.MAX_SAFE_INTEGER } = schema
    const pattern = schema['pattern'] as string | undefined
    if (schema['contentMediaType'] === 'application/json') return '{"a":1}'
    if (schema['contentEncoding'] === 'base64') return 'YQ=='
    if (anyOf) return this.valid({ type: 'string', ...this.#random.pick(anyOf) })
    if (format !== undefined) return this.#formatted(format)
    if (pattern !== undefined) return textOfPattern(pattern, this.#random) ?? this.#example(schema)
    const word = this.#random.pick(WORDS)
    const wanted = this.#random.chance(0.2)
      ? Math.min(maxLength, minLength + 40)
      : Math.max(minLength, Math.min(8, maxLength))
    const length = this.#random.chance(0.2) ? minLength : wanted
    return Array.from(word.repeat(Math.max(length, 1)))
      .slice(0, length)
      .join('')
  }

  #formatted(format: string): unknown {
    const hex = (length: number): string => Array.from({ length }, () => this.#random.int(0, 15).toString(16)).join('')
    switch (format) {
      case 'uuid':
        return `${hex(8)}-${hex(4)}-4${hex(3)}-a${hex(3)}-${hex(12)}`
      case 'email':
        return `person${this.#random.int(1, 9999)}@example.com`
      case 'date-time':
        return new Date(
          Date.UTC(2020 + this.#random.int(0, 9), this.#random.int(0, 11), this.#random.int(1, 28)),
        ).toISOString()
      case 'date':
        return `202${this.#random.int(0, 9)}-0${this.#random.int(1, 9)}-1${this.#random.int(0, 9)}`
      case 'uri':
        return 'https://example.com/a'
      case 'hostname':
        return 'example.com'
      case 'ipv4':
        return '192.0.2.7'
      case 'ipv6':
        return '2001:db8::7'
      default:
        return NONE
    }
  }

  #list(
    { items = {}, minItems = 0, maxItems = minItems + 3, uniqueItems, contains }: JsonSchema & Limits,
    depth: number,
  ): unknown {
    const length = depth > DEEPEST ? minItems : this.#random.int(minItems, Math.min(maxItems, minItems + 3))
    const made = Array.from({ length }, () => this.valid(items, depth + 1))
    if (contains && length > 0) made[0] = this.valid(contains, depth + 1)
    if (made.includes(NONE)) return minItems === 0 ? [] : NONE
    if (!uniqueItems) return made
    const distinct = [...new Map(made.map((each) => [JSON.stringify(each), each])).values()]
    return distinct.length < minItems ? NONE : distinct
  }

  #object({ properties = {}, required = [], additionalProperties }: JsonSchema, depth: number): unknown {
    const made: Record<string, unknown> = {}
    for (const [name, schema] of Object.entries(properties)) {
      const isRequired = required.includes(name)
      if (!isRequired && (depth > DEEPEST || this.#random.chance(0.4))) continue
      const value = this.valid(schema, depth + 1)
      if (value !== NONE) made[name] = value
      else if (isRequired) return NONE
    }
    if (typeof additionalProperties === 'object' && depth <= DEEPEST) {
      const value = this.valid(additionalProperties, depth + 1)
      if (value !== NONE) made['some'] = value
    }
    return made
  }

  /** Values one step away from a valid one that should be refused; whether they are is asked of the schema. */
  broken(said: JsonSchema, valid: unknown): readonly unknown[] {
    const schema = this.#merged(this.resolve(said))
    const limits = schema as JsonSchema & Limits
    const numbers = [limits.minimum, limits.exclusiveMinimum].flatMap((each) =>
      each === undefined ? [] : [each - 1, each],
    )
    const greater = [limits.maximum, limits.exclusiveMaximum].flatMap((each) =>
      each === undefined ? [] : [each + 1, each],
    )
    const texts = typeof valid === 'string' ? [...this.#brokenTexts(limits)] : []
    const lists = Array.isArray(valid) ? this.#brokenLists(limits, valid) : []
    const wrong = [null, 'no such value', 12.5, -1, true, [], {}, ['x'], '']
    return [...numbers, ...greater, ...texts, ...lists, ...this.#brokenObjects(schema, valid), ...wrong]
  }

  *#brokenTexts({ minLength, maxLength }: Limits): Generator<string> {
    if (minLength !== undefined && minLength > 0) yield 'x'.repeat(minLength - 1)
    if (maxLength !== undefined && maxLength < 100_000) yield 'x'.repeat(maxLength + 1)
    yield '%'
  }

  #brokenLists({ minItems, maxItems, items }: JsonSchema & Limits, valid: readonly unknown[]): readonly unknown[] {
    const one = valid[0] ?? (items ? this.valid(items) : 'x')
    return [
      ...(minItems === undefined || minItems === 0 ? [] : [valid.slice(0, minItems - 1)]),
      ...(maxItems === undefined ? [] : [Array.from({ length: maxItems + 1 }, () => one)]),
      ...(items
        ? this.broken(items, one)
            .slice(0, 6)
            .map((each) => [each])
        : []),
    ]
  }

  #brokenObjects({ properties = {}, required = [] }: JsonSchema, valid: unknown): readonly unknown[] {
    if (typeof valid !== 'object' || valid === null || Array.isArray(valid)) return []
    const own = valid as Readonly<Record<string, unknown>>
    const without = required.map((name) => Object.fromEntries(Object.entries(own).filter(([each]) => each !== name)))
    const changed = Object.entries(properties).flatMap(([name, schema]) => {
      const value = name in own ? own[name] : this.valid(schema)
      return value === NONE ? [] : this.broken(schema, value).map((each) => ({ ...own, [name]: each }))
    })
    return [...without, { ...own, stranger: 1 }, ...changed]
  }
}

interface Limits {
  readonly minimum?: number
  readonly maximum?: number
  readonly exclusiveMinimum?: number
  readonly exclusiveMaximum?: number
  readonly multipleOf?: number
  readonly minLength?: number
  readonly maxLength?: number
  readonly minItems?: number
  readonly maxItems?: number
  readonly uniqueItems?: boolean
  readonly contains?: JsonSchema
}
