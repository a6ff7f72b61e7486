/** One document out of the endpoints of one version. Nothing runs for it: neither a port nor a database is needed. */
import { describeRoute, type ChainLink, type Endpoint, type EndpointChains, type Routes, type StandIns } from 'tenon'
import { DOC, RETURNS, type AbstractClass } from 'tenon/decorators'

import { SchemaBook } from '../schema/schema-book.ts'
import { describesFields } from './describes-fields.ts'
import {
  OPERATION_METHODS,
  type InfoObject,
  type OpenApiDocument,
  type Operation,
  type OperationMethod,
  type PathItem,
  type TagObject,
} from './openapi-document.ts'
import { nestedNameOf, operationIdOf, summaryOf, tagsOf, uniqueId } from './operation-names.ts'
import { parametersOf } from './parameters.ts'
import { templateOf } from './path-template.ts'
import { PROBLEM_RESPONSES, PROBLEM_SCHEMAS } from './problems.ts'
import { requestBodyOf } from './request-body.ts'
import { responsesOf } from './responses.ts'
import { securityOf, type SecuritySchemes } from './security.ts'

export interface DocumentSources {
  readonly routes: Routes
  readonly chains: EndpointChains
}

export interface DocumentOptions {
  readonly info: InfoObject
  readonly servers: readonly string[]
  /** Endpoints of this version, and those that every version has. Unset: all. */
  readonly version: string | undefined
  /** Which endpoints the reader may know of. */
  readonly isVisible: (endpoint: Endpoint) => boolean
  /** Rules one by one, as `x-checks`, for those who make clients. Default: `false`. */
  readonly hasChecks?: boolean
  /** Told which endpoint each operation stands for. */
  readonly onOperation?: (path: string, method: OperationMethod, endpoint: Endpoint) => void
}

/** The same program always gives the same document, byte for byte. */
export async function buildDocument(sources: DocumentSources, options: DocumentOptions): Promise<OpenApiDocument> {
  const { info, servers, hasChecks } = options
  const placed = placedOperations(sources, options)
  const book = await SchemaBook.open(
    [...new Set(placed.flatMap(({ endpoint }) => modelsOf(endpoint, sources.chains)))],
    { hasChecks },
  )
  const schemes: SecuritySchemes = new Map()
  const ids = new Set<string>()
  const paths: Record<string, Partial<Record<OperationMethod, Operation>>> = {}
  for (const each of placed) {
    const operation = describeOperation(each, sources, { book, schemes, ids })
    if (!operation) continue
    ;(paths[each.path] ??= {})[each.method] = operation
    options.onOperation?.(each.path, each.method, each.endpoint)
  }
  const { document, schemas } = book.close<Readonly<Record<string, PathItem>>>(paths)
  return {
    openapi: '3.1.1',
    info,
    ...(servers.length > 0 ? { servers: servers.map((url) => ({ url })) } : {}),
    tags: tagObjects(placed),
    paths: document,
    components: {
      schemas: { ...schemas, ...PROBLEM_SCHEMAS },
      responses: PROBLEM_RESPONSES,
      ...(schemes.size > 0 ? { securitySchemes: Object.fromEntries([...schemes].toSorted(byKey)) } : {}),
    },
  }
}

/** One method of one path. */
interface PlacedOperation {
  readonly endpoint: Endpoint
  readonly path: string
  readonly method: OperationMethod
}

/** By path, and by method as the specification lists them. */
function placedOperations(
  { routes }: DocumentSources,
  { version, isVisible }: DocumentOptions,
): readonly PlacedOperation[] {
  const isOfVersion = (endpoint: Endpoint): boolean =>
    version === undefined || endpoint.version === undefined || endpoint.version === version
  const shown = routes.endpoints.filter(
    (endpoint) => endpoint.route && !isHidden(endpoint) && isOfVersion(endpoint) && isVisible(endpoint),
  )
  const placed = withoutAliases(shown).flatMap((endpoint): PlacedOperation[] => {
    const route = endpoint.route!
    const path = templateOf(route.path)
    if (route.method !== 'ALL') return [{ endpoint, path, method: route.method.toLowerCase() as OperationMethod }]
    // What has a route of its own is not answered by this one; HEAD and OPTIONS go without saying.
    const own = new Set(shown.filter((other) => other.route?.path === route.path).map((other) => other.route?.method))
    return (['GET', 'PUT', 'POST', 'DELETE', 'PATCH'] as const)
      .filter((method) => !own.has(method))
      .map((method) => ({ endpoint, path, method: method.toLowerCase() as OperationMethod }))
  })
  return placed.toSorted(
    (a, b) => compare(a.path, b.path) || OPERATION_METHODS.indexOf(a.method) - OPERATION_METHODS.indexOf(b.method),
  )
}

