/** The limits an `@Env` states itself: `oneOf`, `min`, `max`. */
import type { EnvOptions } from '../../decorators/index.ts'

/** Why a value is outside the limits, as verb phrases; every element of a list is held to them. */
export function checkLimits(value: unknown, { oneOf, min, max }: EnvOptions, isSecret: boolean): readonly string[] {
  const items: readonly unknown[] = Array.isArray(value) ? value : [value]
  const numbers = items.filter((item) => typeof item === 'number')
  const reasons: string[] = []
  if (oneOf && !items.every((item) => (oneOf as readonly unknown[]).includes(item))) {
    reasons.push(isSecret ? 'is not one of the values allowed' : `is not one of ${oneOf.join(', ')}`)
  }
  if (min !== undefined && numbers.some((item) => !(item >= min))) reasons.push(`is less than ${min}`)
  if (max !== undefined && numbers.some((item) => !(item <= max))) reasons.push(`is more than ${max}`)
  return reasons
}
