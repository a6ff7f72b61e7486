/** Compiles every HTTP endpoint: interceptors, arguments, handler and answer become two functions. */
import type { Class } from '../../decorators/index.ts'
import type { Container } from '../container/container.ts'
import type { ModuleGraph } from '../graph/module-graph.ts'
import { compileBinder } from '../http/bind-arguments.ts'
import type { HttpConfig } from '../http/http-config.ts'
import type { HttpContext } from '../http/http-context.ts'
import type { MountedEndpoint } from '../http/http-server.ts'
import { compileNegotiator } from '../http/negotiate.ts'
import { compileShaper } from '../http/shape-result.ts'
import { compileResponder } from '../http/write-response.ts'
import { after, isPromise } from '../pipeline/after.ts'
import { collectArounds, type InterceptorSources, type PlacedAround } from '../pipeline/collect-arounds.ts'
import { composePipeline } from '../pipeline/compose-pipeline.ts'
import type { Endpoint } from '../pipeline/endpoint.ts'
import type { Handler } from '../pipeline/interceptor.ts'

export interface EndpointCompilation {
  readonly graph: ModuleGraph
  readonly container: Container
  readonly config: HttpConfig
  /** The first module given to `createApp`. */
  readonly root: Class | undefined
  /** Mounted Express middleware, when there is any. */
  readonly middleware: readonly PlacedAround[]
}

export async function compileEndpoints(compilation: EndpointCompilation): Promise<readonly MountedEndpoint[]> {
  return Promise.all(compilation.graph.endpoints.map((endpoint) => compileEndpoint(endpoint, compilation)))
}

/** Interceptors around what no route of the application answers: 404, 405, automatic OPTIONS. */
export function compileFallback(endpoint: Endpoint, handler: Handler, compilation: EndpointCompilation): Handler {
  return composePipeline(collectArounds(endpoint, sourcesOf(compilation, [])), handler)
}

async function compileEndpoint(endpoint: Endpoint, compilation: EndpointCompilation): Promise<MountedEndpoint> {
  const { config, container } = compilation
  const own = [await negotiationOf(endpoint), await bindingOf(endpoint, config)].filter((each) => each !== undefined)
  const shape = await compileShaper(endpoint)
  const handler = shape ? shaped(callHandler(endpoint, container), shape) : callHandler(endpoint, container)
  const arounds = collectArounds(endpoint, sourcesOf(compilation, own))
  return {
    endpoint,
    invoke: composePipeline(arounds, handler),
    respond: await compileResponder(endpoint, { config }),
  }
}

function sourcesOf(
  { graph, container, root, middleware }: EndpointCompilation,
  own: readonly PlacedAround[],
): InterceptorSources {
  return {
    application: graph.interceptors,
    root,
    instanceOf: (type) => container.get(type),
    transport: [...middleware, ...own],
  }
}

/** A caller that cannot use the answer is told before anything happens, and after access was decided. */
async function negotiationOf(endpoint: Endpoint): Promise<PlacedAround | undefined> {
  const check = await compileNegotiator(endpoint)
  if (!check) return undefined
  return {
    name: 'content negotiation',
    phase: 'validate',
    order: -1,
    around: (context, next) => {
      check(context as HttpContext)
      return next()
    },
  }
}

/** Arguments are bound in the validate phase: after access was decided, before user code. */
async function bindingOf(endpoint: Endpoint, config: HttpConfig): Promise<PlacedAround | undefined> {
  const bind = await compileBinder(endpoint, { config })
  if (!bind) return undefined
  return {
    name: 'argument binding',
    phase: 'validate',
    order: 0,
    around: (context, next) => {
      const bound = bind(context as HttpContext)
      if (!isPromise<readonly unknown[]>(bound)) {
        context.args = bound
        return next()
      }
      return bound.then((args) => {
        context.args = args
        return next()
      })
    },
  }
}

function callHandler(endpoint: Endpoint, container: Container): Handler {
  const controller = container.get(endpoint.type) as Record<string | symbol, (...args: unknown[]) => unknown>
  const { method } = endpoint
  return (context) => controller[method]!(...context.args)
}

function shaped(handler: Handler, shape: (result: unknown) => unknown): Handler {
  return (context) => after(handler(context), shape)
}
