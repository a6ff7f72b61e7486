/** The endpoints of a controller: one per route of each decorated method. */
import {
  COMMAND,
  CONTROLLER,
  decoratedMembers,
  emittedParameterTypes,
  emittedReturnType,
  PARAMETERS,
  ROUTES,
  type CallSite,
  type Class,
  type MemberName,
  type PathSurroundings,
} from '../../decorators/index.ts'
import { Endpoint, type EndpointParameter } from '../pipeline/endpoint.ts'

export function readEndpoints(controller: Class, module: Class, surroundings: PathSurroundings): readonly Endpoint[] {
  const { path = '', pathFrom } = CONTROLLER.read(controller) ?? {}
  const prefix = pathFrom?.(surroundings) ?? path
  return decoratedMembers(controller).flatMap((method) =>
    ROUTES.written(controller, method).map(
      ({ value: route, at }) =>
        new Endpoint({
          transport: 'http',
          type: controller,
          method,
          module,
          at,
          parameters: readParameters(controller, method, at),
          returns: emittedReturnType(controller, method),
          route: {
            method: route.method,
            path: joinPaths(prefix, route.path),
            sse: route.sse === true,
            status: route.status,
            version: route.version,
          },
        }),
    ),
  )
}

/** The commands of a provider: one per method that is marked `@Command`. */
export function readCommands(provider: Class, module: Class): readonly Endpoint[] {
  return decoratedMembers(provider).flatMap((method) => {
    const written = COMMAND.written(provider, method)
    if (!written) return []
    const { value: command, at } = written
    return new Endpoint({
      transport: 'command',
      type: provider,
      method,
      module,
      at,
      parameters: readParameters(provider, method, at),
      returns: emittedReturnType(provider, method),
      command,
    })
  })
}

/** The parameters of any decorated method, bound or not. */
export function readParameters(type: Class, method: MemberName, at: CallSite): readonly EndpointParameter[] {
  const prototype = type.prototype as Record<MemberName, (...args: unknown[]) => unknown>
  const types = emittedParameterTypes(prototype, method) ?? []
  const facts = PARAMETERS.written(prototype, method)
  const length = Math.max(types.length, prototype[method]?.length ?? 0)
  return Array.from({ length }, (_, index) => {
    const fact = facts.findLast((each) => each.value.index === index)
    return { index, source: fact?.value.fact, type: types[index], at: fact?.at ?? at }
  })
}

/** `/tickets` + `/:id` → `/tickets/:id`; one slash between, none at the end. */
export function joinPaths(prefix: string, path: string): string {
  const joined = [prefix, path]
    .flatMap((each) => each.split('/'))
    .filter((segment) => segment !== '')
    .join('/')
  return `/${joined}`
}
