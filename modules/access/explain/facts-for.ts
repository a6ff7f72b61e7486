/** The facts that would make a literal true, as changes to the caller or the row. */
import type { Principal } from 'tenon'
import type { ConditionAtom, Operand, Scalar } from 'tenon/decorators'

import { isEmpty, valueOf, type Facts } from '../conditions/evaluate.ts'
import type { Literal } from '../conditions/formula.ts'
import { compares, kindOf } from '../conditions/values.ts'
import type { MissingFact } from './explanation.ts'

/** Ways to make it true, each a few facts; none where no fact does (code). */
export function factsFor({ atom, negated }: Literal, facts: Facts): readonly (readonly MissingFact[])[] {
  const { caller, roles } = facts
  switch (atom.kind) {
    case 'known':
      if (negated) return []
      return [[{ of: 'caller', path: [], must: 'be known', value: atom.schemes[0] }]]
    case 'unlimited':
      return negated ? [] : [[{ of: 'caller', path: ['scopes'], must: 'be empty', value: undefined }]]
    case 'role':
      if (negated) return [held(caller, roles.holdersOf(atom.name)).map(exclude)]
      return [[include('roles', atom.name)]]
    case 'scope':
      return negated ? [] : [[include('scopes', atom.name)]]
    case 'permission': {
      const granters = [...roles.grantersOf(atom.name)]
      if (negated) return [held(caller, new Set(granters)).map(exclude)]
      const scoped = caller && !roles.hasScope(caller, atom.name) ? [include('scopes', atom.name)] : []
      const holds = caller !== undefined && held(caller, new Set(granters)).length > 0
      return holds ? [scoped] : granters.map((role) => [include('roles', role), ...scoped])
    }
    case 'empty':
      return emptiness(atom.operand, negated)
    case 'compare':
      return comparison(atom, negated, facts)
    case 'in':
      return membership(atom, negated, facts)
    case 'code':
      return []
  }
}

function include(name: 'roles' | 'scopes', value: string): MissingFact {
  return { of: 'caller', path: [name], must: 'include', value }
}

function exclude(value: string): MissingFact {
  return { of: 'caller', path: ['roles'], must: 'not include', value }
}

function held(caller: Principal | undefined, wanted: ReadonlySet<string>): readonly string[] {
  return (caller?.roles ?? []).filter((each) => wanted.has(each))
}

function emptiness(operand: Operand, negated: boolean): readonly (readonly MissingFact[])[] {
  if (operand.from === 'value' || negated) return []
  return [[{ of: operand.from, path: operand.path, must: 'be empty', value: null }]]
}

/** The row is changed rather than the caller: it is what people can see and do something about. */
function comparison(
  { operator, left, right }: Extract<ConditionAtom, { kind: 'compare' }>,
  negated: boolean,
  { caller, row }: Facts,
): readonly (readonly MissingFact[])[] {
  const isTrue = (one: unknown, other: unknown): boolean =>
    compares(operator, one, other) !== negated && !isUnusable(left, one) && !isUnusable(right, other)
  const one = valueOf(left, caller, row)
  const other = valueOf(right, caller, row)
  const changes: (readonly MissingFact[])[] = []
  const sides = [
    { changed: left, to: near(other), holds: (value: unknown) => isTrue(value, other) },
    { changed: right, to: near(one), holds: (value: unknown) => isTrue(one, value) },
  ].toSorted((a, b) => preference(a.changed) - preference(b.changed))
  for (const { changed, to, holds } of sides) {
    const value = to.find((each) => holds(each))
    if (changed.from === 'value' || value === undefined) continue
    const must = negated && operator === 'equal' ? 'not be' : 'be'
    const said = must === 'not be' ? (changed === left ? other : one) : value
    changes.push([{ of: changed.from, path: changed.path, must, value: said }])
  }
  return changes
}

function membership(
  { left, right }: Extract<ConditionAtom, { kind: 'in' }>,
  negated: boolean,
  { caller, row }: Facts,
): readonly (readonly MissingFact[])[] {
  const list = valueOf(right, caller, row)
  const value = valueOf(left, caller, row)
  const values = (Array.isArray(list) ? list : []) as readonly Scalar[]
  const ways: (readonly MissingFact[])[] = []
  if (left.from !== 'value' && Array.isArray(list)) {
    const fits = (each: unknown): boolean => values.some((one) => compares('equal', one, each)) !== negated
    const found = values.flatMap((each) => near(each)).find((each) => fits(each) && !isUnusable(left, each))
    if (found !== undefined) ways.push([{ of: left.from, path: left.path, must: 'be', value: found }])
  }
  if (right.from === 'caller' && !negated && kindOf(value) !== undefined) {
    ways.push([{ of: 'caller', path: right.path, must: 'include', value }])
  }
  return ways
}

function preference({ from }: Operand): number {
  return ['row', 'caller', 'value'].indexOf(from)
}

function isUnusable(operand: Operand, value: unknown): boolean {
  return operand.from === 'caller' && kindOf(value) === undefined
}

/** The value itself, and its neighbours on both sides. */
export function near(value: unknown): readonly Scalar[] {
  if (isEmpty(value) || kindOf(value) === undefined) return []
  if (typeof value === 'number') return [value, value - 1, value + 1]
  if (typeof value === 'boolean') return [value, !value]
  if (value instanceof Date) return [value, new Date(value.getTime() - 1), new Date(value.getTime() + 1)]
  return [value as string, '', `${value as string}+`]
}
