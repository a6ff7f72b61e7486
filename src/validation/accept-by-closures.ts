/** The back end that needs no generated code: one closure for each model, over its plan. */
import type { FieldPlan, ModelPlan } from './acceptance-plan.ts'
import { MAX_DEPTH } from './read-input.ts'
import { isPlain, REFUSED } from './reading.ts'

/** The function that makes and checks the instances of a model. Properties are set in the order in which they came. */
export function buildByClosures(plan: ModelPlan): ModelPlan['build'] {
  const { type, fields, isStrict, discriminator, hasInitialValues } = plan
  const setters = new Map(fields.map((field) => [field.key, setter(field, plan)]))
  const visited = fields.filter(({ isVisitedUnsent, transforms }) => isVisitedUnsent && transforms.length > 0)
  const checks = fields.flatMap((field) => (field.check ? [checker(field, field.check)] : []))

  return (value, depth) => {
    if (depth > MAX_DEPTH || !isPlain(value)) return REFUSED
    const input = value as Record<string, unknown>
    const instance = new type() as Record<string, unknown>
    for (const key of Object.keys(input)) {
      const set = setters.get(key)
      if (set) {
        if (!set(input, instance, depth)) return REFUSED
      } else if (isStrict && key !== discriminator) return REFUSED
    }
    for (const { key } of visited) if (input[key] === undefined) setters.get(key)?.(input, instance, depth)
    if (hasInitialValues) {
      for (const name of Object.keys(instance)) if (instance[name] === undefined) delete instance[name]
    }
    for (const holds of checks) if (!holds(instance, input)) return REFUSED
    return instance
  }
}

type Setter = (input: Record<string, unknown>, instance: Record<string, unknown>, depth: number) => boolean

function setter({ key, property, reading, fate, transforms, isVisitedUnsent }: FieldPlan, plan: ModelPlan): Setter {
  return (input, instance, depth) => {
    let value = input[key]
    if (value !== undefined) {
      if (fate === 'refuse') return false
      if (value !== null) value = reading.read(value, depth + 1)
      if (value === REFUSED) return false
      if (fate === 'drop') value = undefined
    }
    if (value !== undefined || isVisitedUnsent) {
      for (const transform of transforms) {
        value = transform({ value, key: property, obj: input, type: 0, options: plan.transformOptions })
      }
    }
    if (value !== undefined) instance[property] = value
    return true
  }
}

type Check = NonNullable<FieldPlan['check']>

function checker(
  { key, property, fate }: FieldPlan,
  { isOptional, conditions, tests, isNested }: Check,
): (instance: Record<string, unknown>, input: Record<string, unknown>) => boolean {
  return (instance, input) => {
    const value = instance[property]
    if (isOptional && (value === null || value === undefined)) return true
    for (const condition of conditions) if (!condition(instance, value)) return true
    // An initial value was never read.
    const isUnread = fate !== 'set' || input[key] === undefined
    if (isNested && (value === null || (value !== undefined && isUnread))) return false
    for (const test of tests) if (!test.holds(value, instance)) return false
    return true
  }
}
