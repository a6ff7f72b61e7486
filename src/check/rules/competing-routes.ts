/**
 * Routes of which only one can ever answer. Fixed text wins over a parameter and a parameter over `*` whatever the
 * order, so two routes compete only when they are the same but for the names of their parameters.
 */
import type { ModuleGraph } from '../../graph/module-graph.ts'
import { describeEndpoint, type Endpoint, type Route } from '../../pipeline/endpoint.ts'
import type { CheckRule } from '../check-rule.ts'
import { defineDiagnostic, type Diagnostic } from '../diagnostic.ts'
import { printLocation, sourceOf } from '../../errors/source-location.ts'
import { pathProblem, shapeOf } from '../../http/route-pattern.ts'

export const RouteDuplicate = defineDiagnostic({
  code: 'ROUTE_DUPLICATE',
  message: (route: string, first: string, second: string, _at: string) =>
    first === second ? `${route} is declared twice by ${first}.` : `${route} is answered by ${first} and by ${second}.`,
  help: (_route, _first, _second, at) => `Keep one, or change the path of one; the other is at ${at}.`,
})

export const RouteShadowed = defineDiagnostic({
  code: 'ROUTE_SHADOWED',
  message: (route: string, handler: string, by: string) =>
    `${route} (${handler}) can never answer: ${by} takes all it could.`,
  help: (route) =>
    route.startsWith('ALL ')
      ? 'Remove it, or one of the routes it was to stand in for.'
      : 'Change the path of one, or make them one route: names of parameters do not tell paths apart.',
})

const USUAL_METHODS = ['GET', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS']

interface RoutedEndpoint {
  readonly endpoint: Endpoint
  readonly route: Route
}

export const competingRoutes: CheckRule = ({ graph }) => {
  const byShape = Map.groupBy(
    // Which of several versions answers is for whoever reads versions to check.
    routed(graph).filter(({ endpoint }) => endpoint.declaredVersions.length === 0),
    ({ route }) => shapeOf(route.path),
  )
  return [...byShape.values()].flatMap((group) => {
    const byMethod = Map.groupBy(group, ({ route }) => route.method)
    return [...[...byMethod.values()].flatMap(competitors), ...uselessAll(byMethod)]
  })
}

function routed({ endpoints }: ModuleGraph): readonly RoutedEndpoint[] {
  return endpoints.flatMap((endpoint) => {
    const { route } = endpoint
    return route && pathProblem(route.path) === undefined ? [{ endpoint, route }] : []
  })
}

function competitors([first, ...others]: readonly RoutedEndpoint[]): readonly Diagnostic[] {
  if (!first) return []
  return others.map(({ endpoint, route }) => {
    const place = { at: endpoint.at }
    if (route.path === first.route.path) {
      const other = printLocation(sourceOf(first.endpoint.at))
      return RouteDuplicate(place, describeEndpoint(endpoint), first.endpoint.name, endpoint.name, other)
    }
    const by = `${describeEndpoint(first.endpoint)} (${first.endpoint.name})`
    return RouteShadowed(place, describeEndpoint(endpoint), endpoint.name, by)
  })
}

/** `@All` answers what has no route of its own; where every usual method has one, nothing is left. */
function uselessAll(byMethod: ReadonlyMap<string, readonly RoutedEndpoint[]>): readonly Diagnostic[] {
  const [all] = byMethod.get('ALL') ?? []
  if (!all || !USUAL_METHODS.every((method) => byMethod.has(method))) return []
  const place = { at: all.endpoint.at }
  return [RouteShadowed(place, describeEndpoint(all.endpoint), all.endpoint.name, 'a route for each method')]
}
