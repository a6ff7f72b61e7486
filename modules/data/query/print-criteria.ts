/** Criteria as a message names them. */
import { isDate } from 'node:util/types'

import { InstanceChecker } from 'typeorm'

/** `id 42, state open`; alternatives with `or`. */
export function printCriteria(where: unknown): string {
  if (Array.isArray(where)) return where.map(printCriteria).join(' or ')
  const values = Object.entries((where ?? {}) as Record<string, unknown>)
  return values.length === 0 ? 'any values' : values.map(([name, value]) => `${name} ${print(value)}`).join(', ')
}

function print(value: unknown): string {
  if (isDate(value)) return value.toISOString()
  if (InstanceChecker.isFindOperator(value)) return `${value.type} ${print(value.value)}`
  return typeof value === 'string' ? value : JSON.stringify(value)
}
