/** What the check finds wrong with access. */
import { defineDiagnostic } from 'tenon'

export const DecisionMissing = defineDiagnostic({
  code: 'ACCESS_DECISION_MISSING',
  message: (endpoint: string) => `${endpoint} does not say who may call it, so nobody may.`,
  help: 'Write @Authenticated(), @Roles(...), @Authorize(...) or @Public(reason) above the method or its class.',
})

export const DecisionsContradictory = defineDiagnostic({
  code: 'ACCESS_DECISIONS_CONTRADICTORY',
  message: (endpoint: string, other: string) => `${endpoint} is @Public and ${other} at the same place.`,
  help: 'Keep one of them; what stands above a method replaces what stands above its class.',
})

export const RoleUnknown = defineDiagnostic({
  code: 'ACCESS_ROLE_UNKNOWN',
  message: (where: string, role: string, _nearest?: string) =>
    `${where} names the role ${role}, which AccessModule does not declare.`,
  help: (_where, _role, nearest) =>
    nearest === undefined ? 'Declare it in AccessModule.with({ roles }).' : `Did you mean ${nearest}?`,
})

export const PermissionUnknown = defineDiagnostic({
  code: 'ACCESS_PERMISSION_UNKNOWN',
  message: (where: string, permission: string, _nearest?: string) =>
    `${where} names the permission ${permission}, which no role grants.`,
  help: (_where, _permission, nearest) =>
    nearest === undefined ? 'Give it to a role in AccessModule.with({ roles }).' : `Did you mean ${nearest}?`,
})

export const ActionUnknown = defineDiagnostic({
  code: 'ACCESS_ACTION_UNKNOWN',
  message: (where: string, action: string, policy: string, _nearest?: string) =>
    `${where} asks for the action ${action}, of which ${policy} has no rule.`,
  help: (_where, _action, _policy, nearest) =>
    nearest === undefined ? 'Write a rule for it, or name an action that has one.' : `Did you mean ${nearest}?`,
})

export const ResourceParameterUnknown = defineDiagnostic({
  code: 'ACCESS_RESOURCE_PARAMETER_UNKNOWN',
  message: (endpoint: string, by: string) =>
    `${endpoint} loads a row by the parameter ${by}, and none of its parameters has this name.`,
  help: 'Name a parameter of the method: { by: "id" } for @Param("id").',
})

export const ConditionUntranslatable = defineDiagnostic({
  code: 'ACCESS_CONDITION_UNTRANSLATABLE',
  message: (rule: string, why: string, use: string) => `${rule} cannot become SQL, for ${why}; ${use} needs it to.`,
  help: 'Write the condition with columns, or decide on rows one by one: @Authorize(Policy, action, { by }).',
})
