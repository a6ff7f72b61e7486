/** Every request finds an endpoint here: its route's, or the one for the reason why no route answers. */
import type { Endpoint } from '../pipeline/endpoint.ts'
import type { Handler } from '../pipeline/interceptor.ts'
import type { HostRequest } from './express-request.ts'
import type { MountedEndpoint, MountedPipeline, MountedRoute } from './mounted-endpoint.ts'
import { MALFORMED_PATH, NO_PARAMS, Router, type RouteMatch } from './router.ts'
import { mountUnmatched, type Unmatched } from './unmatched-endpoints.ts'

export interface RouteTableParts {
  readonly routes: readonly MountedRoute[]
  readonly maxUrlBytes: number
  readonly fallback: (endpoint: Endpoint, handler: Handler) => MountedPipeline
}

export class RouteTable {
  readonly #router: Router<MountedEndpoint>
  readonly #refusals: Readonly<Record<Unmatched, RouteMatch<MountedEndpoint>>>
  readonly #maxUrlBytes: number

  constructor({ routes, maxUrlBytes, fallback }: RouteTableParts) {
    this.#router = new Router(routes, maxUrlBytes)
    this.#maxUrlBytes = maxUrlBytes
    const allowedMethods = (url: string): readonly string[] => this.#router.allowedMethods(url)
    const unmatched = mountUnmatched({ allowedMethods, maxUrlBytes, compile: fallback })
    this.#refusals = Object.fromEntries(
      Object.entries(unmatched).map(([reason, target]) => [reason, { target, params: NO_PARAMS }]),
    ) as unknown as Record<Unmatched, RouteMatch<MountedEndpoint>>
  }

  find(request: HostRequest): RouteMatch<MountedEndpoint> {
    const { url = '/', method = 'GET' } = request
    if (url.length > this.#maxUrlBytes) return this.#refusals.urlTooLong
    if (request.headers.host === undefined && request.httpVersion === '1.1') return this.#refusals.hostMissing
    const match = this.#router.find(method, url)
    if (match === MALFORMED_PATH) return this.#refusals.malformedPath
    if (match === undefined) return this.#refusals[this.#reasonFor(method, url)]
    const { target, params } = match
    if (!target.choose) return match
    const chosen = target.choose(request)
    return { target: chosen, params: chosen.rename ? chosen.rename(params) : params }
  }

  refuse(reason: Unmatched): RouteMatch<MountedEndpoint> {
    return this.#refusals[reason]
  }

  #reasonFor(method: string, url: string): Unmatched {
    if (this.#router.isMalformed(url)) return 'malformedPath'
    if (this.#router.allowedMethods(url).length === 0) return 'notFound'
    return method === 'OPTIONS' ? 'options' : 'methodNotAllowed'
  }
}
