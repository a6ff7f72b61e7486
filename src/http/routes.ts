/** The routes of the application as they are served; injectable, for documents, lists and reports. */
import { Optional } from '../../decorators/index.ts'
import { ModuleGraph } from '../graph/module-graph.ts'
import type { Endpoint } from '../pipeline/endpoint.ts'
import { layOutAsDeclared, RouteLayout, type LaidOutRoute } from './route-layout.ts'
import { MALFORMED_PATH, Router } from './router.ts'

/** Longer values of a parameter find nothing; the server refuses most of such targets before. */
const LONGEST_PARAMETER = 8192

export class Routes {
  readonly all: readonly LaidOutRoute[]
  #router: Router<LaidOutRoute> | undefined

  constructor(graph: ModuleGraph, @Optional() layout?: RouteLayout) {
    const declared = graph.endpoints.filter(({ route }) => route !== undefined)
    this.all = layout ? layout.layOut(declared) : layOutAsDeclared(declared)
  }

  /** Every endpoint that is served over HTTP, once. */
  get endpoints(): readonly Endpoint[] {
    return [...new Set(this.all.flatMap(({ endpoints }) => endpoints))]
  }

  /**
   * The endpoints that may answer: several where the request chooses one, none where that is a 404, a 405 or the
   * automatic answer to OPTIONS.
   * @param url - A request target as it comes, query included.
   */
  find(method: string, url: string): readonly Endpoint[] {
    this.#router ??= new Router(
      this.all.map((route) => ({ method: route.method, path: route.path, target: route })),
      LONGEST_PARAMETER,
    )
    const match = this.#router.find(method, url)
    return match === undefined || match === MALFORMED_PATH ? [] : match.target.endpoints
  }
}
