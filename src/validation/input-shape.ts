/** What a DTO class takes in: its fields by the names callers use. Read once per class, from the libraries' metadata. */
import { emittedType, type AbstractClass } from '../../decorators/index.ts'
import {
  constraintsOf,
  describedProperties,
  PLAIN_TO_CLASS,
  transformerStorage,
  type ConstraintFact,
  type TypeFact,
} from './validation-metadata.ts'

/** One field of a DTO. */
export interface InputField {
  /** The property of the class. */
  readonly property: string
  /** What callers call it; differs where `@Expose({ name })` says so. */
  readonly key: string
  /** What the compiler emitted: `Array`, `Number`, a class, `Object` for what it cannot name, ... */
  readonly emitted: unknown
  /** `@Type`, which also says what the elements of a list are. */
  readonly typed: TypeFact | undefined
  /** A `@Transform` of the author takes part: what comes in may be of any form. */
  readonly isTransformed: boolean
  /** class-validator itself reports what is no object. */
  readonly isNestedValidated: boolean
  /** A list of lists: some rule says that each element is an array. */
  readonly hasListElements: boolean
}

/** The fields of one class. */
export interface InputShape {
  readonly type: AbstractClass
  readonly byKey: ReadonlyMap<string, InputField>
  readonly byProperty: ReadonlyMap<string, InputField>
}

/** Shapes of classes, made when first asked for: a DTO may nest itself. */
export class InputShapes {
  readonly #known = new Map<AbstractClass, InputShape>()

  of(type: AbstractClass): InputShape {
    let shape = this.#known.get(type)
    if (!shape) this.#known.set(type, (shape = readShape(type)))
    return shape
  }
}

function readShape(type: AbstractClass): InputShape {
  const constraints = constraintsOf(type)
  const fields = describedProperties(type).map((property) =>
    readField(
      type,
      property,
      constraints.filter((each) => each.propertyName === property),
    ),
  )
  return {
    type,
    byKey: new Map(fields.map((field) => [field.key, field])),
    byProperty: new Map(fields.map((field) => [field.property, field])),
  }
}

function readField(type: AbstractClass, property: string, constraints: readonly ConstraintFact[]): InputField {
  const storage = transformerStorage()
  const exposed = storage?.findExposeMetadata(type, property)?.options
  const transforms = storage?.findTransformMetadatas(type, property, PLAIN_TO_CLASS) ?? []
  return {
    property,
    key: exposed?.name !== undefined && exposed.toPlainOnly !== true ? exposed.name : property,
    emitted: emittedType(type.prototype as object, property),
    typed: storage?.findTypeMetadata(type, property),
    isTransformed: transforms.length > 0,
    isNestedValidated: constraints.some((each) => each.type === 'nestedValidation'),
    hasListElements: constraints.some((each) => each.each === true && /^(?:isArray|array[A-Z])/.test(each.name ?? '')),
  }
}
