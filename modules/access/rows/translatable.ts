/** Whether a literal can be asked of the database: by what decorators say, before any database is there. */
import type { FieldDescription } from 'tenon/data'
import type { AbstractClass, Operand } from 'tenon/decorators'

import type { Literal } from '../conditions/formula.ts'
import { columnKind } from './column-kind.ts'

export type DescribeField = (entity: AbstractClass, path: readonly string[]) => FieldDescription

/** Why it cannot; `undefined` when it can. */
export function whyUntranslatable(
  { atom }: Literal,
  entity: AbstractClass,
  describe: DescribeField,
): string | undefined {
  switch (atom.kind) {
    case 'code':
      return `"${atom.says}" is code`
    case 'empty':
      return whyNot(atom.operand, entity, describe, false)
    case 'in':
      return whyNot(atom.left, entity, describe, false) ?? whyNot(atom.right, entity, describe, true)
    case 'compare': {
      const isOrdered = atom.operator !== 'equal' || (atom.left.from === 'row' && atom.right.from === 'row')
      return whyNot(atom.left, entity, describe, isOrdered) ?? whyNot(atom.right, entity, describe, isOrdered)
    }
    default:
      return undefined
  }
}

function whyNot(
  operand: Operand,
  entity: AbstractClass,
  describe: DescribeField,
  isOrdered: boolean,
): string | undefined {
  if (operand.from !== 'row') return undefined
  const name = `${entity.name}.${operand.path.join('.')}`
  const field = describe(entity, operand.path)
  // Rows of other classes are in no database of ours.
  if (field.kind === 'foreign') return undefined
  if (field.kind === 'none') return `${name} is no column`
  if (field.kind !== 'column') return `${name} is a relation; name a column of what it refers to`
  if (columnKind(field) === undefined) return `${name} has a type that is not compared alike in memory and in SQL`
  if (field.isTransformed && isOrdered) return `${name} is kept in another form, which only equals() can see through`
  return undefined
}
