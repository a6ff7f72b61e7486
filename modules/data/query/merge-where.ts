/** Two sets of criteria that must both hold, as one. */
import { And, Equal, FindOperator, InstanceChecker, type ObjectLiteral } from 'typeorm'

import { isNested, type Where } from '../criteria.ts'

/** Alternatives of one with alternatives of the other; criteria of the same property are joined with AND. */
export function mergeWhere<E extends ObjectLiteral>(one: Where<E> | undefined, other: Where<E>): Where<E> {
  if (one === undefined) return other
  const merged = listOf(one).flatMap((left) => listOf(other).map((right) => mergeOne(left, right)))
  return (merged.length === 1 ? merged[0] : merged) as Where<E>
}

function mergeOne(left: ObjectLiteral, right: ObjectLiteral): ObjectLiteral {
  const merged: ObjectLiteral = { ...left }
  for (const [name, value] of Object.entries(right)) {
    const known: unknown = merged[name]
    if (known === undefined) merged[name] = value
    else if (isNested(known) && isNested(value)) merged[name] = mergeOne(known, value)
    else merged[name] = And(operatorOf(known), operatorOf(value))
  }
  return merged
}

function operatorOf(value: unknown): FindOperator<unknown> {
  return InstanceChecker.isFindOperator(value) ? value : Equal(value)
}

function listOf(where: Where<ObjectLiteral>): readonly ObjectLiteral[] {
  return Array.isArray(where) ? where : [where]
}
