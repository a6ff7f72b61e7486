/** `tenon`: the language, and the kernel's public API. */
export {
  All,
  annotate,
  annotateAlso,
  annotateParameter,
  applyDecorators,
  Authenticated,
  AUTHENTICATED,
  Authorize,
  Body,
  Catch,
  Command,
  compose,
  Config,
  Confidential,
  Controller,
  Cookie,
  createDecorator,
  Ctx,
  CurrentTenant,
  CurrentUser,
  Delete,
  Doc,
  Env,
  Get,
  Head,
  Header,
  HealthCheck,
  HostParam,
  HttpCode,
  Inject,
  InjectAll,
  Injectable,
  Interceptor,
  Ip,
  lazy,
  MetadataKey,
  MetadataListKey,
  Module,
  NoTenant,
  OnDrain,
  OnInit,
  OnReady,
  OnShutdown,
  Optional,
  Options,
  Param,
  Patch,
  PHASES,
  Phi,
  Pii,
  Post,
  Primary,
  Provide,
  Public,
  PUBLIC,
  Put,
  Query,
  RawBody,
  Redirect,
  Repository,
  REPOSITORY,
  Req,
  RequireMfa,
  Res,
  Roles,
  Returns,
  Seeder,
  Scopes,
  Secret,
  Service,
  Session,
  SetHeader,
  Skip,
  Sse,
  TenantScoped,
  Throws,
  Token,
  token,
  Transactional,
  TRANSACTIONAL,
  UploadedFile,
  UploadedFiles,
  Validate,
  When,
  when,
  type AbstractClass,
  type CallSite,
  type Class,
  type CommandOptions,
  type Condition,
  type ConfiguredModule,
  type FactDecorator,
  type InjectionToken,
  type InterceptorOptions,
  type Lifetime,
  type MemberName,
  type MfaMethod,
  type MfaRequirement,
  type ModuleImport,
  type ModuleOptions,
  type Phase,
  type Provider,
  type Resolve,
  type Surroundings,
} from '../decorators/index.ts'

export { Application, type Address, type ListenOptions } from './application/application.ts'
export { createApp, type AppOptions } from './application/create-app.ts'
export { RunningApplication } from './application/running-application.ts'
export type { CheckInput, CheckRule } from './check/check-rule.ts'
export { defineDiagnostic, type Diagnostic, type Severity } from './check/diagnostic.ts'
export { StartRefused } from './check/start-refused.ts'
export { nearestName } from './config/nearest-name.ts'
export { readDuration } from './config/read-duration.ts'
export { Clock } from './clock/clock.ts'
export { Environment } from './config/read-environment.ts'
export { CommandContext, type CommandInput, type CommandTexts, type ProgressShare } from './cli/command-context.ts'
export { CommandResult, type CommandResultParts } from './cli/command-result.ts'
export { Sandbox } from './cli/sandbox.ts'
export { Container } from './container/container.ts'
export { inject } from './container/inject.ts'
export { defineError, TenonError, type DefinedError, type ErrorDefinition } from './errors/define-error.ts'
export {
  BadGatewayException,
  BadRequestException,
  ConflictException,
  ForbiddenException,
  GatewayTimeoutException,
  GoneException,
  HttpException,
  HttpVersionNotSupportedException,
  ImATeapotException,
  InternalServerErrorException,
  MethodNotAllowedException,
  MisdirectedException,
  NotAcceptableException,
  NotFoundException,
  NotImplementedException,
  PayloadTooLargeException,
  PaymentRequiredException,
  PreconditionFailedException,
  RequestTimeoutException,
  ServiceUnavailableException,
  TooManyRequestsException,
  UnauthorizedException,
  UnprocessableEntityException,
  UnsupportedMediaTypeException,
  type HttpExceptionOptions,
} from './errors/http-exceptions.ts'
export { printLocation, sourceReader, type SourceLocation } from './errors/source-location.ts'
export { ApplicationSite } from './errors/application-site.ts'
export { Problem, problemOf, type ProblemError, type ProblemFields } from './errors/problem.ts'
export { configure, type SettingsOf } from './graph/configure.ts'
export { ModuleGraph, type ModuleModel, type ProviderModel } from './graph/module-graph.ts'
export { Health, type AddedCheck, type HealthReport } from './health/health.ts'
export { file, FileResponse, type FileOptions } from './http/file-response.ts'
export { findDuplicateKey, type JsonFlaw } from './http/find-duplicate-key.ts'
export { describeRoute, type RouteDescription, type UploadDescription } from './http/describe-route.ts'
export { HttpConfig } from './http/http-config.ts'
export { HttpContext } from './http/http-context.ts'
export { RouteLayout, type LaidOutRoute } from './http/route-layout.ts'
export { isDocument } from './http/is-document.ts'
export { redirect, RedirectResponse } from './http/redirect-response.ts'
export { Routes } from './http/routes.ts'
export type { SseEvent } from './http/sse-stream.ts'
export { Upload } from './http/upload.ts'
export { LogControl, type CallFieldsSource } from './logging/log-control.ts'
export type { LogRecord } from './logging/log-record.ts'
export { Logger, type LogFields, type LogLevel } from './logging/logger.ts'
export { actAs, actingTenant, EVERY_TENANT, type ActingTenant } from './pipeline/acting-tenant.ts'
export { CallProbe, type ProbedPart } from './pipeline/call-probe.ts'
export {
  CallContext,
  ContextKey,
  ctx,
  currentTenant,
  tryCtx,
  type CallListener,
  type Outcome,
  type OutcomeListener,
} from './pipeline/context.ts'
export {
  describeProblem,
  type DescribedParameter,
  type DescribedProblem,
  type InterceptorDescription,
  type SecurityRequirement,
  type StandIns,
} from './pipeline/description.ts'
export type { ChainLink, EndpointChain } from './pipeline/chain-of.ts'
export { EndpointChains } from './pipeline/endpoint-chains.ts'
export { CallerRecognition } from './pipeline/caller-recognition.ts'
export { EndpointVisibility } from './pipeline/endpoint-visibility.ts'
export { describeEndpoint, Endpoint, type EndpointParameter, type Route } from './pipeline/endpoint.ts'
export {
  allow,
  deny,
  type Around,
  type Before,
  type CallInterceptor,
  type Contribution,
  type Decision,
  type EndpointInterceptor,
  type Guard,
  type Handler,
  type InputTransform,
  type ResultStep,
  type Next,
  type RawInput,
} from './pipeline/interceptor.ts'
export type { Authentication, AuthenticationFactor, Principal } from './pipeline/principal.ts'
export { tenantKey } from './pipeline/tenant-key.ts'
export {
  describeInputs,
  InputDescriber,
  type DescribedField,
  type DescribedRule,
  type InputDescription,
  type InputUse,
} from './validation/describe-input.ts'
export { describeOutput, type DescribedOutput } from './validation/describe-output.ts'
export { canGenerateCode } from './platform/can-generate-code.ts'
export { Random } from './random/random.ts'
export { createParamDecorator, Use, type AnyInterceptor } from './pipeline/typed-decorators.ts'
export { securityEvents, type SecurityEvent, type SecurityEventListener } from './security-events/security-events.ts'
