/** Where the arguments of a handler come from. The same words hold on every transport. */
import { annotateParameter, type ParameterFact } from '../annotate.ts'
import { MetadataListKey } from '../metadata.ts'

export interface ParameterOptions {
  /** A Standard Schema object (zod, valibot, ...) instead of a DTO class. */
  readonly schema?: unknown
  /** Turns the bound value into the argument, after conversion and validation. */
  readonly transform?: (value: never, context: never) => unknown
}

export interface UploadOptions {
  /** Largest file, in bytes. Required: an upload without a limit is a way to fill the disk. */
  readonly maxBytes: number
  /** Allowed media types, such as `image/png` or `image/*`. Default: all. */
  readonly types?: readonly string[]
}

export interface UploadsOptions extends UploadOptions {
  /** Most files. Required. */
  readonly maxCount: number
}

/** Computes an argument from the call; see `createParamDecorator`. */
export type ParameterFactory = (data: never, context: never) => unknown

export type ParameterSource =
  | {
      readonly kind: 'body' | 'query' | 'param' | 'header' | 'cookie'
      readonly name?: string
      readonly options: ParameterOptions
    }
  | { readonly kind: 'ip' | 'host' | 'session' | 'rawBody' | 'request' | 'response' | 'context' | 'user' | 'tenant' }
  | { readonly kind: 'file'; readonly name: string; readonly limits: UploadOptions }
  | { readonly kind: 'files'; readonly name: string; readonly limits: UploadsOptions }
  | { readonly kind: 'custom'; readonly factory: ParameterFactory; readonly data: unknown }

export const PARAMETERS = new MetadataListKey<ParameterFact<ParameterSource>>('http.parameters')

type Bindable = 'body' | 'query' | 'param' | 'header' | 'cookie'

function bind(
  kind: Bindable,
  name: string | ParameterOptions | undefined,
  options: ParameterOptions,
): ParameterDecorator {
  return typeof name === 'object'
    ? annotateParameter<ParameterSource>(PARAMETERS, { kind, options: name })
    : annotateParameter<ParameterSource>(PARAMETERS, { kind, options, ...(name === undefined ? {} : { name }) })
}

/** The payload, validated as the parameter's DTO class; with a name, one field of it. */
export function Body(name?: string | ParameterOptions, options: ParameterOptions = {}): ParameterDecorator {
  return bind('body', name, options)
}

/** The query string as a DTO; with a name, one value converted to the parameter's type. */
export function Query(name?: string | ParameterOptions, options: ParameterOptions = {}): ParameterDecorator {
  return bind('query', name, options)
}

/** One path parameter converted to the parameter's type; without a name, all of them as a DTO. */
export function Param(name?: string | ParameterOptions, options: ParameterOptions = {}): ParameterDecorator {
  return bind('param', name, options)
}

/** One request header converted to the parameter's type; without a name, all of them. */
export function Header(name?: string | ParameterOptions, options: ParameterOptions = {}): ParameterDecorator {
  return bind('header', name, options)
}

/** One cookie; without a name, all of them. */
export function Cookie(name?: string | ParameterOptions, options: ParameterOptions = {}): ParameterDecorator {
  return bind('cookie', name, options)
}

const plain =
  (kind: 'ip' | 'host' | 'session' | 'rawBody' | 'request' | 'response' | 'context' | 'user' | 'tenant') => () =>
    annotateParameter<ParameterSource>(PARAMETERS, { kind })

/** The caller's address; a proxy's word is taken only where `HTTP_TRUST_PROXY` says so. */
export const Ip: () => ParameterDecorator = plain('ip')
/** The host the caller named. */
export const HostParam: () => ParameterDecorator = plain('host')
/** `request.session`, put there by a session middleware. */
export const Session: () => ParameterDecorator = plain('session')
/** The body's bytes as they came, as a `Buffer`; for signatures. */
export const RawBody: () => ParameterDecorator = plain('rawBody')
/** The Express request. */
export const Req: () => ParameterDecorator = plain('request')
/** The Express response. The handler then answers by itself; the check lists the route as unmanaged. */
export const Res: () => ParameterDecorator = plain('response')
/** The call's context; `ctx()` gives the same anywhere below. */
export const Ctx: () => ParameterDecorator = plain('context')
/** Who calls, as the authenticate phase found out; `undefined` for anonymous callers. */
export const CurrentUser: () => ParameterDecorator = plain('user')
/** The tenant the call acts for. */
export const CurrentTenant: () => ParameterDecorator = plain('tenant')

/** One uploaded file as a stream, by the name of its form field. */
export function UploadedFile(name: string, limits: UploadOptions): ParameterDecorator {
  return annotateParameter<ParameterSource>(PARAMETERS, { kind: 'file', name, limits })
}

/** All uploaded files of one form field, as an `AsyncIterable` of streams. */
export function UploadedFiles(name: string, limits: UploadsOptions): ParameterDecorator {
  return annotateParameter<ParameterSource>(PARAMETERS, { kind: 'files', name, limits })
}

/**
 * Makes a parameter decorator of your own.
 * @example `export const Locale = createParamDecorator((_data, context: CallContext) => context.header('accept-language'))`
 */
export function createParamDecorator<D = void>(
  factory: (data: D, context: never) => unknown,
): (data: D) => ParameterDecorator {
  return (data) => annotateParameter<ParameterSource>(PARAMETERS, { kind: 'custom', factory: factory, data })
}
