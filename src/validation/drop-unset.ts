/**
 * Fields that were not sent are not there: a compiler that defines class fields leaves each of them as an own
 * property holding `undefined`, which an update would take for a value.
 */
import type { AbstractClass } from '../../decorators/index.ts'
import type { InputShapes } from './input-shape.ts'
import { isBuiltIn } from './validation-metadata.ts'

/** Removes them from an instance and from the instances that its typed fields nest. */
export function dropUnset(instance: object, shapes: InputShapes): void {
  const shape = shapes.of(instance.constructor as AbstractClass)
  for (const [property, value] of Object.entries(instance) as [string, unknown][]) {
    if (value === undefined) {
      delete (instance as Record<string, unknown>)[property]
      continue
    }
    const field = shape.byProperty.get(property)
    if (field?.typed && !field.isTransformed) dropNested(value, shapes)
  }
}

function dropNested(value: unknown, shapes: InputShapes): void {
  if (Array.isArray(value) || value instanceof Set || value instanceof Map) {
    for (const each of value.values()) dropNested(each, shapes)
  } else if (typeof value === 'object' && value !== null && !isBuiltIn(value.constructor)) {
    dropUnset(value, shapes)
  }
}
