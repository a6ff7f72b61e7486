/** What an operation answers: the declared models, else what the compiler tells, and the failures to expect. */
import { Readable } from 'node:stream'

import { FileResponse, RedirectResponse, type ChainLink, type Endpoint, type RouteDescription } from 'tenon'
import { DOC, RETURNS, SET_HEADERS, type ReturnsFact } from 'tenon/decorators'

import { scalarSchema } from '../schema/scalar-schemas.ts'
import type { JsonSchema } from '../schema/json-schema.ts'
import type { ModelShelf } from '../schema/schema-book.ts'
import { describesFields } from './describes-fields.ts'
import type { MediaTypeObject, Operation, ResponseObject } from './openapi-document.ts'
import { DEFAULT_RESPONSE, problemResponses } from './problems.ts'

export function responsesOf(
  endpoint: Endpoint,
  route: RouteDescription,
  chain: readonly ChainLink[],
  shelf: ModelShelf,
): Operation['responses'] {
  const headers = headersOf(endpoint, chain)
  const answers = Object.entries(successesOf(endpoint, route, shelf)).map(([status, response]) => [
    status,
    Object.keys(headers).length === 0 ? response : { ...response, headers: { ...headers, ...response.headers } },
  ])
  return {
    ...(Object.fromEntries(answers) as Record<string, ResponseObject>),
    ...problemResponses(endpoint, route, chain),
    default: DEFAULT_RESPONSE,
  }
}

/** Whether something says what the endpoint answers. */
export function isAnswerKnown(endpoint: Endpoint, route: RouteDescription): boolean {
  if (route.isUnmanaged || route.redirect || (route.produces !== undefined && route.produces !== 'application/json'))
    return true
  if (RETURNS.read(endpoint.type, endpoint.method).length > 0) return !endpoint.route?.sse || hasModel(endpoint)
  if (isBodiless(route.status)) return true
  return !endpoint.route?.sse && knownContent(endpoint.returns) !== undefined
}

function hasModel(endpoint: Endpoint): boolean {
  return RETURNS.read(endpoint.type, endpoint.method).length > 0
}

/** RFC 9110 §15.3.5, §15.3.6, §15.4.5; of 202, whose body is optional (§15.3.3), where no model of it is declared. */
function isBodiless(status: number): boolean {
  return status === 202 || status === 204 || status === 205 || status === 304
}

function successesOf(
  endpoint: Endpoint,
  route: RouteDescription,
  shelf: ModelShelf,
): Readonly<Record<string, ResponseObject>> {
  const { status, redirect } = route
  if (redirect) return { [redirect.status]: redirected(redirect.url) }
  if (endpoint.returns === RedirectResponse) return { 302: redirected(undefined) }
  const facts = RETURNS.read(endpoint.type, endpoint.method)
  if (endpoint.route?.sse) return { 200: { description: 'Events as they happen.', content: eventsOf(facts[0], shelf) } }
  if (facts.length > 0) {
    return Object.fromEntries(
      facts.map((fact) => [String(fact.status ?? status), modelResponse(endpoint, fact, route, shelf)]),
    )
  }
  if (isBodiless(status)) return { [status]: { description: 'Done; there is nothing to read.' } }
  const content = contentOf(endpoint, route, shelf)
  return { [status]: { description: 'Success.', ...(content ? { content } : {}) } }
}

function redirected(url: string | undefined): ResponseObject {
  return {
    description: url === undefined ? 'Continues elsewhere.' : `Continues at ${url}.`,
    headers: { location: { description: 'Where to continue.', schema: { type: 'string', format: 'uri-reference' } } },
  }
}

function modelResponse(
  endpoint: Endpoint,
  { type, array, status }: ReturnsFact,
  route: RouteDescription,
  shelf: ModelShelf,
): ResponseObject {
  const model = shelf.output(type)
  const isList = array === true || model.type === 'array'
  const { name } = shelf.seen(type)
  const example =
    status === undefined || status === route.status ? DOC.read(endpoint.type, endpoint.method)?.example : undefined
  const content: MediaTypeObject = {
    schema: array ? { type: 'array', items: model } : model,
    ...(example === undefined ? {} : { example }),
  }
  return {
    description: isList ? `A list of \`${name}\`.` : `${capitalized(words(name.replace(/(?<=.)View$/, '')))}.`,
    content: { [route.produces ?? 'application/json']: content },
  }
}

/** A stream is a list of events that has no end. OpenAPI 3.1 has no word for its items; 3.2 calls them `itemSchema`. */
function eventsOf(fact: ReturnsFact | undefined, shelf: ModelShelf): ResponseObject['content'] {
  const data: JsonSchema = fact
    ? { type: 'string', contentMediaType: 'application/json', contentSchema: shelf.output(fact.type) }
    : { type: 'string' }
  const event: JsonSchema = {
    type: 'object',
    properties: {
      data,
      event: { type: 'string' },
      id: { type: 'string' },
      retry: { type: 'integer', minimum: 0 },
    },
    required: ['data'],
  }
  return { 'text/event-stream': { schema: { type: 'array', items: event } } }
}

function contentOf(endpoint: Endpoint, { produces }: RouteDescription, shelf: ModelShelf): ResponseObject['content'] {
  const { returns } = endpoint
  const example = DOC.read(endpoint.type, endpoint.method)?.example
  const withExample = example === undefined ? {} : { example }
  const known = knownContent(returns)
  if (known) {
    const schema = known.isModel ? shelf.output(returns as never) : known.schema
    return { [produces ?? known.mediaType]: { ...(schema ? { schema } : {}), ...withExample } }
  }
  if (produces !== undefined) return { [produces]: { ...withExample } }
  return example === undefined ? undefined : { 'application/json': { example } }
}

interface KnownContent {
  readonly mediaType: string
  readonly schema?: JsonSchema
  readonly isModel?: boolean
}

const BYTES: KnownContent = { mediaType: 'application/octet-stream' }

/** What the emitted type of the result says by itself. */
function knownContent(returns: unknown): KnownContent | undefined {
  if (returns === String) return { mediaType: 'text/plain', schema: { type: 'string' } }
  if (returns === Number || returns === Boolean) {
    return { mediaType: 'application/json', schema: scalarSchema(returns)! }
  }
  if (returns === FileResponse || returns === Buffer || returns === Uint8Array || isStream(returns)) return BYTES
  if (returns === RedirectResponse) return BYTES
  return describesFields(returns) ? { mediaType: 'application/json', isModel: true } : undefined
}

function isStream(returns: unknown): boolean {
  if (typeof returns !== 'function') return false
  return returns === Readable || returns.prototype instanceof Readable || returns === ReadableStream || returns === Blob
}

function headersOf(endpoint: Endpoint, chain: readonly ChainLink[]): NonNullable<ResponseObject['headers']> {
  const described = chain.flatMap(({ description }) => Object.entries(description.responseHeaders ?? {}))
  const set = endpoint
    .readAll(SET_HEADERS)
    .filter(({ name }) => name.toLowerCase() !== 'content-type')
    .map(({ name, value }) => [name.toLowerCase(), { schema: { type: 'string' as const, const: value } }] as const)
  const all = [
    ...described.map(([name, description]) => [name, { description, schema: { type: 'string' as const } }] as const),
    ...set,
  ]
  return Object.fromEntries(all.toSorted(([a], [b]) => (a < b ? -1 : 1)))
}

function words(name: string): string {
  return name
    .replaceAll(/([a-z\d])([A-Z])/g, '$1 $2')
    .replaceAll(/([A-Z]+)([A-Z][a-z])/g, '$1 $2')
    .toLowerCase()
}

function capitalized(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1)
}
