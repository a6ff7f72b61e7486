/** The routes of a controller: `@Get @Post @Put @Patch @Delete @Head @Options @All @Sse`. */
import { annotateAlso } from '../annotate.ts'
import { MetadataListKey } from '../metadata.ts'

/** `ALL` answers every method that has no route of its own. */
export type HttpMethod = 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE' | 'HEAD' | 'OPTIONS' | 'ALL'

export interface RouteOptions {
  /** API versions; read by the versioning module. */
  readonly version?: string | readonly string[]
  /** Status of a successful answer. Default: 201 for POST, 204 where nothing is returned, else 200. */
  readonly status?: number
  /** One line for API documents. */
  readonly summary?: string
}

export interface RouteFact extends RouteOptions {
  readonly method: HttpMethod
  /** Relative to the controller: `/`, `/:id`, `/files/*`. */
  readonly path: string
  /** The handler answers an `AsyncIterable` of server-sent events. */
  readonly sse?: boolean
}

export const ROUTES = new MetadataListKey<RouteFact>('http.routes')

type RouteDecorator = (path?: string, options?: RouteOptions) => MethodDecorator

const route =
  (method: HttpMethod): RouteDecorator =>
  (path = '/', options = {}) =>
    annotateAlso(ROUTES, { method, path, ...options })

/** Answers GET, and HEAD where no route of its own does. */
export const Get: RouteDecorator = route('GET')
/** Answers POST, with 201 unless told otherwise. */
export const Post: RouteDecorator = route('POST')
export const Put: RouteDecorator = route('PUT')
export const Patch: RouteDecorator = route('PATCH')
export const Delete: RouteDecorator = route('DELETE')
export const Head: RouteDecorator = route('HEAD')
/** Replaces the automatic answer, which lists the allowed methods. */
export const Options: RouteDecorator = route('OPTIONS')
/** Answers every method that has no route of its own. */
export const All: RouteDecorator = route('ALL')

/**
 * Server-sent events: the handler answers an `AsyncIterable` of strings, objects or `{ data, event, id, retry }`.
 * The iteration is ended when the client goes.
 */
export function Sse(path = '/', options: RouteOptions = {}): MethodDecorator {
  return annotateAlso(ROUTES, { method: 'GET', path, sse: true, ...options })
}
