/** A formula about the caller alone as one function: roles and permissions become one set each, looked up once a call. */
import type { Principal } from 'tenon'

import { hasOneOf, type RoleBook } from '../roles/role-book.ts'
import { literalHolds } from './evaluate.ts'
import type { Formula, Literal } from './formula.ts'

export type CallerTest = (caller: Principal | undefined) => boolean

export function compileCaller(formula: Formula, roles: RoleBook): CallerTest {
  if (formula.kind === 'literal') return compileLiteral(formula, roles)
  const wanted = formula.kind === 'any' && unionOf(formula.of, roles)
  if (wanted) return (caller) => caller !== undefined && hasOneOf(caller, wanted)
  const tests = formula.of.map((each) => compileCaller(each, roles))
  const [first, second] = tests
  if (first && tests.length === 1) return first
  if (formula.kind === 'all') {
    if (first && second && tests.length === 2) return (caller) => first(caller) && second(caller)
    return (caller) => tests.every((test) => test(caller))
  }
  if (first && second && tests.length === 2) return (caller) => first(caller) || second(caller)
  return (caller) => tests.some((test) => test(caller))
}

function compileLiteral(literal: Literal, roles: RoleBook): CallerTest {
  const { atom, negated } = literal
  if (atom.kind === 'known' && atom.schemes.length === 0) return (caller) => (caller === undefined) === negated
  if (!negated && atom.kind === 'unlimited') return (caller) => caller !== undefined && caller.scopes == null
  if (!negated && atom.kind === 'role') {
    const holders = roles.holdersOf(atom.name)
    return (caller) => caller !== undefined && hasOneOf(caller, holders)
  }
  return (caller) => literalHolds(literal, { caller, row: undefined, roles })
}

/** All roles of which one is enough; none where it takes more than a role. */
function unionOf(of: readonly Formula[], roles: RoleBook): ReadonlySet<string> | undefined {
  const union = new Set<string>()
  for (const each of of) {
    if (each.kind !== 'literal' || each.negated || each.atom.kind !== 'role') return undefined
    for (const holder of roles.holdersOf(each.atom.name)) union.add(holder)
  }
  return union.size === 0 ? undefined : union
}
