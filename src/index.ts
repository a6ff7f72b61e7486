/** `tenon`: the language, and the kernel's public API. */
export {
  All,
  annotate,
  annotateAlso,
  annotateParameter,
  applyDecorators,
  Body,
  Catch,
  compose,
  Config,
  Controller,
  Cookie,
  createDecorator,
  Ctx,
  CurrentTenant,
  CurrentUser,
  Delete,
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
  OnDrain,
  OnInit,
  OnReady,
  OnShutdown,
  Optional,
  Options,
  Param,
  Patch,
  PHASES,
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
  Res,
  Returns,
  Service,
  Session,
  SetHeader,
  Skip,
  Sse,
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
  type Condition,
  type ConfiguredModule,
  type FactDecorator,
  type InjectionToken,
  type InterceptorOptions,
  type Lifetime,
  type MemberName,
  type ModuleImport,
  type ModuleOptions,
  type Phase,
  type Provider,
  type Resolve,
  type Surroundings,
} from '../decorators/index.ts'

export { Application, type Address, type ListenOptions } from './application/application.ts'
export { createApp, type AppOptions } from './application/create-app.ts'
export type { CheckInput, CheckRule } from './check/check-rule.ts'
export { defineDiagnostic, type Diagnostic, type Severity } from './check/diagnostic.ts'
export { StartRefused } from './check/start-refused.ts'
export { Clock } from './clock/clock.ts'
export { Environment } from './config/read-environment.ts'
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
export { Problem, problemOf, type ProblemError, type ProblemFields } from './errors/problem.ts'
export { configure, type SettingsOf } from './graph/configure.ts'
export { ModuleGraph, type ModuleModel, type ProviderModel } from './graph/module-graph.ts'
export { Health, type HealthReport } from './health/health.ts'
export { file, FileResponse, type FileOptions } from './http/file-response.ts'
export { HttpConfig } from './http/http-config.ts'
export { HttpContext } from './http/http-context.ts'
export { redirect, RedirectResponse } from './http/redirect-response.ts'
export type { SseEvent } from './http/sse-stream.ts'
export { Upload } from './http/upload.ts'
export { Logger } from './logging/logger.ts'
export {
  CallContext,
  ContextKey,
  ctx,
  tryCtx,
  type Outcome,
  type OutcomeListener,
  type Principal,
} from './pipeline/context.ts'
export { Endpoint, type EndpointParameter, type Route } from './pipeline/endpoint.ts'
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
  type Next,
} from './pipeline/interceptor.ts'
export { createParamDecorator, Use, type AnyInterceptor } from './pipeline/typed-decorators.ts'