/** Where the version stands in the path, callers that name none find the default version under a second path. */
function withoutAliases(endpoints: readonly Endpoint[]): readonly Endpoint[] {
  const seen = new Set<string>()
  return endpoints.filter(({ version, name, route }) => {
    if (version === undefined) return true
    const [path, declared] = [route?.path ?? '', `${name} ${route?.method} `]
    if ([...seen].some((known) => known.startsWith(declared) && known.endsWith(path === '/' ? '' : path))) return false
    seen.add(`${declared}${path}`)
    return true
  })
}

export function isHidden({ type, method }: Endpoint): boolean {
  return DOC.read(type, method)?.hidden ?? DOC.read(type)?.hidden ?? false
}

interface Shared {
  readonly book: SchemaBook
  readonly schemes: SecuritySchemes
  readonly ids: Set<string>
}

function describeOperation(
  { endpoint, path, method }: PlacedOperation,
  { chains }: DocumentSources,
  { book, schemes, ids }: Shared,
): Operation | undefined {
  const route = describeRoute(endpoint)
  if (!route) return undefined
  const chain = chains.of(endpoint).links
  const shelf = book.through(standInsOf(chain))
  const parameters = parametersOf(endpoint, path, chain, shelf)
  const requestBody = requestBodyOf(endpoint, route, shelf)
  const security = securityOf(chain, schemes)
  const deprecations = chain.filter((link) => link.description.deprecated).map((link) => link.description.does)
  const description = [DOC.read(endpoint.type, endpoint.method)?.description, ...deprecations.map(asSentence)].filter(
    (text) => text !== undefined,
  )
  const operationId = uniqueId(operationIdOf(endpoint), method, path, ids)
  const name = nestedNameOf(endpoint, operationId, tagsOf(endpoint)[0] ?? '')
  return {
    operationId,
    ...(name === undefined ? {} : { 'x-name': name }),
    summary: summaryOf(endpoint),
    ...(description.length > 0 ? { description: description.join('\n\n') } : {}),
    tags: tagsOf(endpoint),
    ...(deprecations.length > 0 ? { deprecated: true } : {}),
    ...(parameters.length > 0 ? { parameters } : {}),
    ...(requestBody ? { requestBody } : {}),
    responses: responsesOf(endpoint, route, chain, shelf),
    ...(security ? { security } : {}),
  }
}

/** Descriptions have no subject: `is deprecated since 2026-03-01`. */
function asSentence(does: string | undefined): string | undefined {
  return does === undefined ? undefined : `This ${does}.`
}

/** The groups that operations name, with what their controllers say of them. */
function tagObjects(placed: readonly PlacedOperation[]): readonly TagObject[] {
  const descriptions = new Map<string, string | undefined>()
  for (const { endpoint } of placed) {
    for (const name of tagsOf(endpoint)) {
      const said = DOC.read(endpoint.type)?.description
      descriptions.set(name, descriptions.get(name) ?? said)
    }
  }
  // As readers look for them: `API keys` behind `Accounts`.
  return [...descriptions]
    .toSorted((a, b) => compare(a[0].toLowerCase(), b[0].toLowerCase()) || byKey(a, b))
    .map(([name, description]) => ({ name, ...(description === undefined ? {} : { description }) }))
}

/** Also those that are answered: rules of either say more about them. */
function modelsOf(endpoint: Endpoint, chains: EndpointChains): readonly AbstractClass[] {
  const { parameters, type, method } = endpoint
  const taken = parameters.flatMap((parameter) => (describesFields(parameter.type) ? [parameter.type] : []))
  const standIns = [...standInsOf(chains.of(endpoint).links).values()].flat() as readonly AbstractClass[]
  return [...taken, ...RETURNS.read(type, method).map((fact) => fact.type), ...standIns]
}

function standInsOf(chain: readonly ChainLink[]): StandIns {
  return new Map(chain.flatMap(({ description }) => [...(description.standIns ?? [])]))
}

function byKey(a: readonly [string, unknown], b: readonly [string, unknown]): number {
  return compare(a[0], b[0])
}

function compare(a: string, b: string): number {
  return a < b ? -1 : Number(a > b)
}
