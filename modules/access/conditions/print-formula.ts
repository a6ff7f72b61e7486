/** A formula in words, for documents and matrices: `has the role agent or the role admin`. */
import type { ConditionAtom, Operand } from 'tenon/decorators'

import type { Formula, Literal } from './formula.ts'

const SIGNS = {
  equal: 'is',
  less: 'is less than',
  lessOrEqual: 'is at most',
  greater: 'is more than',
  greaterOrEqual: 'is at least',
} as const

export function printFormula(formula: Formula): string {
  return print(formula, printAtom)
}

/** The same for tables: `role agent or role admin`. */
export function printBriefly(formula: Formula): string {
  return print(formula, (atom) => {
    if (atom.kind === 'known') return ['authenticated', atom.schemes.join(' or ')].filter(Boolean).join(' by ')
    return 'name' in atom ? `${atom.kind} ${atom.name}` : printAtom(atom)
  })
}

type PrintAtom = (atom: ConditionAtom) => string

function print(formula: Formula, atomText: PrintAtom): string {
  if (formula.kind === 'literal') return printLiteral(formula, atomText)
  if (formula.of.length === 0) return formula.kind === 'all' ? 'always' : 'never'
  const parts = formula.of.map((each) => {
    const text = print(each, atomText)
    return each.kind !== 'literal' && each.kind !== formula.kind && each.of.length > 1 ? `(${text})` : text
  })
  return [...new Set(parts)].join(formula.kind === 'all' ? ' and ' : ' or ')
}

function printLiteral({ atom, negated }: Literal, atomText: PrintAtom): string {
  const text = atomText(atom)
  return negated ? `not (${text})` : text
}

function printAtom(atom: ConditionAtom): string {
  switch (atom.kind) {
    case 'known':
      return atom.schemes.length === 0 ? 'is known' : `is known by ${atom.schemes.join(' or ')}`
    case 'unlimited':
      return 'is not limited to scopes'
    case 'role':
    case 'scope':
    case 'permission':
      return `has the ${atom.kind} ${atom.name}`
    case 'empty':
      return `${printOperand(atom.operand)} is empty`
    case 'compare':
      return `${printOperand(atom.left)} ${SIGNS[atom.operator]} ${printOperand(atom.right)}`
    case 'in':
      return `${printOperand(atom.left)} is in ${printOperand(atom.right)}`
    case 'code':
      return atom.says
  }
}

function printOperand(operand: Operand): string {
  if (operand.from === 'value') return JSON.stringify(operand.value)
  return [operand.from === 'caller' ? 'user' : 'row', ...operand.path].join('.')
}
