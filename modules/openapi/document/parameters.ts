/** What stands in path, query, headers and cookies: the handler's parameters and what interceptors ask for. */
import type { ChainLink, Endpoint, EndpointParameter } from 'tenon'
import { DOC, VALIDATE, type AbstractClass, type ParameterSource } from 'tenon/decorators'

import { inputField } from '../schema/input-model.ts'
import type { JsonSchema } from '../schema/json-schema.ts'
import { scalarSchema } from '../schema/scalar-schemas.ts'
import type { ModelShelf } from '../schema/schema-book.ts'
import { describesFields } from './describes-fields.ts'
import type { Parameter } from './openapi-document.ts'
import { REST } from './path-template.ts'
import { schemaOfStandard } from './standard-json-schema.ts'

type TextSource = Extract<ParameterSource, { readonly options: unknown }>
type Place = Parameter['in']

const PLACES: Readonly<Partial<Record<ParameterSource['kind'], Place>>> = {
  query: 'query',
  param: 'path',
  header: 'header',
  cookie: 'cookie',
}

/** OpenAPI 3.1 §4.8.12.1: these are said by media types and security schemes, and ignored as parameters. */
const SAID_ELSEWHERE: ReadonlySet<string> = new Set(['accept', 'content-type', 'authorization'])

/** Path parameters in the order of the path, then the others by place, as they were declared. */
export function parametersOf(
  endpoint: Endpoint,
  path: string,
  chain: readonly ChainLink[],
  shelf: ModelShelf,
): readonly Parameter[] {
  const found = new Map<string, Parameter>()
  const add = (parameter: Parameter): void => {
    if (parameter.in === 'header' && SAID_ELSEWHERE.has(parameter.name.toLowerCase())) return
    const key = `${parameter.in} ${parameter.in === 'header' ? parameter.name.toLowerCase() : parameter.name}`
    const known = found.get(key)
    found.set(
      key,
      known ? { ...parameter, ...known, ...(known.required || parameter.required ? REQUIRED : {}) } : parameter,
    )
  }
  for (const parameter of endpoint.parameters) for (const each of ofHandler(endpoint, parameter, shelf)) add(each)
  for (const { description } of chain) {
    for (const { in: place, name, required, description: text, schema } of description.parameters ?? []) {
      add({
        name,
        in: place,
        ...(required || place === 'path' ? REQUIRED : {}),
        description: text,
        schema: schema ?? { type: 'string' },
      })
    }
  }

  const named = [...path.matchAll(/\{([^}]+)\}/g)].map(([, name]) => name!)
  for (const name of named) add({ name, in: 'path', required: true, schema: { type: 'string' } })
  return [...found.values()]
    .filter(({ in: place, name }) => place !== 'path' || named.includes(name))
    .toSorted((a, b) => ORDER.indexOf(a.in) - ORDER.indexOf(b.in) || named.indexOf(a.name) - named.indexOf(b.name))
}

const REQUIRED = { required: true } as const
const ORDER: readonly Place[] = ['path', 'query', 'header', 'cookie']

function ofHandler(endpoint: Endpoint, { source, type }: EndpointParameter, shelf: ModelShelf): readonly Parameter[] {
  const place = source && PLACES[source.kind]
  if (!place) return []
  const { options, name: written } = source as TextSource
  const name = written === '*' && place === 'path' ? REST : written
  if (name !== undefined) return [ofOne(endpoint, place, name, type, options.schema, shelf)]
  if (options.schema !== undefined) return ofProperties(place, schemaOfStandard(options.schema))
  return describesFields(type) ? ofModel(endpoint, place, shelf.seen(type), shelf) : []
}

function ofOne(
  endpoint: Endpoint,
  place: Place,
  name: string,
  type: unknown,
  standard: unknown,
  shelf: ModelShelf,
): Parameter {
  const required = place === 'path' ? REQUIRED : {}
  if (standard !== undefined) return { name, in: place, ...required, schema: schemaOfStandard(standard) ?? {} }
  if (describesFields(type)) {
    const use = endpoint.read(VALIDATE) ?? {}
    return { name, in: place, ...required, schema: shelf.input(type, use) }
  }
  const schema: JsonSchema =
    type === Array ? { type: 'array', items: { type: 'string' } } : (scalarSchema(type) ?? { type: 'string' })
  return { name, in: place, ...required, schema }
}

/** The fields of a DTO, each a parameter of its own. */
function ofModel(endpoint: Endpoint, place: Place, type: AbstractClass, shelf: ModelShelf): readonly Parameter[] {
  const use = endpoint.read(VALIDATE) ?? {}
  const fields = shelf.describer.of(type, use).fields
  return fields
    .filter(({ property }) => DOC.read(type, property)?.hidden !== true)
    .map((field) => {
      const { description, ...schema } = inputField(type, field, shelf, { use, fromText: true })
      return {
        name: field.key,
        in: place,
        ...(field.isRequired || place === 'path' ? REQUIRED : {}),
        ...(typeof description === 'string' ? { description } : {}),
        schema,
      }
    })
}

/** The same for a schema of another library, when it says what its fields are. */
function ofProperties(place: Place, schema: JsonSchema | undefined): readonly Parameter[] {
  return Object.entries(schema?.properties ?? {}).map(([name, each]) => ({
    name,
    in: place,
    ...(place === 'path' || schema?.required?.includes(name) ? REQUIRED : {}),
    schema: each,
  }))
}
