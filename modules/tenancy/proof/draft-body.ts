/** A body that an endpoint takes, as far as the rules of its DTO tell: class-validator's, by their names. */
import { getMetadataStorage } from 'class-validator'

import type { Row } from './tenant-world.ts'

/** A key of the world that a field names: `customer`, `customerId` and `customer_id` name a `Customer`. */
export type KeyOf = (field: string) => string | number | undefined

/** `undefined` where the type tells nothing. */
export function draftBody(type: unknown, mark: string, keyOf: KeyOf): Row | undefined {
  if (typeof type !== 'function' || [Object, String, Number, Boolean, Array].includes(type as never)) return undefined
  const rules = getMetadataStorage().getTargetValidationMetadatas(type, '', false, false)
  const body: Row = {}
  for (const [field, own] of Map.groupBy(rules, ({ propertyName }) => propertyName)) {
    const rule = (name: string) => own.find((each) => each.name === name || each.type === name)
    const key = keyOf(field)
    const isOptional = rule('conditionalValidation') !== undefined
    const emitted = Reflect.getMetadata('design:type', type.prototype as object, field) as unknown
    const value = key ?? draft(rule, emitted, mark)
    if (value !== undefined && (!isOptional || key !== undefined || typeof value === 'string'))
      body[field] = own.some(({ each }) => each) ? [value] : value
  }
  return Object.keys(body).length === 0 ? undefined : body
}

type Rule = (name: string) => { readonly constraints?: unknown[] } | undefined

function draft(rule: Rule, emitted: unknown, mark: string): unknown {
  const allowed: unknown = rule('isIn')?.constraints?.[0] ?? rule('isEnum')?.constraints?.[1]
  if (Array.isArray(allowed)) return allowed[0]
  if (rule('isEmail')) return `${mark}@example.com`
  if (rule('isUuid')) return '00000000-0000-4000-8000-000000000000'
  if (rule('isUrl')) return `https://example.com/${mark}`
  if (rule('isBoolean') || emitted === Boolean) return true
  if (rule('isDateString') || rule('isIso8601') || rule('isDate') || emitted === Date) return '2031-01-01T00:00:00.000Z'
  if (rule('isInt') || rule('isNumber') || emitted === Number) return Number(rule('min')?.constraints?.[0] ?? 1)
  if (rule('isString') || emitted === String) {
    const least = Number(rule('minLength')?.constraints?.[0] ?? rule('isLength')?.constraints?.[0] ?? 0)
    return `${mark}1`.padEnd(least, 'x')
  }
  return undefined
}
