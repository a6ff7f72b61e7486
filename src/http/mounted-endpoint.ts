/** An endpoint with everything compiled: what the server runs for a route. */
import type { Endpoint } from '../pipeline/endpoint.ts'
import type { Handler } from '../pipeline/interceptor.ts'
import type { HttpContext } from './http-context.ts'
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
}
