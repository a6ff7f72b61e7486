/** The interpreter in memory: whether a formula holds for a caller and a row. */
import type { Principal } from 'tenon'
import type { ConditionAtom, Operand } from 'tenon/decorators'

import type { RoleBook } from '../roles/role-book.ts'
import type { Formula, Literal } from './formula.ts'
import { compares, kindOf } from './values.ts'

/** What is known when a decision is made. */
export interface Facts {
  readonly caller: Principal | undefined
  readonly row: object | undefined
  readonly roles: RoleBook
}

export function holds(formula: Formula, facts: Facts): boolean {
  if (formula.kind === 'literal') return literalHolds(formula, facts)
  return formula.kind === 'all'
    ? formula.of.every((each) => holds(each, facts))
    : formula.of.some((each) => holds(each, facts))
}

export function literalHolds({ atom, negated }: Literal, facts: Facts): boolean {
  const truth = truthOf(atom, facts)
  return truth !== undefined && truth !== negated
}

/** `undefined`: the caller lacks what it asks for. */
export function truthOf(atom: ConditionAtom, { caller, row, roles }: Facts): boolean | undefined {
  switch (atom.kind) {
    case 'known':
      return caller !== undefined && isKnownBy(caller, atom.schemes)
    case 'unlimited':
      return caller && isEmpty(caller.scopes)
    case 'role':
      return caller && roles.hasRole(caller, atom.name)
    case 'scope':
      return caller && roles.hasScope(caller, atom.name)
    case 'permission':
      return caller && roles.hasPermission(caller, atom.name)
    case 'empty':
      if (atom.operand.from === 'caller' && !caller) return undefined
      return isEmpty(valueOf(atom.operand, caller, row))
    case 'compare': {
      const left = valueOf(atom.left, caller, row)
      const right = valueOf(atom.right, caller, row)
      if (isUnknown(atom.left, left) || isUnknown(atom.right, right)) return undefined
      return compares(atom.operator, left, right)
    }
    case 'in': {
      const left = valueOf(atom.left, caller, row)
      const list = valueOf(atom.right, caller, row)
      if (!Array.isArray(list) || isUnknown(atom.left, left)) return undefined
      return list.some((each) => compares('equal', left, each))
    }
    case 'code':
      return caller && (atom.test as (row: unknown, caller: Principal) => unknown)(row, caller) === true
  }
}

/** What an operand stands for; lists of the caller as they are. */
export function valueOf(operand: Operand, caller: Principal | undefined, row: object | undefined): unknown {
  if (operand.from === 'value') return operand.value
  return valueAt(operand.from === 'caller' ? caller : row, operand.path)
}

export function valueAt(object: unknown, path: readonly string[]): unknown {
  let value = object
  for (const name of path) {
    if (typeof value !== 'object' || value === null) return undefined
    value = (value as Record<string, unknown>)[name]
  }
  return value
}

export function isEmpty(value: unknown): boolean {
  return value === undefined || value === null
}

/** Whether a caller's attribute is missing or nothing that can be compared. */
export function isUnknown(operand: Operand, value: unknown): boolean {
  return operand.from === 'caller' && kindOf(value) === undefined
}

/** A caller whose way is not told was let in by an interceptor that knows nothing of schemes. */
function isKnownBy({ authentication }: Principal, schemes: readonly string[]): boolean {
  return schemes.length === 0 || authentication === undefined || schemes.includes(authentication.scheme)
}
