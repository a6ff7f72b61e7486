/**
 * Nested DTOs without `@Type`: class-transformer leaves them plain objects, and their rules would never be asked.
 * The check reports them before the start.
 */
import type { AbstractClass, Class } from '../../decorators/index.ts'
import {
  constraintsOf,
  decoratedProperties,
  describedProperties,
  emittedClass,
  PLAIN_TO_CLASS,
  transformerStorage,
} from './validation-metadata.ts'

/** A property that holds a DTO and does not say which. */
export interface UntypedNested {
  /** The class that has the property: the one asked about, or one that it nests. */
  readonly type: AbstractClass
  readonly property: string
}

/** All of them, in a DTO and in the DTOs that it nests. A property with a `@Transform` makes its own instances. */
export function findUntypedNested(type: Class): readonly UntypedNested[] {
  const found: UntypedNested[] = []
  const seen = new Set<AbstractClass>()
  const visit = (each: AbstractClass): void => {
    if (seen.has(each)) return
    seen.add(each)
    const isUntypedNested = untypedNestedIn(each)
    for (const property of decoratedProperties(each)) {
      if (isUntypedNested(property)) found.push({ type: each, property })
      for (const nested of namedTypes(each, property)) visit(nested)
    }
  }
  visit(type)
  return found
}

/** The libraries look through everything they know for each answer: they are asked once for a class. */
function untypedNestedIn(type: AbstractClass): (property: string) => boolean {
  const storage = transformerStorage()
  const nested = new Set(
    constraintsOf(type)
      .filter((each) => each.type === 'nestedValidation')
      .map((each) => each.propertyName),
  )
  const described = new Set(describedProperties(type))
  return (property) => {
    if (storage?.findTypeMetadata(type, property)) return false
    if (storage && storage.findTransformMetadatas(type, property, PLAIN_TO_CLASS).length > 0) return false
    if (nested.has(property)) return true
    const emitted = described.has(property) ? emittedClass(type, property) : undefined
    return emitted !== undefined && constraintsOf(emitted).length > 0
  }
}

function namedTypes(type: AbstractClass, property: string): AbstractClass[] {
  const fact = transformerStorage()?.findTypeMetadata(type, property)
  const named = fact
    ? [
        fact.typeFunction({ newObject: {}, object: {}, property }),
        ...(fact.options.discriminator?.subTypes ?? []).map((each) => each.value),
      ]
    : [emittedClass(type, property)]
  return named.filter((each): each is AbstractClass => typeof each === 'function')
}
