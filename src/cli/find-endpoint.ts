/** The endpoint that somebody means: by handler, by route, by a request that would reach it, or by command. */
import { nearestName } from '../config/nearest-name.ts'
import type { ModuleGraph } from '../graph/module-graph.ts'
import { Router } from '../http/router.ts'
import { describeEndpoint, type Endpoint } from '../pipeline/endpoint.ts'

/** `GET /tickets/5` → method and path; a path alone is a GET. */
const REQUEST = /^(?:(?<method>[A-Z]+) )?(?<path>\/\S*)$/i
const LONGEST_PARAMETER = 1000

export function findEndpoint({ endpoints }: ModuleGraph, asked: string): Endpoint | undefined {
  const wanted = asked.trim()
  const named = endpoints.find((each) => [each.name, describeEndpoint(each), each.command?.name].includes(wanted))
  if (named) return named
  const { method = 'GET', path } = REQUEST.exec(wanted)?.groups ?? {}
  if (path === undefined) return undefined
  const routes = endpoints.filter(({ route }) => route !== undefined)
  const exact = routes.find(({ route }) => route!.method === method.toUpperCase() && route!.path === path)
  if (exact) return exact
  const router = new Router(firstOfEach(routes), LONGEST_PARAMETER)
  const match = router.find(method.toUpperCase(), path)
  return typeof match === 'object' ? match.target : undefined
}

/** The name of an endpoint that was perhaps meant. */
export function nearestEndpoint({ endpoints }: ModuleGraph, asked: string): string | undefined {
  return nearestName(
    asked,
    endpoints.flatMap((each) => [each.name, describeEndpoint(each)]),
  )
}

/** One path may have several endpoints, as versions do; the first stands for them. */
function firstOfEach(endpoints: readonly Endpoint[]): ConstructorParameters<typeof Router<Endpoint>>[0] {
  const routes = endpoints.map((target) => ({ method: target.route!.method, path: target.route!.path, target }))
  return [...Map.groupBy(routes, ({ method, path }) => `${method} ${path.replaceAll(/:\w+/g, ':')}`).values()].map(
    ([first]) => first!,
  )
}
