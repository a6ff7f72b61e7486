/** The methods behind the endpoints: a method with two routes is two endpoints, and one handler. */
import type { CallSite } from '../../decorators/index.ts'
import type { ModuleGraph } from '../graph/module-graph.ts'
import type { Endpoint, EndpointParameter, Route } from '../pipeline/endpoint.ts'
import { parameterSite } from './source/parameter-site.ts'

export interface Handler {
  /** `TicketsController.get` */
  readonly name: string
  /** Any of its endpoints: what is said of the method is the same for all. */
  readonly endpoint: Endpoint
  readonly routes: readonly Route[]
}

/** Every method that answers HTTP routes, once. */
export function handlersOf({ endpoints }: ModuleGraph): readonly Handler[] {
  const ofControllers = Map.groupBy(
    endpoints.filter(({ route }) => route),
    ({ type }) => type,
  )
  return [...ofControllers.values()]
    .flatMap((all) => [...Map.groupBy(all, ({ method }) => method).values()])
    .map((group) => {
      const [endpoint] = group as [Endpoint]
      return { name: endpoint.name, endpoint, routes: group.flatMap(({ route }) => route ?? []) }
    })
}

/** Where a parameter stands: its decorator, else its name in the method. */
export function handlerParameterSite(
  { type, method, at }: Endpoint,
  { source, index, at: own }: EndpointParameter,
): CallSite {
  return source ? own : parameterSite(type, method, index, at)
}
