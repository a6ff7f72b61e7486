/** The oracle of the compiled serializer: one field after the other, nothing prepared. */
import type { AbstractClass, Class } from '../../../../decorators/index.ts'
import { OutputModels, type OutputField, type OutputModel } from '../../../../src/validation/output-model.ts'
import { CLASS_TO_PLAIN, isBuiltIn, isDto } from '../../../../src/validation/validation-metadata.ts'
import { SerializeCircular, SerializeModelMismatch } from '../../../../src/validation/validation-errors.ts'

interface SerializerOptions {
  /** The answer is a list of the model. Default: `false`. */
  readonly array?: boolean
  /** Groups of class-transformer: fields exposed for others do not leave. */
  readonly groups?: readonly string[]
}

/**
 * What a handler answered in, a plain value for `JSON.stringify` out.
 * @throws `SERIALIZE_MODEL_MISMATCH` when it is not what was declared, `SERIALIZE_CIRCULAR` when it contains itself.
 */
type Serializer = (value: unknown) => unknown

/** The object being written and those around it: shows where a circle closes. */
interface Frame {
  readonly value: object
  readonly step: PropertyKey
  readonly outer: Frame | undefined
}

/** As `compileSerializer` of the kernel. */
export async function interpretedSerializer(
  type: Class,
  { array = false, groups = [] }: SerializerOptions = {},
): Promise<Serializer> {
  // What the model's decorators recorded can be read once the library is there, and a model without any needs none.
  const writing = new Writing(type, groups)
  return array ? (value) => writing.list(value) : (value) => writing.answer(value)
}

/** Everything that the answers of one model share. */
class Writing {
  readonly #model: OutputModel
  readonly #models: OutputModels
  readonly #groups: readonly string[]

  constructor(type: AbstractClass, groups: readonly string[]) {
    this.#models = new OutputModels(groups)
    this.#model = this.#models.of(type)
    this.#groups = groups
  }

  answer(value: unknown): unknown {
    if (!isWritable(value)) throw new SerializeModelMismatch(this.#model.type.name, nameOf(value))
    return this.#writeModel(value, this.#model, undefined, '')
  }

  list(value: unknown): unknown {
    const expected = `a list of ${this.#model.type.name}`
    if (!Array.isArray(value) && !(value instanceof Set)) throw new SerializeModelMismatch(expected, nameOf(value))
    return Array.from(value as Iterable<unknown>, (each, index) => {
      if (!isWritable(each)) throw new SerializeModelMismatch(expected, `${nameOf(each)} at ${index}`)
      return this.#writeModel(each, this.#model, undefined, index)
    })
  }

  #writeModel(value: object, model: OutputModel, outer: Frame | undefined, step: PropertyKey): Record<string, unknown> {
    const frame = this.#enter(value, outer, step)
    const source = withGetters(value, model)
    const result: Record<string, unknown> = {}
    for (const field of model.fields) this.#writeField(result, source, field, frame)
    for (const name of Object.keys(value)) {
      const field = model.emittedField(name)
      if (field) this.#writeField(result, source, field, frame)
    }
    return result
  }

