/** One row without the fields that a caller may not read. */
import type { Principal } from 'tenon'
import type { EntityMetadata } from 'tenon/data'

import { holds } from '../conditions/evaluate.ts'
import type { ResourcePolicy } from '../policy/resource-policy.ts'
import type { RoleBook } from '../roles/role-book.ts'
import { pathsOf, type RowFacts } from '../rows/row-facts.ts'

export interface MaskParts {
  readonly policy: ResourcePolicy
  readonly action: string
  readonly caller: Principal | undefined
  readonly roles: RoleBook
  readonly facts: RowFacts
  readonly metadata: EntityMetadata | undefined
}

/** @returns The row itself where nothing is hidden, else a copy of the same class. */
export function maskRow(row: object, parts: MaskParts): object | Promise<object> {
  const { policy, action, facts, metadata } = parts
  const names = Object.keys(row)
  const paths = names.flatMap((name) => pathsOf(policy.formula(action, name)))
  const complete = facts.complete(row, metadata, paths)
  return complete instanceof Promise
    ? complete.then((known) => hide(row, known, names, parts))
    : hide(row, complete, names, parts)
}

function hide(
  row: object,
  known: object,
  names: readonly string[],
  { policy, action, caller, roles }: MaskParts,
): object {
  const hidden = names.filter((name) => !holds(policy.formula(action, name), { caller, row: known, roles }))
  if (hidden.length === 0) return row
  const copy = Object.assign(Object.create(Object.getPrototypeOf(row) as object) as Record<string, unknown>, row)
  for (const name of hidden) delete copy[name]
  return copy
}
