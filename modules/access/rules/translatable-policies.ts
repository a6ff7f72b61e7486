/** What filters lists must be sayable in SQL; found before the first list is asked for. */
import type { CheckRule, Diagnostic } from 'tenon'

import { ConditionUntranslatable } from '../access-diagnostics.ts'
import { literalsOf } from '../conditions/formula.ts'
import { decisionOf } from '../decisions/endpoint-decision.ts'
import type { ResourcePolicy } from '../policy/resource-policy.ts'
import { whyUntranslatable } from '../rows/translatable.ts'
import { policiesOf } from './policies-of.ts'

/** A policy that filters rows for an action, and what wants it to. */
interface ListUse {
  readonly policy: ResourcePolicy
  readonly action: string
  readonly use: string
}

const FILTERED = ['read', 'update', 'delete'] as const

export const translatablePolicies: CheckRule = async ({ graph }) => {
  const uses: ListUse[] = policiesOf(graph)
    .filter(({ filter }) => filter)
    .flatMap((policy) => FILTERED.map((action) => ({ policy, action, use: `the filter of ${policy.entity.name}` })))
  for (const endpoint of graph.endpoints) {
    for (const { policy, action, resource } of decisionOf(endpoint)?.resources ?? []) {
      const isAboutMany = resource.by === undefined && resource.load === undefined && action !== 'create'
      if (isAboutMany) uses.push({ policy, action, use: `${endpoint.name}, which is about many,` })
    }
  }
  if (uses.length === 0) return []
  const { describeField } = await import('tenon/data')
  const found = uses.flatMap(({ policy, action, use }) =>
    literalsOf(policy.formula(action)).flatMap((literal): readonly Diagnostic[] => {
      const why = whyUntranslatable(literal, policy.entity, describeField)
      const at = literal.origin?.at ?? policy.at
      return why === undefined ? [] : [ConditionUntranslatable({ at }, literal.origin?.name ?? policy.name, why, use)]
    }),
  )
  return [...new Map(found.map((each) => [`${each.at.file}:${each.at.line}:${each.message}`, each])).values()]
}
