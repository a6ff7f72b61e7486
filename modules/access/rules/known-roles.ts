/** Where roles are declared, every role and permission that is asked for is one of them. */
import { nearestName, type CheckInput, type CheckRule, type Diagnostic } from 'tenon'

import { PermissionUnknown, RoleUnknown } from '../access-diagnostics.ts'
import { AccessConfig } from '../access-config.ts'
import { literalsOf, type Formula, type Origin } from '../conditions/formula.ts'
import { decisionOf } from '../decisions/endpoint-decision.ts'
import { RoleBook, type RoleDeclarations } from '../roles/role-book.ts'
import { policiesOf } from './policies-of.ts'

export const knownRoles: CheckRule = (input) => {
  const found = declaredRoles(input)
  if (!found) return []
  const { roles, at } = found
  const formulas = [
    ...input.graph.endpoints.flatMap((endpoint) => decisionOf(endpoint)?.caller ?? []),
    ...policiesOf(input.graph).flatMap((policy) => policy.actions.map((action) => policy.formula(action))),
    ...policiesOf(input.graph).flatMap((policy) =>
      policy.actions.flatMap((action) => fieldsOf(policy, action).map((field) => policy.formula(action, field))),
    ),
  ]
  const included = roles.names.flatMap((name) =>
    (roles.declaration(name)?.includes ?? []).map((role) => ({ role, origin: { name: `The role ${name}`, at } })),
  )
  return [
    ...unique(formulas.flatMap((formula) => unknownIn(formula, roles))),
    ...included.flatMap(({ role, origin }) => (roles.names.includes(role) ? [] : [unknownRole(role, origin, roles)])),
  ]
}

/** Settings that are made at boot cannot be read by the check. */
function declaredRoles({ configured }: CheckInput): { roles: RoleBook; at: Origin['at'] } | undefined {
  const module = [...configured.values()].find(({ config }) => config === AccessConfig)
  if (!module || typeof module.settings === 'function') return undefined
  const { roles = {} } = module.settings as { readonly roles?: RoleDeclarations }
  return Object.keys(roles).length === 0 ? undefined : { roles: new RoleBook(roles), at: module.at }
}

function fieldsOf({ rules }: ReturnType<typeof policiesOf>[number], action: string): readonly string[] {
  return rules.flatMap(({ actions, fields = [] }) => (actions.includes(action) ? fields : []))
}

function unknownIn(formula: Formula, roles: RoleBook): readonly Diagnostic[] {
  return literalsOf(formula).flatMap(({ atom, origin }) => {
    if (!origin) return []
    if (atom.kind === 'role' && !roles.names.includes(atom.name)) return [unknownRole(atom.name, origin, roles)]
    if (atom.kind !== 'permission' || roles.permissions.includes(atom.name)) return []
    return [PermissionUnknown({ at: origin.at }, origin.name, atom.name, nearestName(atom.name, roles.permissions))]
  })
}

function unknownRole(role: string, { name, at }: Origin, roles: RoleBook): Diagnostic {
  return RoleUnknown({ at }, name, role, nearestName(role, roles.names))
}

/** A rule for two actions is one line in the source. */
function unique(diagnostics: readonly Diagnostic[]): readonly Diagnostic[] {
  const keyOf = ({ code, at, help }: Diagnostic): string => `${code} ${at.file}:${at.line}:${at.column} ${help}`
  return [...new Map(diagnostics.map((each) => [keyOf(each), each])).values()]
}
