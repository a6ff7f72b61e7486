/**
 * Under which paths endpoints are found. As declared, unless a module lays them out otherwise: once per API version, say.
 * It happens at boot; only routes with several endpoints ask anything of a request.
 */
import type { IncomingMessage } from 'node:http'

import type { HttpMethod } from '../../decorators/index.ts'
import type { Endpoint } from '../pipeline/endpoint.ts'

/** One method and path, and what answers there. */
export interface LaidOutRoute {
  readonly method: HttpMethod
  /** `/tickets/:id`, `/v1/tickets/:id` */
  readonly path: string
  /** What may answer: one endpoint needs no choice. */
  readonly endpoints: readonly Endpoint[]
  /**
   * The endpoint that answers a request, or the error that is answered instead. Called for each request: a lookup, no
   * search. Must not throw.
   */
  readonly choose?: (request: IncomingMessage) => Endpoint | Error
}

/**
 * Provided by a module that lays endpoints out differently: `{ provide: RouteLayout, useClass: VersionLayout }`. One in
 * an application.
 */
export abstract class RouteLayout {
  /** @param endpoints - Those of HTTP, as declared. */
  abstract layOut(endpoints: readonly Endpoint[]): readonly LaidOutRoute[]
}

/** Each endpoint at the path it was declared with. */
export function layOutAsDeclared(endpoints: readonly Endpoint[]): readonly LaidOutRoute[] {
  return endpoints.flatMap((endpoint) => (endpoint.route ? [{ ...endpoint.route, endpoints: [endpoint] }] : []))
}
