/** The back end of serializers that needs no generated code. */
import { hasInherited, MAX_QUICK_DEPTH, NOT_QUICK, type QuickShape } from './quick-values.ts'
import type { ShapeField, ShapePlan } from './quick-shapes.ts'
import { CLASS_TO_PLAIN } from './validation-metadata.ts'

/** The function that writes instances of a model. */
export function shapeByClosures(plan: ShapePlan): QuickShape['write'] {
  const { fields, other, transformOptions } = plan
  const names = new Set(fields.map(({ property }) => property))
  const write = (source: object, result: Record<string, unknown>, field: ShapeField, depth: number): void => {
    const { property, key, transforms } = field
    let value = (source as Record<string, unknown>)[property]
    for (const transform of transforms) {
      value = transform({ value, key: property, obj: source, type: CLASS_TO_PLAIN, options: transformOptions })
    }
    if (value !== null && value !== undefined) value = field.write(value, depth, property)
    if (value !== undefined) result[key] = value
  }
  return (value, depth) => {
    if (depth > MAX_QUICK_DEPTH || !hasInherited(value, plan.type, plan.inherited)) throw NOT_QUICK
    const result: Record<string, unknown> = {}
    for (const field of fields) write(value, result, field, depth)
    if (!other) return result
    for (const name of Object.keys(value)) {
      if (names.has(name)) continue
      const field = other(name)
      if (field) write(value, result, field, depth)
    }
    return result
  }
}
