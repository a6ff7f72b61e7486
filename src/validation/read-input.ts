/**
 * Reads untrusted input against the shape of a DTO, into a copy that class-transformer can be given: only declared
 * fields, objects where objects belong, text converted, nothing that reaches a prototype, no depth that could exhaust
 * the stack. What does not fit is reported here and left out, so that one answer lists everything.
 */
import type { AbstractClass } from '../../decorators/index.ts'
import type { ProblemError } from '../errors/problem.ts'
import { ConversionFailure, convertText, cut, TEXT_TYPES } from './convert-text.ts'
import type { InputField, InputShape, InputShapes } from './input-shape.ts'
import { pointerTo } from './json-pointer.ts'
import { isBuiltIn, type TypeFact } from './validation-metadata.ts'

/** Objects and lists inside each other; far below what the stack of any later step allows. */
export const MAX_DEPTH = 64

/** Names that class-transformer and others read from objects as if they could not be data. */
const PROTOTYPE_NAMES: ReadonlySet<string> = new Set(['__proto__', 'constructor'])

/** How to read. */
export interface ReadOptions {
  readonly shapes: InputShapes
  /** Report undeclared fields; otherwise they are left out silently. */
  readonly isStrict: boolean
  /** Values are text and are converted. */
  readonly fromText: boolean
}

/** A value and where it stands. */
interface Place {
  readonly pointer: string
  /** What messages call it. */
  readonly name: string
  readonly depth: number
}

type PlainObject = Record<string, unknown>

/** One reading; `errors` and `failed` fill while it reads. */
export class InputReader {
  readonly errors: ProblemError[] = []
  /** Pointers that have been reported: later steps need not speak about them again. */
  readonly failed = new Set<string>()
  readonly #options: ReadOptions

  constructor(options: ReadOptions) {
    this.#options = options
  }

  /** Reads one DTO. Reports and answers `undefined` when the value is no object. */
  readRoot(value: unknown, shape: InputShape, pointer: string): PlainObject | undefined {
    if (isObject(value)) return this.#readObject(value, shape, { pointer, name: '', depth: 1 })
    this.fail(pointer, 'isObject', `an object was expected, got ${kindOf(value)}`)
    return undefined
  }

  /** Reads one value that is no DTO: a number, a date, ... */
  readScalar(value: unknown, type: unknown, pointer: string, name: string): unknown {
    return this.#readScalar(value, type, true, { pointer, name, depth: 1 })
  }

  fail(pointer: string, code: string, detail: string): void {
    this.errors.push({ pointer, code, detail })
    this.failed.add(pointer)
  }

  #readObject(value: object, shape: InputShape, place: Place, alsoAllowed?: string): PlainObject {
    const copy: PlainObject = {}
    if (this.#isTooDeep(place)) return copy
    for (const key of Object.keys(value)) {
      const member = (value as PlainObject)[key]
      const field = shape.byKey.get(key)
      if (field) {
        const read = this.#readField(member, field, this.#step(place, key, key))
        if (read !== undefined) copy[key] = read
      } else if (key === alsoAllowed) {
        copy[key] = member
      } else if (this.#options.isStrict) {
        this.fail(pointerTo(place.pointer, key), 'whitelistValidation', `property ${cut(key)} should not exist`)
      }
    }
    return copy
  }

