/** A parameter that comes from the body: all of it, or one field. */
import type { Class, ParameterOptions, ValidateFact } from '../../decorators/index.ts'
import { describeEndpoint, type Endpoint, type EndpointParameter } from '../pipeline/endpoint.ts'
import { compileSchemaValidator, compileValidator, type Validator } from '../validation/compile-validator.ts'
import { pointerTo } from '../validation/json-pointer.ts'
import { isDto } from '../validation/validation-metadata.ts'
import type { CallInput } from './call-input.ts'
import { jsonConverter, textConverter, type TextConverter } from './convert-argument.ts'
import type { ReadBody } from './read-body.ts'
import { BodyMissing, ParameterInvalid } from './request-errors.ts'

/** What `@Body` said. */
export interface BodyFact {
  readonly name?: string
  readonly options: ParameterOptions
}

/** What is done with a value that came as JSON, and with one that came as text. */
interface Conversion {
  readonly fromJson: (value: unknown) => unknown
  readonly fromText: (value: unknown) => unknown
}

/** @throws `REQUEST_BODY_MISSING`, `REQUEST_PARAMETER_INVALID`, `VALIDATION_FAILED` from the reader. */
export async function compileBodyArgument(
  endpoint: Endpoint,
  { type }: EndpointParameter,
  { name, options }: BodyFact,
  validation: ValidateFact,
): Promise<(input: CallInput) => unknown> {
  const pointer = name === undefined ? '' : pointerTo('', name)
  const route = describeEndpoint(endpoint)
  const { schema } = options

  if (schema !== undefined) {
    const validate = await compileSchemaValidator(schema, { pointer })
    return ({ body }) => validate(body && pick(body, name))
  }
  if (typeof type === 'function' && isDto(type as Class)) {
    const { fromJson, fromText } = await dtoConversion(type as Class, validation, pointer)
    return ({ body }) => {
      if (body?.value === undefined) throw new BodyMissing(route)
      return (body.fromText ? fromText : fromJson)(pick(body, name))
    }
  }
  const { fromJson, fromText } = scalarConversion(type, name, pointer)
  return ({ body }) => {
    const value = body && pick(body, name)
    return value === undefined ? undefined : (body!.fromText ? fromText : fromJson)(value)
  }
}

/** The body, or its field. */
function pick({ value }: ReadBody, name: string | undefined): unknown {
  if (name === undefined || value === undefined) return value
  if (value === null || typeof value !== 'object' || Array.isArray(value)) {
    throw new ParameterInvalid('', 'isObject', 'the body must be an object')
  }
  return Object.hasOwn(value, name) ? (value as Record<string, unknown>)[name] : undefined
}

async function dtoConversion(
  type: Class,
  { groups, mode = 'strict' }: ValidateFact,
  pointer: string,
): Promise<Conversion> {
  const compile = (fromText: boolean): Promise<Validator> => compileValidator(type, { groups, mode, fromText, pointer })
  const [fromJson, fromText] = await Promise.all([compile(false), compile(true)])
  return { fromJson, fromText }
}

function scalarConversion(type: unknown, name: string | undefined, pointer: string): Conversion {
  const place = { pointer, name: name ?? 'the body' }
  const convert = textConverter(type, place)
  return { fromJson: jsonConverter(type, place), fromText: (value) => convert(value as Parameters<TextConverter>[0]) }
}
