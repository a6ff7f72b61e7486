/** An endpoint with everything compiled: what the server runs for a route. */
import type { IncomingMessage } from 'node:http'

import type { HttpMethod } from '../../decorators/index.ts'
import type { Endpoint } from '../pipeline/endpoint.ts'
import type { Handler } from '../pipeline/interceptor.ts'
import type { HttpContext, PathParameters } from './http-context.ts'
import type { FixedHeaders } from './static-headers.ts'

/** One route with everything compiled. */
export interface MountedEndpoint {
  readonly endpoint: Endpoint
  /** What interceptors put on every answer. */
  readonly headers?: FixedHeaders | undefined
  /** The whole pipeline. Answers a value or a promise; throws. */
  readonly invoke: Handler
  /** Writes what `invoke` answered. Not called when the response has begun by then. */
  readonly respond: (context: HttpContext, result: unknown) => void | Promise<void>
  /** Several endpoints answer here: which one does is asked of the request, and none of the above is used. */
  readonly choose?: ((request: IncomingMessage) => MountedEndpoint) | undefined
  /** The path's parameters by the names that the endpoint itself has for them, where the route has others. */
  readonly rename?: ((params: PathParameters) => PathParameters) | undefined
}

/** A method and path with what answers there. */
export interface MountedRoute {
  readonly method: HttpMethod
  readonly path: string
  readonly target: MountedEndpoint
}
