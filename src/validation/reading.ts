/**
 * How one value of the input becomes a value of the instance, on the quick way: as a closure, and as code where code
 * is quicker. Whatever is unusual is refused, not reported: the reader of `read-input.ts` then says what is wrong, or
 * that nothing is.
 */
import type { CodeScope } from './code-scope.ts'
import { ConversionFailure, convertText } from './convert-text.ts'
import { MAX_DEPTH } from './read-input.ts'

/** Answered in the place of a value: the quick way does not accept. */
export const REFUSED = Symbol('refused')

/** Values are neither `null` nor `undefined`: those pass unread. */
export interface Reading {
  read(value: unknown, depth: number): unknown
  /** Statements that replace the value of a variable, or `return REFUSED`. Else `read` is called. */
  write?(scope: CodeScope, variable: string, depth: string): string
}

/** Makes an instance of a model; filled in by a back end, since models may contain each other. */
export interface ModelBuilder {
  build(value: unknown, depth: number): unknown
}

/** Whatever JSON can hold, copied. */
export const FREE: Reading = {
  read: readFree,
  write: (scope, v, depth) =>
    `if (typeof ${v} === 'object') { ${v} = ${scope.refer(readFree)}(${v}, ${depth}); ${refuseIf(`${v} === REFUSED`)} }`,
}

function readFree(value: unknown, depth: number): unknown {
  if (typeof value !== 'object' || value === null) return value
  if (depth > MAX_DEPTH) return REFUSED
  if (Array.isArray(value)) {
    const list: unknown[] = []
    for (const each of value) {
      const read = readFree(each, depth + 1)
      if (read === REFUSED) return REFUSED
      list.push(read)
    }
    return list
  }
  if (!isPlain(value)) return REFUSED
  const copy: Record<string, unknown> = {}
  for (const [key, member] of Object.entries(value)) {
    const read = readFree(member, depth + 1)
    // class-transformer leaves out what would cover a method of every object.
    if (read === REFUSED || key in Object.prototype) return REFUSED
    if (read !== undefined) copy[key] = read
  }
  return copy
}

/** A number, a text or a flag of JSON, which must be one already. */
export function ofType(type: 'number' | 'string' | 'boolean'): Reading {
  return {
    read: (value) => (typeof value === type ? value : REFUSED),
    write: (_scope, v) => refuseIf(`typeof ${v} !== '${type}'`),
  }
}

/** A value from text; dates and big integers are text in JSON too. */
export function fromText(type: unknown): Reading {
  return {
    read: (value) => {
      if (typeof value === 'string') {
        const converted = convertText(value, type)
        return converted instanceof ConversionFailure ? REFUSED : converted
      }
      if (type === BigInt) return typeof value === 'bigint' ? value : REFUSED
      if (type === Date) return value instanceof Date && !Number.isNaN(value.getTime()) ? new Date(value) : REFUSED
      return typeof value === typeNames.get(type) ? value : REFUSED
    },
  }
}

const typeNames = new Map<unknown, string>([
  [Number, 'number'],
  [Boolean, 'boolean'],
  [String, 'string'],
])

/** An instance of a model. */
export function ofModel(model: ModelBuilder): Reading {
  return {
    read: (value, depth) => model.build(value, depth),
    write: (scope, v, depth) => `${v} = ${scope.refer(model)}.build(${v}, ${depth}); ${refuseIf(`${v} === REFUSED`)}`,
  }
}

/** An instance of the model that a property of the value names. */
export function ofVariant(property: string, variants: ReadonlyMap<unknown, ModelBuilder>): Reading {
  return {
    read: (value, depth) => {
      if (typeof value !== 'object' || value === null || !Object.hasOwn(value, property)) return REFUSED
      return variants.get((value as Record<string, unknown>)[property])?.build(value, depth) ?? REFUSED
    },
  }
}

export interface ListForm {
  readonly element: Reading
  /** Elements that are missing would pass for instances. */
  readonly refusesNull: boolean
  readonly isSet: boolean
  /** Lists inside the list are lists of the same elements. */
  readonly isNested: boolean
  /** One text is a list of one. */
  readonly wrapsText: boolean
}

export function ofList(form: ListForm): Reading {
  const { element, refusesNull, isSet, isNested, wrapsText } = form
  const elements = (values: unknown, depth: number): unknown => {
    if (!Array.isArray(values) || depth > MAX_DEPTH) return REFUSED
    const list: unknown[] = []
    for (const value of values) {
      let read: unknown = value
      if (isNested && Array.isArray(value)) read = elements(value, depth + 1)
      else if (value !== null && value !== undefined) read = element.read(value, depth + 1)
      else if (refusesNull) return REFUSED
      if (read === REFUSED) return REFUSED
      list.push(read)
    }
    return list
  }
  const read = (value: unknown, depth: number): unknown => {
    const list = elements(wrapsText && typeof value === 'string' ? [value] : value, depth)
    return isSet && list !== REFUSED ? new Set(list as unknown[]) : list
  }
  if (isNested || wrapsText) return { read }
  return { read, write: (scope, v, depth) => writeList(scope, v, depth, form) }
}

function writeList(scope: CodeScope, v: string, depth: string, { element, refusesNull, isSet }: ListForm): string {
  const [list, each, index] = [scope.fresh('list'), scope.fresh('each'), scope.fresh('i')]
  return [
    refuseIf(`!Array.isArray(${v}) || ${depth} > ${MAX_DEPTH}`),
    // Copied at once: a list that grows by single elements takes room for many.
    `const ${list} = [...${v}]`,
    `for (let ${index} = 0; ${index} < ${list}.length; ${index}++) {`,
    `let ${each} = ${list}[${index}]`,
    `if (${each} !== null && ${each} !== undefined) { ${scope.writeReading(element, each, `${depth} + 1`)} }`,
    refusesNull ? `else return REFUSED` : '',
    `${list}[${index}] = ${each}`,
    '}',
    `${v} = ${isSet ? `new Set(${list})` : list}`,
  ].join('\n')
}

/** A map with texts for keys, from an object. */
export function ofMap(element: Reading): Reading {
  return {
    read: (value, depth) => {
      if (!isPlain(value) || depth > MAX_DEPTH) return REFUSED
      const map = new Map<string, unknown>()
      for (const [key, member] of Object.entries(value)) {
        // class-transformer leaves out what is called like a method of a map.
        if (member === null || member === undefined || key in Map.prototype || key === '__proto__') return REFUSED
        const read = element.read(member, depth + 1)
        if (read === REFUSED) return REFUSED
        map.set(key, read)
      }
      return map
    },
  }
}

/** A list where a list came, else one value. */
export function listOr(list: Reading, single: Reading): Reading {
  return {
    read: (value, depth) => (Array.isArray(value) ? list : single).read(value, depth),
    write: (scope, v, depth) =>
      `if (Array.isArray(${v})) { ${scope.writeReading(list, v, depth)} } else { ${scope.writeReading(single, v, depth)} }`,
  }
}

/** Nothing but a list must not come. */
export function unlessList(single: Reading): Reading {
  return { read: (value, depth) => (Array.isArray(value) ? REFUSED : single.read(value, depth)) }
}

/** An object as a JSON parser or a query parser makes it. */
export function isPlain(value: unknown): value is object {
  if (typeof value !== 'object' || value === null) return false
  const prototype: unknown = Object.getPrototypeOf(value)
  return prototype === Object.prototype || prototype === null
}

function refuseIf(condition: string): string {
  return `if (${condition}) return REFUSED`
}
