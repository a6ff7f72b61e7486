/** An endpoint with everything compiled: what the server runs for a route. */
import type { IncomingMessage } from 'node:http'

import type { HttpMethod } from '../../decorators/index.ts'
import type { Endpoint } from '../pipeline/endpoint.ts'
import type { CallListener } from '../pipeline/context.ts'
import type { Handler } from '../pipeline/interceptor.ts'
import type { HttpContext, PathParameters } from './http-context.ts'
import type { ReadAhead } from './read-body.ts'
import type { FixedHeaders } from './static-headers.ts'

/** What interceptors make of an endpoint. */
export interface MountedPipeline {
  /** What they put on every answer. */
  readonly headers?: FixedHeaders | undefined
  /** Those of them that are told how calls begin and end. */
  readonly listeners?: readonly CallListener[] | undefined
  /** The whole pipeline. Answers a value or a promise; throws. */
  readonly invoke: Handler
}

/** One route with everything compiled. */
export interface MountedEndpoint extends MountedPipeline {
  readonly endpoint: Endpoint
  /** The same in two parts, where the body can be read between them. */
  readonly halves?: PipelineHalves | undefined
  /** Writes what `invoke` answered. Not called when the response has begun by then. */
  readonly respond: (context: HttpContext, result: unknown) => void | Promise<void>
  /** Several endpoints answer here: which one does is asked of the request, and none of the above is used. */
  readonly choose?: ((request: IncomingMessage) => MountedEndpoint) | undefined
  /** The path's parameters by the names that the endpoint itself has for them, where the route has others. */
  readonly rename?: ((params: PathParameters) => PathParameters) | undefined
}

/** A pipeline around its body: what waits for one by a promise, waits by four. */
export interface PipelineHalves {
  /** What stands in front of the body; `undefined` where nothing does. */
  readonly front: Handler | undefined
  readonly readAhead: ReadAhead
  /** All that needs the body, and what comes then. */
  readonly rest: Handler
}

/** A method and path with what answers there. */
export interface MountedRoute {
  readonly method: HttpMethod
  readonly path: string
  readonly target: MountedEndpoint
}
