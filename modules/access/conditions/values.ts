/**
 * What values are to each other, in memory; the SQL of `rows/` says the same. Null equals nothing and is neither less
 * nor greater. Values of different kinds are never equal. Text is compared letter by letter (no case folding, no trailing
 * blanks, no locale) and ordered by code point; times count whole milliseconds.
 */
import type { Comparison, Scalar } from 'tenon/decorators'

export type Kind = 'text' | 'number' | 'boolean' | 'time'

/** Times outside of these cannot be kept by every database (MariaDB: `datetime`). */
const FIRST_TIME = Date.UTC(1000, 0, 1)
const LAST_TIME = Date.UTC(9999, 11, 31)

/** What can be compared; none for null, and for what no database can be asked for (NaN, NUL, halves of surrogate pairs). */
export function kindOf(value: unknown): Kind | undefined {
  if (typeof value === 'string') return value.isWellFormed() && !value.includes('\0') ? 'text' : undefined
  if (typeof value === 'number') return Number.isFinite(value) ? 'number' : undefined
  if (typeof value === 'boolean') return 'boolean'
  if (!(value instanceof Date)) return undefined
  const time = value.getTime()
  return time >= FIRST_TIME && time < LAST_TIME ? 'time' : undefined
}

export function compares(operator: Comparison, left: unknown, right: unknown): boolean {
  const kind = kindOf(left)
  if (kind === undefined || kind !== kindOf(right)) return false
  const order = orderOf(left as Scalar, right as Scalar)
  switch (operator) {
    case 'equal':
      return order === 0
    case 'less':
      return order < 0
    case 'lessOrEqual':
      return order <= 0
    case 'greater':
      return order > 0
    case 'greaterOrEqual':
      return order >= 0
  }
}

/** @returns Less than, equal to or greater than zero. */
function orderOf(left: Scalar, right: Scalar): number {
  if (typeof left === 'string') return orderOfText(left, right as string)
  return Number(left) - Number(right)
}

/** UTF-16, in which JavaScript compares, orders letters beyond U+FFFF before some of those below. */
function orderOfText(left: string, right: string): number {
  if (left === right) return 0
  return Buffer.compare(Buffer.from(left), Buffer.from(right))
}