  #writeField(result: Record<string, unknown>, source: object, field: OutputField, frame: Frame): void {
    const { property, key, transforms } = field
    let value = (source as Record<string, unknown>)[property]
    const options = this.#groups.length > 0 ? { groups: [...this.#groups] } : {}
    for (const { transformFn } of transforms) {
      value = transformFn({ value, key: property, obj: source, type: CLASS_TO_PLAIN, options })
    }
    const written = this.#writeTyped(value, field, source, frame, property)
    if (written !== undefined) define(result, key, written)
  }

  #writeTyped(value: unknown, field: OutputField, source: object, outer: Frame, step: PropertyKey): unknown {
    if (value === null || value === undefined) return value
    if (Array.isArray(value) || value instanceof Set) {
      const frame = this.#enter(value, outer, step)
      return Array.from(value as Iterable<unknown>, (each, index) =>
        this.#writeTyped(each, field, source, frame, index),
      )
    }
    if (value instanceof Map) {
      const frame = this.#enter(value, outer, step)
      return fromEntries(value, (each, key) => this.#writeTyped(each, field, source, frame, key))
    }
    const { typed, emitted, property } = field
    const type = typed ? typed.typeFunction({ newObject: {}, object: source, property }) : emitted
    if (type === String || type === Number || type === Boolean) {
      return typeof value === 'object'
        ? this.#writeFree(value, outer, step)
        : (type as (from: unknown) => unknown)(value)
    }
    if (!isWritable(value) || typeof type !== 'function' || isBuiltIn(type)) return this.#writeFree(value, outer, step)
    // Without @Type, an emitted class may also be a value of another library (a decimal, an id) that writes itself.
    if (!typed && !isDto(type as AbstractClass)) return this.#writeFree(value, outer, step)

    const discriminator = typed?.options.discriminator
    if (!discriminator) return this.#writeModel(value, this.#models.of(type as AbstractClass), outer, step)
    const { property: kind, subTypes } = discriminator
    const subType =
      subTypes.find((each) => each.value === value.constructor) ??
      subTypes.find((each) => each.name === (value as Record<string, unknown>)[kind])
    const written = this.#writeModel(value, this.#models.of(subType?.value ?? (type as AbstractClass)), outer, step)
    if (subType) define(written, kind, subType.name)
    return written
  }

  /** A value that no model describes; instances of models inside of it are still written by theirs. */
  #writeFree(value: unknown, outer: Frame, step: PropertyKey): unknown {
    if (typeof value === 'bigint') return value.toString()
    if (typeof value === 'function' || typeof value === 'symbol') return undefined
    if (typeof value !== 'object' || value === null) return value
    if (value instanceof Uint8Array)
      return Buffer.from(value.buffer, value.byteOffset, value.byteLength).toString('base64')

    const type = classOf(value)
    if (type && isDto(type)) return this.#writeModel(value, this.#models.of(type), outer, step)
    if ('toJSON' in value && typeof value.toJSON === 'function')
      return (value.toJSON as (key: string) => unknown)(String(step))

    const frame = this.#enter(value, outer, step)
    if (Array.isArray(value) || value instanceof Set) {
      return Array.from(value as Iterable<unknown>, (each, index) => this.#writeFree(each, frame, index))
    }
    const entries = value instanceof Map ? value : Object.entries(type ? this.#declaredOnly(value, type) : value)
    return fromEntries(entries, (each, key) => this.#writeFree(each, frame, key))
  }

  /** A class that declares any field declares all it lets out; one that declares none is a plain value. */
  #declaredOnly(value: object, type: AbstractClass): object {
    const model = this.#models.of(type)
    const declared = Object.entries(value).filter(([name]) => model.emittedField(name) !== undefined)
    return declared.length > 0 ? Object.fromEntries(declared) : value
  }

  #enter(value: object, outer: Frame | undefined, step: PropertyKey): Frame {
    const frame: Frame = { value, step, outer }
    for (let each = outer; each; each = each.outer) {
      if (each.value === value) throw new SerializeCircular(this.#model.type.name, pathOf(frame))
    }
    return frame
  }
}

/** Getters of the model work on plain objects too: they run on a stand-in that has the fields and the prototype. */
function withGetters(value: object, { type, fields }: OutputModel): object {
  if (value instanceof type) return value
  const missing = fields.some(({ property }) => !(property in value) && property in (type.prototype as object))
  if (!missing) return value
  return Object.create(type.prototype as object, Object.getOwnPropertyDescriptors(value)) as object
}

/** Whether a model can be written from it: a plain object or an instance of an application's class. */
function isWritable(value: unknown): value is object {
  if (typeof value !== 'object' || value === null) return false
  const prototype: unknown = Object.getPrototypeOf(value)
  return prototype === null || prototype === Object.prototype || classOf(value) !== undefined
}

/** The class an application wrote that a value is of; plain objects and the platform's classes have none. */
function classOf(value: object): AbstractClass | undefined {
  const prototype = Object.getPrototypeOf(value) as { constructor?: unknown } | null
  const type = prototype?.constructor
  return typeof type === 'function' && !isBuiltIn(type) ? (type as AbstractClass) : undefined
}

function fromEntries(
  entries: Iterable<readonly [unknown, unknown]>,
  write: (value: unknown, key: string) => unknown,
): Record<string, unknown> {
  const result: Record<string, unknown> = {}
  for (const [key, value] of entries) {
    const name = String(key)
    const written = write(value, name)
    if (written !== undefined) define(result, name, written)
  }
  return result
}

/** Sets an own property whatever its name: a stored `__proto__` is data here. */
function define(target: Record<string, unknown>, key: string, value: unknown): void {
  if (key === '__proto__')
    Object.defineProperty(target, key, { value, enumerable: true, configurable: true, writable: true })
  else target[key] = value
}

function pathOf(frame: Frame): string {
  const steps: string[] = []
  for (let each: Frame | undefined = frame; each; each = each.outer) steps.unshift(String(each.step))
  return steps.filter((step) => step !== '').join('.')
}

function nameOf(value: unknown): string {
  if (value === null || value === undefined) return String(value)
  if (Array.isArray(value) || value instanceof Set) return 'a list'
  if (typeof value !== 'object') return `a ${typeof value}`
  return `an instance of ${String(value.constructor.name)}`
}
