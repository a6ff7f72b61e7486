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
    for (const property of decoratedProperties(each)) {
      if (isUntypedNested(each, property)) found.push({ type: each, property })
      for (const nested of namedTypes(each, property)) visit(nested)
    }
  }
  visit(type)
  return found
}

function isUntypedNested(type: AbstractClass, property: string): boolean {
  const storage = transformerStorage()
  if (storage?.findTypeMetadata(type, property)) return false
  if (storage && storage.findTransformMetadatas(type, property, PLAIN_TO_CLASS).length > 0) return false
  const isNested = constraintsOf(type).some(
    (each) => each.propertyName === property && each.type === 'nestedValidation',
  )
  if (isNested) return true
  const emitted = emittedClass(type, property)
  return emitted !== undefined && describedProperties(type).includes(property) && constraintsOf(emitted).length > 0
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
