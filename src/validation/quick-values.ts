/**
 * How the values of fields are written where nothing is unusual. No path is kept on the way: what goes too deep may be
 * a circle, and is left to the writer that can tell.
 */
import type { AbstractClass } from '../../decorators/index.ts'
import type { OutputField, OutputModel } from './output-model.ts'
import { classOf, define, fromEntries, isWritable } from './plain-values.ts'
import { isBuiltIn, isDto, type TypeFact } from './validation-metadata.ts'

/** Thrown when the answer is left to the exact writer; made once, since a stack would say nothing. */
export const NOT_QUICK: Error = new Error('left to the exact writer')

export const MAX_QUICK_DEPTH = 64

/** Writes instances of one model. */
export interface QuickShape {
  write(value: object, depth: number): Record<string, unknown>
}

/** Where the shapes of other models come from. */
export interface ShapeLookup {
  of(model: OutputModel): QuickShape
  modelOf(type: AbstractClass): OutputModel
}

/** Whether a value has what its model inherits: a plain object would need a stand-in with the getters of the class. */
export function hasInherited(value: object, type: AbstractClass, inherited: readonly string[]): boolean {
  return inherited.length === 0 || value instanceof type || inherited.every((name) => name in value)
}

/** Writes a value that is neither `null` nor `undefined`. */
export type ValueWriter = (value: unknown, depth: number, step: PropertyKey) => unknown

/** What `typeof` says of the values of a field that are written as they are. */
export function unwrittenTypes({ typed, emitted }: OutputField): readonly string[] {
  const type = typed ? typeNamed(typed) : emitted
  if (type === UNCERTAIN) return []
  const scalars = new Map<unknown, string>([
    [String, 'string'],
    [Number, 'number'],
    [Boolean, 'boolean'],
  ])
  const scalar = scalars.get(type)
  return scalar === undefined ? [...scalars.values()] : [scalar]
}

/** The writer of a field's values, alone or in lists, sets and maps. */
export function fieldWriter(field: OutputField, lookup: ShapeLookup): ValueWriter {
  const one = elementWriter(field, lookup)
  const write: ValueWriter = (value, depth, step) => {
    if (typeof value !== 'object' || value === null) return value === null ? value : one(value, depth, step)
    if (depth > MAX_QUICK_DEPTH) throw NOT_QUICK
    if (Array.isArray(value)) return writeList(value, depth, write)
    if (value instanceof Set) return writeList([...(value as Set<unknown>)], depth, write)
    if (value instanceof Map) return fromEntries(value, (each, key) => written(write, each, depth + 1, key))
    return one(value, depth, step)
  }
  return write
}

function writeList(values: readonly unknown[], depth: number, write: ValueWriter): unknown[] {
  const list: unknown[] = []
  for (let index = 0; index < values.length; index++) list.push(written(write, values[index], depth + 1, index))
  return list
}

function written(write: ValueWriter, value: unknown, depth: number, step: PropertyKey): unknown {
  return value === null || value === undefined ? value : write(value, depth, step)
}

function elementWriter({ typed, emitted }: OutputField, lookup: ShapeLookup): ValueWriter {
  const free = freeWriter(lookup)
  if (!typed && !emitted) return free
  const type = typed ? typeNamed(typed) : emitted
  if (type === UNCERTAIN) return refuse
  if (type === String || type === Number || type === Boolean) {
    const convert = type as (value: unknown) => unknown
    return (value, depth, step) => (typeof value === 'object' ? free(value, depth, step) : convert(value))
  }
  const isModel =
    typeof type === 'function' && !isBuiltIn(type) && (typed !== undefined || isDto(type as AbstractClass))
  if (!isModel) return free

  const shape = lookup.of(lookup.modelOf(type as AbstractClass))
  const discriminator = typed?.options.discriminator
  if (!discriminator) {
    return (value, depth, step) => {
      const isUsual = value instanceof (type as AbstractClass) || isWritable(value)
      return isUsual ? shape.write(value as object, depth + 1) : free(value, depth, step)
    }
  }
  const { property: kind, subTypes } = discriminator
  const variants = subTypes.map(({ name, value }) => ({ name, type: value, shape: lookup.of(lookup.modelOf(value)) }))
  return (value, depth, step) => {
    if (!isWritable(value)) return free(value, depth, step)
    const variant =
      variants.find((each) => each.type === value.constructor) ??
      variants.find((each) => each.name === (value as Record<string, unknown>)[kind])
    const plain = (variant?.shape ?? shape).write(value, depth + 1)
    if (variant) define(plain, kind, variant.name)
    return plain
  }
}

/** A value that no model describes; instances of models inside of it are written by theirs. */
function freeWriter(lookup: ShapeLookup): ValueWriter {
  const write: ValueWriter = (value, depth, step) => {
    if (typeof value === 'bigint') return value.toString()
    if (typeof value === 'function' || typeof value === 'symbol') return undefined
    if (typeof value !== 'object' || value === null) return value
    if (depth > MAX_QUICK_DEPTH) throw NOT_QUICK
    if (Array.isArray(value) && Object.getPrototypeOf(value) === Array.prototype && !('toJSON' in value)) {
      return writeList(value, depth, write)
    }
    if (value instanceof Uint8Array) {
      return Buffer.from(value.buffer, value.byteOffset, value.byteLength).toString('base64')
    }
    if (Object.getPrototypeOf(value) === Date.prototype) return (value as Date).toJSON(String(step))
    const type = classOf(value)
    if (type && isDto(type)) return lookup.of(lookup.modelOf(type)).write(value, depth + 1)
    if ('toJSON' in value && typeof value.toJSON === 'function') {
      return (value.toJSON as (key: string) => unknown)(String(step))
    }
    // What such a class declares is found out by the exact writer.
    if (type) throw NOT_QUICK
    if (value instanceof Set) return writeList([...(value as Set<unknown>)], depth, write)
    const entries = value instanceof Map ? value : Object.entries(value)
    return fromEntries(entries, (each, key) => written(write, each, depth + 1, key))
  }
  return write
}

/** A type that depends on the value, or cannot be told: the exact writer asks again, value by value. */
const UNCERTAIN = Symbol('uncertain')

function typeNamed({ typeFunction, propertyName }: TypeFact): unknown {
  if (typeFunction.length > 0) return UNCERTAIN
  try {
    return typeFunction({ newObject: {}, object: {}, property: propertyName })
  } catch {
    return UNCERTAIN
  }
}

const refuse: ValueWriter = () => {
  throw NOT_QUICK
}
