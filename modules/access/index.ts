/** `tenon/access`: what callers may do, by roles, scopes, permissions and policies. */
export {
  allOf,
  anyOf,
  Authorize,
  Authenticated,
  known,
  not,
  permission,
  Public,
  role,
  Roles,
  satisfies,
  scope,
  Scopes,
  type AccessCondition,
  type Requirement,
  type ResourceLoader,
  type ResourceOptions,
} from 'tenon/decorators'
export { AccessConfig, type ExplainTo } from './access-config.ts'
export {
  AccessDataMissing,
  AccessModuleMissing,
  AccessRefused,
  EndpointUnknown,
  FieldRefused,
  MatrixUnreadable,
  PolicyMissing,
  PolicyRepeated,
  PolicyUntranslatable,
  PolicyValueUnusable,
  ResourceNotFound,
} from './access-errors.ts'
export { AccessModule } from './access-module.ts'
export { Access, type AccessQuestion, type VisibleOptions } from './access.ts'
export { AccessInterceptor } from './decisions/access-interceptor.ts'
export {
  accessMatrix,
  compareMatrices,
  type AccessMatrix,
  type MatrixCell,
  type MatrixChange,
} from './commands/access-matrix.ts'
export { CallerDirectory } from './commands/caller-directory.ts'
export type { Explanation, MissingFact } from './explain/explanation.ts'
export { applyFacts, type Situation } from './explain/apply-facts.ts'
export { definePolicy, type PolicyOptions, type PolicyWords, type RuleWriter } from './policy/define-policy.ts'
export type { CallerFields, Field, Fields, ListField } from './policy/fields.ts'
export type { ResourcePolicy } from './policy/resource-policy.ts'
export { RoleBook, type RoleDeclaration, type RoleDeclarations } from './roles/role-book.ts'
