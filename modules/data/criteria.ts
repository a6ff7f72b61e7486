/**
 * What may stand in a `where`. A criterion whose value is missing is never "everything": it is refused, with the call
 * and the property named.
 */
import { isDate, isUint8Array } from 'node:util/types'

import { InstanceChecker, type FindOptionsWhere } from 'typeorm'

import { CriteriaEmpty, CriteriaMissing } from './data-errors.ts'

/** Which rows: properties and their values; in an array, any of them. */
export type Where<E> = FindOptionsWhere<E> | FindOptionsWhere<E>[]

/** @throws `DATA_CRITERIA_MISSING` where a value is `undefined` or `null`, at any depth. */
export function requireValues(call: string, where: unknown, path = 'where'): void {
  if (where === undefined || where === null) throw new CriteriaMissing(call, path, String(where))
  if (Array.isArray(where)) {
    for (const [index, each] of where.entries()) requireValues(call, each, `${path}[${index}]`)
  } else if (InstanceChecker.isFindOperator(where)) {
    requireOperand(call, where, path)
  } else if (isNested(where)) {
    for (const name of Object.keys(where)) {
      const value: unknown = where[name as keyof typeof where]
      // Most are: nothing is put together for them.
      if (typeof value === 'object' || value === undefined) requireValues(call, value, `${path}.${name}`)
    }
  }
}

/** Also refuses criteria that name nothing. @throws `DATA_CRITERIA_MISSING`, `DATA_CRITERIA_EMPTY` */
export function requireSome(call: string, where: unknown): void {
  requireValues(call, where)
  const alternatives: readonly unknown[] = Array.isArray(where) ? where : [where]
  if (alternatives.length === 0 || alternatives.some(namesNothing)) throw new CriteriaEmpty(call)
}

/** `IsNull()` has no operand; that of `Not(Equal(x))` is inside the inner operator. */
function requireOperand(
  call: string,
  operator: { readonly type: string; readonly child?: unknown; readonly value: unknown },
  path: string,
): void {
  if (operator.type === 'isNull' || operator.type === 'raw') return
  requireValues(call, operator.child ?? operator.value, `${path} (${operator.type})`)
}

function namesNothing(where: unknown): boolean {
  return typeof where === 'object' && isNested(where) && Object.values(where).every(namesNothing)
}

/** Whether it is criteria of a relation or an embedded part, rather than a value. */
export function isNested(where: unknown): where is object {
  if (typeof where !== 'object' || where === null || Array.isArray(where)) return false
  return !(isDate(where) || isUint8Array(where) || InstanceChecker.isFindOperator(where))
}
