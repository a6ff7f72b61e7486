/** What may be sent as a body: JSON, a form, a form with files, text or bytes. */
import type { Endpoint, EndpointParameter, RouteDescription } from 'tenon'
import { VALIDATE, type ParameterSource } from 'tenon/decorators'

import { inputModel } from '../schema/input-model.ts'
import type { JsonSchema } from '../schema/json-schema.ts'
import { scalarSchema } from '../schema/scalar-schemas.ts'
import type { ModelShelf } from '../schema/schema-book.ts'
import { describesFields } from './describes-fields.ts'
import type { MediaTypeObject, RequestBody } from './openapi-document.ts'
import { schemaOfStandard } from './standard-json-schema.ts'

type BodySource = Extract<ParameterSource, { readonly options: unknown }>

const MEDIA_TYPES = {
  json: 'application/json',
  form: 'application/x-www-form-urlencoded',
  text: 'text/plain',
  bytes: 'application/octet-stream',
} as const

/** `undefined` where no body is read. */
export function requestBodyOf(
  endpoint: Endpoint,
  { bodyForms, upload }: RouteDescription,
  shelf: ModelShelf,
): RequestBody | undefined {
  const parts = endpoint.parameters.filter(({ source }) => source?.kind === 'body')
  if (upload) return formWithFiles(endpoint, parts, upload, shelf)
  if (bodyForms.length === 0) return undefined
  const { schema, isRequired } = bodySchema(endpoint, parts, shelf)
  const contentOf = (form: keyof typeof MEDIA_TYPES): MediaTypeObject => {
    if (form === 'bytes') return {}
    if (form === 'text') return { schema: { type: 'string' } }
    return schema ? { schema } : {}
  }
  return {
    ...(isRequired ? { required: true } : {}),
    content: Object.fromEntries(bodyForms.map((form) => [MEDIA_TYPES[form], contentOf(form)])),
  }
}

interface BodySchema {
  readonly schema: JsonSchema | undefined
  readonly isRequired: boolean
}

/** The whole body, or an object of the named fields. */
function bodySchema(endpoint: Endpoint, parts: readonly EndpointParameter[], shelf: ModelShelf): BodySchema {
  const known = parts.map((part) => partOf(endpoint, part, shelf))
  const whole = known.filter(({ name }) => name === undefined)
  const named = known.filter(({ name }) => name !== undefined)
  const required = named.filter(({ isRequired }) => isRequired).map(({ name }) => name!)
  const object: JsonSchema = {
    type: 'object',
    properties: Object.fromEntries(named.map(({ name, schema }) => [name!, schema ?? {}])),
    ...(required.length > 0 ? { required } : {}),
  }
  const schemas: readonly JsonSchema[] = [
    ...whole.flatMap(({ schema }) => (schema ? [schema] : [])),
    ...(named.length > 0 ? [object] : []),
  ]
  const [only, ...more] = schemas
  return {
    schema: more.length === 0 ? only : { allOf: schemas },
    isRequired: known.some(({ isRequired }) => isRequired),
  }
}

interface BodyPart extends BodySchema {
  readonly name: string | undefined
}

function partOf(endpoint: Endpoint, { source, type }: EndpointParameter, shelf: ModelShelf): BodyPart {
  const { name, options } = source as BodySource
  if (options.schema !== undefined) return { name, schema: schemaOfStandard(options.schema), isRequired: true }
  if (describesFields(type)) return { name, schema: shelf.input(type, endpoint.read(VALIDATE) ?? {}), isRequired: true }
  return { name, schema: type === Array ? { type: 'array' } : scalarSchema(type), isRequired: false }
}

function formWithFiles(
  endpoint: Endpoint,
  parts: readonly EndpointParameter[],
  { field, isMany, maxCount, maxBytes, types }: NonNullable<RouteDescription['upload']>,
  shelf: ModelShelf,
): RequestBody {
  // OpenAPI 3.1 §4.8.14.4: a file has no type of JSON.
  const file: JsonSchema = { contentMediaType: types?.join(', ') ?? 'application/octet-stream' }
  const files: JsonSchema = isMany ? { type: 'array', items: file, maxItems: maxCount } : file
  const fields = parts.map((part) => fieldsOf(endpoint, part, shelf))
  const form: JsonSchema = {
    type: 'object',
    properties: Object.assign({}, ...fields.map(({ properties }) => properties), {
      [field]: files,
    }) as JsonSchema['properties'],
    required: [...new Set(fields.flatMap(({ required }) => required ?? [])), ...(isMany ? [] : [field])],
  }
  const limit = `At most ${maxBytes} bytes${isMany ? ` each, and at most ${maxCount} files` : ''}`
  return {
    required: true,
    description: `${limit}${types ? `; of type ${types.join(', ')}` : ''}. Other fields stand before the file.`,
    content: {
      'multipart/form-data': {
        schema: form,
        ...(types ? { encoding: { [field]: { contentType: types.join(', ') } } } : {}),
      },
    },
  }
}

/** The fields beside the file. Their own model refuses what it does not know, so it is not referred to. */
function fieldsOf(endpoint: Endpoint, part: EndpointParameter, shelf: ModelShelf): JsonSchema {
  const { name } = part.source as BodySource
  if (name === undefined && describesFields(part.type)) {
    return inputModel(shelf.seen(part.type), endpoint.read(VALIDATE) ?? {}, shelf)
  }
  const { schema, isRequired } = partOf(endpoint, part, shelf)
  if (name === undefined) return schema ?? {}
  return { properties: { [name]: schema ?? {} }, ...(isRequired ? { required: [name] } : {}) }
}