  #readField(value: unknown, field: InputField, place: Place): unknown {
    if (value === null || value === undefined) return value
    if (field.isTransformed && !isObject(value) && !Array.isArray(value)) return value
    const { emitted, typed } = field
    if (typed?.reflectedType === Map) return this.#readMap(value, field, place)
    if ((emitted === Array || emitted === Set) && !field.isTransformed) {
      const list = this.#options.fromText && typeof value === 'string' ? [value] : value
      if (Array.isArray(list)) return this.#readList(list, field, place)
      return this.#refuse(place, 'isArray', `${place.name} must be an array`)
    }
    if (Array.isArray(value)) {
      const isList = field.isTransformed || emitted === Object || emitted === Array || emitted === undefined
      if (isList) return this.#readList(value, field, place)
      if (this.#options.fromText && TEXT_TYPES.has(emitted)) {
        return this.#refuse(place, 'isSingle', `${place.name} must be given once`)
      }
    }
    return this.#readElement(value, field, place)
  }

  #readList(values: readonly unknown[], field: InputField, place: Place): unknown {
    if (this.#isTooDeep(place)) return undefined
    return values.map((value, index) => {
      const at = this.#step(place, index, `${place.name}[${index}]`)
      if (Array.isArray(value) && field.hasListElements) return this.#readList(value, field, at)
      if (value === null && isModel(typeOf(field.typed, value))) {
        this.#refuse(at, 'isObject', `${at.name} must be an object`)
        return {}
      }
      const failures = this.failed.size
      const read = this.#readElement(value, field, at)
      if (this.failed.size === failures || isObject(read)) return read
      // Rules for "each value" speak of the whole list, which no longer is what the caller sent.
      if (!isModel(typeOf(field.typed, value))) this.failed.add(place.pointer)
      return {}
    })
  }

  #readMap(value: unknown, field: InputField, place: Place): unknown {
    if (!isObject(value)) return this.#refuse(place, 'isObject', `${place.name} must be an object`)
    if (this.#isTooDeep(place)) return undefined
    return this.#copyMembers(value, place, (member, at) => this.#readElement(member, field, at))
  }

  #readElement(value: unknown, field: InputField, place: Place): unknown {
    if (value === null || value === undefined) return value
    const { typed } = field
    const type = typeOf(typed, value) ?? (this.#options.fromText ? field.emitted : undefined)
    if (TEXT_TYPES.has(type)) {
      if (field.isTransformed) return this.#readFree(value, place)
      return this.#readScalar(value, type, typed !== undefined, place)
    }
    if (!typed || !isModel(type)) return this.#readFree(value, place)
    if (isObject(value)) return this.#readModel(value, type, typed, place)
    // What is no object at all is left to the message of @ValidateNested; lists would pass there.
    if (field.isNestedValidated && !Array.isArray(value)) return value
    return this.#refuse(place, 'isObject', `${place.name} must be an object`)
  }

  #readModel(value: object, type: AbstractClass, { options }: TypeFact, place: Place): unknown {
    const { discriminator } = options
    if (!discriminator) return this.#readObject(value, this.#options.shapes.of(type), place)

    const { property, subTypes } = discriminator
    const given = Object.hasOwn(value, property) ? (value as PlainObject)[property] : undefined
    const subType = subTypes.find((each) => each.name === given)
    if (subType) return this.#readObject(value, this.#options.shapes.of(subType.value), place, property)
    // class-transformer would fall back to the base type, whose rules are not those of any of the sub-types.
    const names = subTypes.map((each) => each.name).join(', ')
    this.fail(pointerTo(place.pointer, property), 'isIn', `${property} must be one of: ${names}`)
    this.failed.add(place.pointer)
    return {}
  }

  #readScalar(value: unknown, type: unknown, isDeclared: boolean, place: Place): unknown {
    if (value === null || value === undefined) return value
    const fromText = this.#options.fromText
    if (typeof value === 'string' && type !== String) {
      // JSON has no dates and no big integers: only these come as text there.
      if (!fromText && type !== Date && type !== BigInt) return this.#refuseScalar(type, place)
      const converted = convertText(value, type)
      if (!(converted instanceof ConversionFailure)) return converted
      return this.#refuse(place, converted.code, converted.detail(place.name))
    }
    return !isDeclared || isOfType(value, type) ? value : this.#refuseScalar(type, place)
  }

  #readFree(value: unknown, place: Place): unknown {
    if (Array.isArray(value)) {
      if (this.#isTooDeep(place)) return undefined
      return value.map((each, index) => this.#readFree(each, this.#step(place, index, `${place.name}[${index}]`)))
    }
    if (!isPlain(value)) return value
    if (this.#isTooDeep(place)) return undefined
    return this.#copyMembers(value, place, (member, at) => this.#readFree(member, at))
  }

  #copyMembers(value: object, place: Place, read: (member: unknown, at: Place) => unknown): PlainObject {
    const copy: PlainObject = {}
    for (const [key, member] of Object.entries(value)) {
      if (!PROTOTYPE_NAMES.has(key)) copy[key] = read(member, this.#step(place, key, key))
      else if (this.#options.isStrict) {
        this.fail(pointerTo(place.pointer, key), 'whitelistValidation', `property ${key} should not exist`)
      }
    }
    return copy
  }

  #isTooDeep({ pointer, depth }: Place): boolean {
    if (depth <= MAX_DEPTH) return false
    this.fail(pointer, 'maxDepth', `more than ${MAX_DEPTH} objects and lists are nested`)
    return true
  }

  #refuse({ pointer }: Place, code: string, detail: string): undefined {
    this.fail(pointer, code, detail)
    return undefined
  }

  #refuseScalar(type: unknown, place: Place): undefined {
    const { code, expected } = SCALARS.get(type) ?? { code: 'isString', expected: 'a string' }
    return this.#refuse(place, code, `${place.name} must be ${expected}`)
  }

  #step({ pointer, depth }: Place, member: PropertyKey, name: string): Place {
    return { pointer: pointerTo(pointer, member), name, depth: depth + 1 }
  }
}

const SCALARS = new Map<unknown, { readonly code: string; readonly expected: string }>([
  [Number, { code: 'isNumber', expected: 'a number' }],
  [Boolean, { code: 'isBoolean', expected: 'true or false' }],
  [Date, { code: 'isDate', expected: 'an ISO 8601 date' }],
  [BigInt, { code: 'isBigInt', expected: 'a whole number, as text' }],
])

function isOfType(value: unknown, type: unknown): boolean {
  switch (type) {
    case Number:
      return typeof value === 'number'
    case Boolean:
      return typeof value === 'boolean'
    case Date:
      return value instanceof Date && !Number.isNaN(value.getTime())
    case BigInt:
      return typeof value === 'bigint'
    default:
      return typeof value === 'string'
  }
}

function typeOf(typed: TypeFact | undefined, value: unknown): unknown {
  if (!typed) return undefined
  const object = isObject(value) ? value : {}
  return typed.typeFunction({ newObject: {}, object, property: typed.propertyName })
}

/** A class that an application wrote: it has a shape, if only an empty one. */
function isModel(type: unknown): type is AbstractClass {
  return typeof type === 'function' && !isBuiltIn(type)
}

function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function isPlain(value: unknown): value is object {
  if (!isObject(value)) return false
  const prototype: unknown = Object.getPrototypeOf(value)
  return prototype === Object.prototype || prototype === null
}

function kindOf(value: unknown): string {
  if (value === undefined) return 'nothing'
  if (value === null) return 'null'
  return Array.isArray(value) ? 'a list' : `a ${typeof value}`
}
