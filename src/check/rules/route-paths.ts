/** Paths that the router could not read, or would read as something else than was meant. */
import { CONTROLLER, ROUTES, UNKNOWN_SITE, type Class } from '../../../decorators/index.ts'
import type { CheckRule } from '../check-rule.ts'
import { defineDiagnostic, type Diagnostic } from '../diagnostic.ts'
import { handlersOf } from '../handlers.ts'
import { parametersOf, pathProblem } from '../../http/route-pattern.ts'

export const RoutePathInvalid = defineDiagnostic({
  code: 'ROUTE_PATH_INVALID',
  message: (owner: string, path: string, problem: string) => `The path "${path}" of ${owner} ${problem}.`,
  help: (_owner, path, problem) => {
    if (problem.includes('`*`')) return 'End the path with `/*` and read the rest by @Param("*").'
    if (problem.includes('`?`'))
      return path.includes(':')
        ? 'Write two routes for an optional parameter: @Get("/") and @Get("/:id") above the same method; query values come by @Query().'
        : 'Take query values with @Query(); a fragment never reaches a server.'
    if (problem.includes('percent')) return 'Write the characters themselves: "/café".'
    if (problem.includes('twice')) return 'Give each parameter a name of its own.'
    return 'Use fixed text, `:name` and a final `*`; a parameter is checked by the type it is bound to: @Param("id") id: number.'
  },
})

export const routePaths: CheckRule = ({ graph }) => {
  const handlers = handlersOf(graph)
  const controllers = new Set(handlers.map(({ endpoint }) => endpoint.type))
  return [
    ...[...controllers].flatMap(prefixProblem),
    ...handlers.flatMap(({ name, endpoint: { type, method } }) => {
      const prefix = CONTROLLER.read(type)?.path ?? ''
      return ROUTES.written(type, method).flatMap(({ value: { path }, at }) => {
        const problem = pathProblem(path) ?? repeatedParameter(prefix, path)
        return problem === undefined ? [] : [RoutePathInvalid({ at }, name, path, problem)]
      })
    }),
  ]
}

function prefixProblem(controller: Class): readonly Diagnostic[] {
  const written = CONTROLLER.written(controller)
  const path = written?.value.path
  if (path === undefined) return []
  const problem =
    pathProblem(path) ?? (path.endsWith('*') ? 'ends with `*`, behind which none of its routes could begin' : undefined)
  return problem === undefined
    ? []
    : [RoutePathInvalid({ at: written?.at ?? UNKNOWN_SITE }, controller.name, path, problem)]
}

function repeatedParameter(prefix: string, path: string): string | undefined {
  if (pathProblem(prefix) !== undefined) return undefined
  const above = parametersOf(prefix)
  const repeated = parametersOf(path).find((name) => above.includes(name))
  return repeated === undefined
    ? undefined
    : `names the parameter :${repeated} twice, the controller's "${prefix}" included`
}
