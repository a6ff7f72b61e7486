/** One parameter of a handler as a function: chosen at boot by where the argument comes from. */
import type { Class, ParameterOptions, ParameterSource, ValidateFact } from '../../decorators/index.ts'
import { after } from '../pipeline/after.ts'
import { describeEndpoint, type Endpoint, type EndpointParameter } from '../pipeline/endpoint.ts'
import { compileSchemaValidator, compileValidator, type Validator } from '../validation/compile-validator.ts'
import { pointerTo } from '../validation/json-pointer.ts'
import { isDto } from '../validation/validation-metadata.ts'
import { compileBodyArgument } from './compile-body-argument.ts'
import { textConverter } from './convert-argument.ts'
import type { CallInput } from './call-input.ts'
import type { HttpContext } from './http-context.ts'
import { BodyConsumed } from './request-errors.ts'

/** An argument, or a promise of it. */
export type ArgumentReader = (input: CallInput) => unknown

/** Texts by name, as query, path, headers and cookies have them. */
export type Texts = Readonly<Record<string, string | string[] | undefined>>

export type TextKind = 'query' | 'param' | 'header' | 'cookie'

/** Where texts come from on any transport. */
export interface TextSources {
  readonly query: Texts
  readonly params: Texts
  readonly headers: Texts
  readonly cookies: Texts
}

const TEXTS: Readonly<Record<TextKind, (input: TextSources) => Texts>> = {
  query: (input) => input.query,
  param: (input) => input.params,
  header: (input) => input.headers,
  cookie: (input) => input.cookies,
}

const PLACES: Readonly<Record<TextKind, { readonly pointer: string; readonly name: string }>> = {
  query: { pointer: '#/query', name: 'query parameter' },
  param: { pointer: '#/path', name: 'path parameter' },
  header: { pointer: '#/header', name: 'header' },
  cookie: { pointer: '#/cookie', name: 'cookie' },
}

/** Makes the reader of one parameter. */
export async function compileArgument(
  endpoint: Endpoint,
  parameter: EndpointParameter,
  source: ParameterSource,
  validation: ValidateFact,
): Promise<ArgumentReader> {
  switch (source.kind) {
    case 'body':
      return withTransform(await compileBodyArgument(endpoint, parameter, source, validation), source.options)
    case 'query':
    case 'param':
    case 'header':
    case 'cookie':
      return withTransform(await compileTextArgument(parameter, source.kind, source, validation), source.options)
    case 'rawBody': {
      const route = describeEndpoint(endpoint)
      return ({ body }) => {
        if (body?.bytes === undefined) throw new BodyConsumed(route)
        return body.bytes
      }
    }
    case 'file':
      return ({ uploads }) => uploads?.first
    case 'files':
      return ({ uploads }) => uploads?.all
    case 'ip':
      return ({ context }) => context.request.ip
    case 'host':
      return ({ context }) => context.request.headers.host
    case 'session':
      return ({ context }) => (context.request as { session?: unknown }).session
    case 'request':
      return ({ context }) => context.request
    case 'response':
      return ({ context }) => context.response
    case 'context':
      return ({ context }) => context
    case 'user':
      return ({ context }) => context.principal
    case 'tenant':
      return ({ context }) => context.tenant
    case 'custom': {
      const factory = source.factory as (data: unknown, context: HttpContext) => unknown
      return ({ context }) => factory(source.data, context)
    }
  }
}

/** A parameter that is made of texts: converted by its type, or validated as its DTO. */
export async function compileTextArgument(
  { type }: EndpointParameter,
  kind: TextKind,
  { name, options }: { readonly name?: string; readonly options: ParameterOptions },
  validation: ValidateFact,
): Promise<(input: TextSources) => unknown> {
  const texts = TEXTS[kind]
  const place = PLACES[kind]
  if (name === undefined) {
    const validate = await compileTextValidator(type, options, { ...validation, ...leniencyOf(kind) }, place.pointer)
    return validate ? (input) => validate(texts(input)) : texts
  }

  const key = kind === 'header' ? name.toLowerCase() : name
  const pointer = pointerTo(place.pointer, name)
  const validate = await compileTextValidator(type, options, validation, pointer)
  if (validate) return (input) => validate(texts(input)[key])
  const convert = textConverter(type, { pointer, name: `${place.name} ${name}` })
  return (input) => convert(texts(input)[key])
}

/** Every request has headers and cookies that no DTO declares. */
function leniencyOf(kind: TextKind): ValidateFact {
  return kind === 'header' || kind === 'cookie' ? { mode: 'strip' } : {}
}

async function compileTextValidator(
  type: unknown,
  { schema }: ParameterOptions,
  { groups, mode = 'strict' }: ValidateFact,
  pointer: string,
): Promise<Validator | undefined> {
  if (schema !== undefined) return compileSchemaValidator(schema, { pointer })
  if (typeof type !== 'function' || !isDto(type as Class)) return undefined
  return compileValidator(type as Class, { groups, mode, fromText: true, pointer })
}

function withTransform(read: ArgumentReader, { transform }: ParameterOptions): ArgumentReader {
  if (!transform) return read
  const apply = transform as (value: unknown, context: HttpContext) => unknown
  return (input) => after(read(input), (value) => apply(value, input.context))
}
