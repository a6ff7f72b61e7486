/** Floor 0, the language: every decorator an application writes, and the keys under which the facts are read. */
export { callSite, UNKNOWN_SITE, type CallSite } from './call-site.ts'
export {
  constructorOwner,
  decoratedMembers,
  emittedParameterTypes,
  emittedReturnType,
  emittedType,
  MetadataGroup,
  MetadataKey,
  MetadataListKey,
  type AbstractClass,
  type Class,
  type MemberName,
  type Written,
} from './metadata.ts'
export {
  annotate,
  annotateAlso,
  annotateParameter,
  type ClassOrMethodDecorator,
  type ParameterFact,
} from './annotate.ts'

export { CLASSIFICATION, Confidential, Phi, Pii, Secret, type Classification } from './core/classification.ts'
export {
  Command,
  COMMAND,
  readUsage,
  type CommandArgument,
  type CommandFact,
  type CommandOptions,
} from './core/command.ts'
export { Config, CONFIG, Env, ENV, type EnvFact, type EnvOptions } from './core/config.ts'
export { applyDecorators, compose, createDecorator, type FactDecorator } from './core/create-decorator.ts'
export { HEALTH_CHECK, HealthCheck, type HealthCheckFact, type HealthCheckOptions } from './core/health-check.ts'
export { Inject, InjectAll, INJECTIONS, Optional, type InjectionFact } from './core/inject.ts'
export {
  Injectable,
  INJECTABLE,
  Service,
  type InjectableFact,
  type InjectableOptions,
  type Lifetime,
  type Stereotype,
} from './core/injectable.ts'
export {
  Catch,
  CATCHES,
  Interceptor,
  INTERCEPTOR,
  PHASES,
  Skip,
  SKIPPED,
  Use,
  USED,
  type InterceptorFact,
  type InterceptorOptions,
  type Phase,
  type SkipFact,
  type Usable,
} from './core/interceptor.ts'
export { ON_DRAIN, ON_INIT, ON_READY, ON_SHUTDOWN, OnDrain, OnInit, OnReady, OnShutdown } from './core/lifecycle.ts'
export {
  lazy,
  Module,
  MODULE,
  type ClassProvider,
  type ConfiguredModule,
  type ExistingProvider,
  type FactoryProvider,
  type LazyModule,
  type ModuleImport,
  type ModuleOptions,
  type ModuleSettings,
  type Provider,
  type Resolve,
  type ValueProvider,
} from './core/module.ts'
export { Primary, PRIMARY, Provide, PROVIDE, type ProvideFact, type ProvideOptions } from './core/provide.ts'
export { Token, token, type InjectionToken } from './core/token.ts'
export { CONDITIONS, When, when, type Condition, type Surroundings } from './core/when.ts'

export { Controller, CONTROLLER, type ControllerOptions, type PathSurroundings } from './http/controller.ts'
export {
  Body,
  Cookie,
  createParamDecorator,
  Ctx,
  CurrentTenant,
  CurrentUser,
  Header,
  HostParam,
  Ip,
  Param,
  PARAMETERS,
  Query,
  RawBody,
  Req,
  Res,
  Session,
  UploadedFile,
  UploadedFiles,
  type ParameterFactory,
  type ParameterOptions,
  type ParameterSource,
  type UploadOptions,
  type UploadsOptions,
} from './http/parameters.ts'
export {
  HTTP_CODE,
  HttpCode,
  Redirect,
  REDIRECT,
  Returns,
  RETURNS,
  SET_HEADERS,
  SetHeader,
  Throws,
  THROWS,
  type HeaderFact,
  type RedirectFact,
  type ReturnsFact,
  type ReturnsOptions,
} from './http/response.ts'
export {
  All,
  Delete,
  Get,
  Head,
  Options,
  Patch,
  Post,
  Put,
  ROUTES,
  Sse,
  type HttpMethod,
  type RouteFact,
  type RouteOptions,
} from './http/routes.ts'
export { Validate, VALIDATE, type ValidateFact } from './http/validate.ts'

export { Authenticated, AUTHENTICATED, type AuthenticatedFact } from './access/authenticated.ts'
export { CsrfProtected, CSRF_PROTECTED } from './auth/csrf.ts'
export { ACCESS } from './access/access-group.ts'
export {
  Authorize,
  AUTHORIZED,
  type AuthorizeFact,
  type PolicyReference,
  type ResourceLoader,
  type ResourceOptions,
} from './access/authorize.ts'
export {
  allOf,
  anyOf,
  known,
  not,
  permission,
  role,
  satisfies,
  scope,
  type Comparison,
  type AccessCondition,
  type ConditionAtom,
  type ConditionNode,
  type Operand,
  type Requirement,
  type Scalar,
} from './access/condition.ts'
export { POLICY } from './access/policy.ts'
export { Public, PUBLIC } from './access/public.ts'
export { Roles, ROLES } from './access/roles.ts'
export { Scopes, SCOPES } from './access/scopes.ts'
export { Audited, AUDITED, type AuditedFact, type AuditedOptions } from './data/audited.ts'
export { RenamedFrom, RENAMED_FROM } from './data/renamed-from.ts'
export { authorColumn, AUTHOR_COLUMNS, type AuthorColumns } from './data/authors.ts'
export { DataSource, DATA_SOURCE } from './data/data-source.ts'
export { Replica, REPLICA } from './data/replica.ts'
export { Filter, FILTERS, type FilterFact } from './data/filter.ts'
export { Repository, REPOSITORY } from './data/repository.ts'
export { Seeder, SEEDER, type SeederFact } from './data/seeder.ts'
export {
  Transactional,
  TRANSACTIONAL,
  type Isolation,
  type Propagation,
  type TransactionalDecorator,
  type TransactionOptions,
  type TransactionRetry,
} from './data/transactional.ts'
export { Doc, DOC, type DocFact } from './openapi/doc.ts'
export { Cors, CORS, type CorsOptions } from './security/cors.ts'
export {
  RateLimit,
  RATE_LIMITS,
  type Duration,
  type RateLimitOptions,
  type RateLimitSubject,
} from './security/rate-limit.ts'
export {
  SecurityHeaders,
  SECURITY_HEADERS,
  type ContentSecurityPolicy,
  type CspDirectives,
  type SecurityHeaderOptions,
} from './security/security-headers.ts'
export { DEPRECATED, Deprecated, type DeprecationFact } from './versioning/deprecated.ts'
export { UPGRADE, Upgrade, type UpgradeFact, type UpgradeTarget } from './versioning/upgrade.ts'
export { VERSION, Version, VERSION_NEUTRAL } from './versioning/version.ts'
export { Budget, BUDGET, type BudgetFact } from './observability/budget.ts'
export {
  Counted,
  COUNTED,
  Gauge,
  GAUGE,
  Timed,
  TIMED,
  type GaugeReading,
  type MetricAttributes,
  type MetricFact,
  type MetricOptions,
} from './observability/measured.ts'
export { Traced, TRACED, type TracedFact } from './observability/traced.ts'
export { NoTenant, NO_TENANT } from './tenancy/no-tenant.ts'
export { TenantScoped, TENANT_SCOPED, type TenantScope } from './tenancy/tenant-scoped.ts'
export { RequireMfa, REQUIRE_MFA, SECOND_FACTORS, type MfaMethod, type MfaRequirement } from './mfa/require-mfa.ts'
export { PROTECTIVE_FACTS, type ProtectiveFact } from './protective-facts.ts'
