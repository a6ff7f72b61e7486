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
import { contributedHeaders } from '../http/static-headers.ts'
import { compileResponder } from '../http/write-response.ts'
import { after, isPromise } from '../pipeline/after.ts'
import { collectArounds, type InterceptorSources, type PlacedStep } from '../pipeline/collect-arounds.ts'
import type { Endpoint } from '../pipeline/endpoint.ts'
import type { Handler } from '../pipeline/interceptor.ts'
import type { PipelineCompiler } from '../pipeline/pipeline-compiler.ts'

export interface EndpointCompilation {
  readonly graph: ModuleGraph
  readonly container: Container
  readonly config: HttpConfig
  readonly compiler: PipelineCompiler
  /** The first module given to `createApp`. */
  readonly root: Class | undefined
  /** Mounted Express middleware, when there is any. */
  readonly middleware: readonly PlacedStep[]
}

export async function compileEndpoints(compilation: EndpointCompilation): Promise<readonly MountedEndpoint[]> {
  return Promise.all(compilation.graph.endpoints.map((endpoint) => compileEndpoint(endpoint, compilation)))
}

/** Interceptors around what no route of the application answers: 404, 405, automatic OPTIONS. */
export function compileFallback(
  endpoint: Endpoint,
  handler: Handler,
  compilation: EndpointCompilation,
): Pick<MountedEndpoint, 'invoke' | 'headers'> {
  const steps = collectArounds(endpoint, sourcesOf(compilation, []))
  return { invoke: compilation.compiler.compile(steps, handler), headers: contributedHeaders(endpoint, steps) }
}

async function compileEndpoint(endpoint: Endpoint, compilation: EndpointCompilation): Promise<MountedEndpoint> {
  const { config, container, compiler } = compilation
  const own = [await negotiationOf(endpoint), await bindingOf(endpoint, config)].filter((each) => each !== undefined)
  const shape = await compileShaper(endpoint)
  const handler = shape ? shaped(callHandler(endpoint, container), shape) : callHandler(endpoint, container)
  const steps = collectArounds(endpoint, sourcesOf(compilation, own))
  return {
    endpoint,
    headers: contributedHeaders(endpoint, steps),
    invoke: compiler.compile(steps, handler),
    respond: await compileResponder(endpoint, { config }),
  }
}

function sourcesOf(
  { graph, container, root, middleware }: EndpointCompilation,
  own: readonly PlacedStep[],
): InterceptorSources {
  return {
    application: graph.interceptors,
    root,
    instanceOf: (type) => container.get(type),
    transport: [...middleware, ...own],
  }
}

/** A caller that cannot use the answer is told before anything happens, and after access was decided. */
async function negotiationOf(endpoint: Endpoint): Promise<PlacedStep | undefined> {
  const check = await compileNegotiator(endpoint)
  if (!check) return undefined
  return {
    name: 'content negotiation',
    phase: 'validate',
    order: -1,
    before: (context) => check(context as HttpContext),
  }
}

/** Arguments are bound in the validate phase: after access was decided, before user code. */
async function bindingOf(endpoint: Endpoint, config: HttpConfig): Promise<PlacedStep | undefined> {
  const bind = await compileBinder(endpoint, { config })
  if (!bind) return undefined
  return {
    name: 'argument binding',
    phase: 'validate',
    order: 0,
    before: (context) => {
      const bound = bind(context as HttpContext)
      if (isPromise<readonly unknown[]>(bound)) return bound.then((args) => void (context.args = args))
      context.args = bound
      return undefined
    },
  }
}

/** The handler is looked up at the call, so that what replaces it on the instance counts. */
function callHandler(endpoint: Endpoint, container: Container): Handler {
  const controller = container.get(endpoint.type) as Record<string | symbol, (...args: readonly unknown[]) => unknown>
  const { method } = endpoint
  return ({ args }) => {
    switch (args.length) {
      case 0:
        return controller[method]!()
      case 1:
        return controller[method]!(args[0])
      case 2:
        return controller[method]!(args[0], args[1])
      case 3:
        return controller[method]!(args[0], args[1], args[2])
      default:
        return controller[method]!(...args)
    }
  }
}

function shaped(handler: Handler, shape: (result: unknown) => unknown): Handler {
  return (context) => after(handler(context), shape)
}
