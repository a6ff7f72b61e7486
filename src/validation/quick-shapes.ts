/** The shapes of models for usual values, compiled when the first one is written. */
import type { AbstractClass } from '../../decorators/index.ts'
import type { BackEnd } from './code-scope.ts'
import type { OutputField, OutputModel, OutputModels } from './output-model.ts'
import {
  fieldWriter,
  NOT_QUICK,
  unwrittenTypes,
  type QuickShape,
  type ShapeLookup,
  type ValueWriter,
} from './quick-values.ts'
import { shapeByClosures } from './shape-by-closures.ts'
import { shapeByCode } from './shape-by-code.ts'
import type { TransformFact } from './validation-metadata.ts'

/** One field that leaves. */
export interface ShapeField {
  readonly property: string
  readonly key: string
  readonly transforms: readonly TransformFact['transformFn'][]
  readonly write: ValueWriter
  /** What `typeof` says of values that need no writing. */
  readonly unwritten: readonly string[]
}

/** What leaves of one model. */
export interface ShapePlan {
  readonly type: AbstractClass
  readonly fields: readonly ShapeField[]
  /** Properties that are asked of the class when the value has none of its own: getters. */
  readonly inherited: readonly string[]
  /** A field that only the compiler knows of. */
  readonly other: ((name: string) => ShapeField | undefined) | undefined
  readonly transformOptions: object
}

/** Names that are asked for come from the handlers' objects: no more of them are kept than this. */
const MAX_REMEMBERED_NAMES = 1000

/** Shapes for one set of groups. */
export class QuickShapes implements ShapeLookup {
  readonly #known = new Map<OutputModel, QuickShape>()
  readonly #models: OutputModels
  readonly #compile: (plan: ShapePlan) => QuickShape['write']
  readonly #transformOptions: object

  constructor(models: OutputModels, groups: readonly string[], backEnd: BackEnd) {
    this.#models = models
    this.#compile = backEnd === 'code' ? shapeByCode : shapeByClosures
    this.#transformOptions = groups.length > 0 ? { groups: [...groups] } : {}
  }

  modelOf(type: AbstractClass): OutputModel {
    return this.#models.of(type)
  }

  of(model: OutputModel): QuickShape {
    const known = this.#known.get(model)
    if (known) return known
    const shape: QuickShape = {
      write: (value, depth) => {
        shape.write = this.#compile(this.#plan(model))
        return shape.write(value, depth)
      },
    }
    this.#known.set(model, shape)
    return shape
  }

  #plan(model: OutputModel): ShapePlan {
    const { type, fields } = model
    return {
      type,
      fields: fields.map((field) => this.#field(field)),
      inherited: fields.map(({ property }) => property).filter((name) => name in (type.prototype as object)),
      other: model.isExcludedAll ? undefined : this.#others(model),
      transformOptions: this.#transformOptions,
    }
  }

  #field(field: OutputField): ShapeField {
    const { property, key, transforms } = field
    // An object literal would take it for its prototype.
    if (key === '__proto__') throw NOT_QUICK
    return {
      property,
      key,
      transforms: transforms.map(({ transformFn }) => transformFn),
      write: fieldWriter(field, this),
      unwritten: unwrittenTypes(field),
    }
  }

  #others(model: OutputModel): (name: string) => ShapeField | undefined {
    const known = new Map<string, ShapeField | undefined>()
    return (name) => {
      if (known.has(name)) return known.get(name)
      const emitted = model.emittedField(name)
      const field = emitted && this.#field(emitted)
      if (known.size < MAX_REMEMBERED_NAMES) known.set(name, field)
      return field
    }
  }
}
