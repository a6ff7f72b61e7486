/** What remains of a formula when the caller is known and the row is not: for SQL, and for who asks about any row. */
import type { Principal } from 'tenon'
import type { ConditionAtom, Operand, Scalar } from 'tenon/decorators'

import type { RoleBook } from '../roles/role-book.ts'
import { isUnknown, truthOf, valueOf } from './evaluate.ts'
import { FALSE, TRUE, type Formula } from './formula.ts'
import { kindOf } from './values.ts'

/**
 * `TRUE`, `FALSE`, or literals about the row with the caller's attributes filled in.
 * @param isSymbolic - Only roles, scopes and permissions are decided; attributes stay open, for who asks about any caller.
 */
export function residual(
  formula: Formula,
  caller: Principal | undefined,
  roles: RoleBook,
  isSymbolic: boolean = false,
): Formula {
  if (formula.kind === 'literal') {
    const { atom, negated, origin } = formula
    if (isSymbolic && caller && mentionsAttribute(atom)) return formula
    if (!isAboutRow(atom)) {
      const truth = truthOf(atom, { caller, row: undefined, roles })
      return truth !== undefined && truth !== negated ? TRUE : FALSE
    }
    const bound = bind(atom, caller)
    return bound === undefined ? FALSE : { kind: 'literal', atom: bound, negated, origin }
  }
  const decides = formula.kind === 'all' ? FALSE : TRUE
  const parts: Formula[] = []
  for (const each of formula.of) {
    const part = residual(each, caller, roles, isSymbolic)
    if (part === decides) return decides
    if (part !== TRUE && part !== FALSE) parts.push(part)
  }
  if (parts.length === 0) return decides === FALSE ? TRUE : FALSE
  return parts.length === 1 ? parts[0]! : { ...formula, of: parts }
}

export function isAboutRow(atom: ConditionAtom): boolean {
  switch (atom.kind) {
    case 'compare':
    case 'in':
      return atom.left.from === 'row' || atom.right.from === 'row'
    case 'empty':
      return atom.operand.from === 'row'
    case 'code':
      return true
    default:
      return false
  }
}

function mentionsAttribute(atom: ConditionAtom): boolean {
  if (atom.kind === 'empty') return atom.operand.from === 'caller'
  return (
    (atom.kind === 'compare' || atom.kind === 'in') && (atom.left.from === 'caller' || atom.right.from === 'caller')
  )
}

function bind(atom: ConditionAtom, caller: Principal | undefined): ConditionAtom | undefined {
  if (atom.kind === 'code') return caller && atom
  if (atom.kind === 'compare') {
    const left = fill(atom.left, caller)
    const right = fill(atom.right, caller)
    return left && right && { ...atom, left, right }
  }
  if (atom.kind === 'in') {
    const left = fill(atom.left, caller)
    const list = valueOf(atom.right, caller, undefined)
    if (!left || !Array.isArray(list)) return undefined
    const value = (list as unknown[]).filter((each): each is Scalar => kindOf(each) !== undefined)
    return { ...atom, left, right: { from: 'value', value } }
  }
  return atom
}

function fill(operand: Operand, caller: Principal | undefined): Operand | undefined {
  if (operand.from !== 'caller') return operand
  const value = valueOf(operand, caller, undefined)
  return isUnknown(operand, value) ? undefined : { from: 'value', value: value as Scalar }
}
