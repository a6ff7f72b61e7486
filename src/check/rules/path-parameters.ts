/** Parameters of paths and `@Param`: each has to meet its counterpart. */
import { CONTROLLER, INTERCEPTOR, type Class } from '../../../decorators/index.ts'
import { nearestName } from '../../config/nearest-name.ts'
import { declaredFor } from '../../pipeline/collect-arounds.ts'
import type { Endpoint } from '../../pipeline/endpoint.ts'
import type { ModuleGraph } from '../../graph/module-graph.ts'
import type { CheckRule } from '../check-rule.ts'
import { defineDiagnostic, type Diagnostic } from '../diagnostic.ts'
import { handlersOf, type Handler } from '../handlers.ts'
import { parametersOf, pathProblem } from '../../http/route-pattern.ts'

export const RouteParameterUnbound = defineDiagnostic({
  code: 'ROUTE_PARAMETER_UNBOUND',
  message: (path: string, parameter: string, handler: string) =>
    `${path} has :${parameter}, and ${handler} never reads it.`,
  help: (_path, parameter) => `Take it with @Param('${parameter}') ${parameter}: string, or remove it from the path.`,
})

export const RouteParameterUnknown = defineDiagnostic({
  code: 'ROUTE_PARAMETER_UNKNOWN',
  message: (handler: string, parameter: string, _similar: string | undefined) =>
    `${handler} takes @Param('${parameter}'), and no path of it has :${parameter}.`,
  help: (_handler, parameter, similar) =>
    similar === undefined
      ? `Add :${parameter} to the path.`
      : `Did you mean @Param('${similar}')? Otherwise add :${parameter} to the path.`,
})

export const pathParameters: CheckRule = ({ graph }) => {
  const handlers = handlersOf(graph)
  return [
    ...graph.endpoints.flatMap(unboundInRoute),
    ...[...Map.groupBy(handlers, ({ endpoint }) => endpoint.type)].flatMap(([type, all]) =>
      unboundInPrefix(type, all, graph),
    ),
    ...handlers.flatMap(unknownParameters),
  ]
}

function unboundInRoute(endpoint: Endpoint): readonly Diagnostic[] {
  if (!endpoint.route || pathProblem(endpoint.route.path) !== undefined || readsAll(endpoint)) return []
  const { path } = endpoint.route
  const prefix = prefixOf(endpoint.type)
  return namedIn(path)
    .filter((name) => !prefix.includes(name) && !reads(endpoint, name))
    .map((name) => RouteParameterUnbound({ at: endpoint.at }, path, name, endpoint.name))
}

/** A prefix speaks for all methods, and for interceptors (a tenant in the path): one reader is enough. */
function unboundInPrefix(type: Class, handlers: readonly Handler[], graph: ModuleGraph): readonly Diagnostic[] {
  const written = CONTROLLER.written(type)
  const unread = prefixOf(type).filter((name) => !handlers.some(({ endpoint }) => reads(endpoint, name)))
  if (!written || unread.length === 0) return []
  if (handlers.some(({ endpoint }) => readsAll(endpoint) || isIntercepted(endpoint, graph))) return []
  return unread.map((name) => RouteParameterUnbound({ at: written.at }, written.value.path ?? '', name, type.name))
}

function unknownParameters({ name: handler, endpoint, routes }: Handler): readonly Diagnostic[] {
  if (routes.some(({ path }) => pathProblem(path) !== undefined)) return []
  const known = routes.flatMap(({ path }) => parametersOf(path))
  return endpoint.parameters.flatMap(({ source, at }) => {
    if (source?.kind !== 'param' || source.name === undefined || known.includes(source.name)) return []
    return [RouteParameterUnknown({ at }, handler, source.name, nearestName(source.name, known))]
  })
}

/** Whether something before the handler may read the path: whatever is not of the two outermost phases. */
function isIntercepted(endpoint: Endpoint, { modules, interceptors }: ModuleGraph): boolean {
  const application = interceptors.filter(
    (type) => !['observe', 'protect'].includes(INTERCEPTOR.read(type)?.phase ?? ''),
  )
  // Any module may be the root, whose interceptors hold everywhere.
  return modules.some(({ type }) => declaredFor(endpoint, { application, root: type }).length > 0)
}

function prefixOf(type: Class): readonly string[] {
  return namedIn(CONTROLLER.read(type)?.path ?? '')
}

function namedIn(path: string): readonly string[] {
  return parametersOf(path).filter((name) => /^\w+$/.test(name))
}

function reads({ parameters }: Endpoint, name: string): boolean {
  return parameters.some(({ source }) => source?.kind === 'param' && source.name === name)
}

/** Whether the handler has something that holds every parameter. */
function readsAll({ parameters }: Endpoint): boolean {
  return parameters.some(({ source }) => {
    if (source?.kind === 'param') return source.name === undefined
    return source?.kind === 'request' || source?.kind === 'context' || source?.kind === 'custom'
  })
}
