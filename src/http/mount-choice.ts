/** Where several endpoints share a method and a path: the request decides, and what it cannot decide is refused. */
import type { IncomingMessage } from 'node:http'

import { Public, UNKNOWN_SITE } from '../../decorators/index.ts'
import { Endpoint } from '../pipeline/endpoint.ts'
import type { Handler } from '../pipeline/interceptor.ts'
import type { HttpContext } from './http-context.ts'
import type { MountedEndpoint, MountedPipeline } from './mounted-endpoint.ts'
import type { LaidOutRoute } from './route-layout.ts'
import { parametersOf } from './route-pattern.ts'

@Public('There is nothing here to protect.')
class Undecided {
  refuse(): void {}
}

const UNDECIDED = new Endpoint({
  transport: 'http',
  type: Undecided,
  method: 'refuse',
  module: undefined,
  at: UNKNOWN_SITE,
  parameters: [],
  returns: undefined,
})

/**
 * @param route - With a choice.
 * @param compile - Puts the application's interceptors around the refusal, so that they see these calls too.
 */
export function mountChoice(
  { path, endpoints, choose = () => endpoints[0]! }: LaidOutRoute,
  mounted: ReadonlyMap<Endpoint, MountedEndpoint>,
  compile: (endpoint: Endpoint, handler: Handler) => MountedPipeline,
): MountedEndpoint {
  const refuse: Handler = (context) => {
    throw choose((context as HttpContext).request) as Error
  }
  const refusal: MountedEndpoint = { ...compile(UNDECIDED, refuse), endpoint: UNDECIDED, respond: () => {} }
  const targets = new Map(
    endpoints.map((endpoint) => [endpoint, { ...mounted.get(endpoint)!, rename: renaming(path, endpoint) }]),
  )
  return {
    ...refusal,
    endpoint: endpoints[0] ?? UNDECIDED,
    choose: (request: IncomingMessage) => {
      const chosen = choose(request)
      return chosen instanceof Endpoint ? targets.get(chosen)! : refusal
    },
  }
}

/** `/tickets/:id` and `/tickets/:key` are one path, and each handler asks by its own name. */
function renaming(path: string, { route }: Endpoint): MountedEndpoint['rename'] {
  const given = parametersOf(path)
  const wanted = parametersOf(route?.path ?? path)
  if (given.join() === wanted.join()) return undefined
  return (params) => Object.fromEntries(wanted.map((name, index) => [name, params[given[index] ?? name]]))
}
