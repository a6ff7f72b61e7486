/** Compiles every HTTP endpoint: interceptors, arguments, handler and answer become two functions. */
import type { Class } from '../../decorators/index.ts'
import type { Container } from '../container/container.ts'
import type { ModuleGraph } from '../graph/module-graph.ts'
import { compileBinder, type Binder } from '../http/bind-arguments.ts'
import type { HttpConfig } from '../http/http-config.ts'
import type { HttpContext } from '../http/http-context.ts'
import type { MountedEndpoint, MountedPipeline, MountedRoute } from '../http/http-server.ts'
import type { PipelineHalves } from '../http/mounted-endpoint.ts'
import type { ReadAhead } from '../http/read-body.ts'
import { mountChoice } from '../http/mount-choice.ts'
import { compileNegotiator } from '../http/negotiate.ts'
import { Routes } from '../http/routes.ts'
import { compileShaper } from '../http/shape-result.ts'
import { contributedHeaders } from '../http/static-headers.ts'
import { compileResponder } from '../http/write-response.ts'
import { after } from '../pipeline/after.ts'
import { CallProbe, compileProbed, takingPart, type ProbedPipeline } from '../pipeline/call-probe.ts'
import {
  collectArounds,
  inOrder,
  listenersOf,
  withResultSteps,
  type InterceptorSources,
  type PlacedStep,
} from '../pipeline/collect-arounds.ts'
import type { EndpointChains } from '../pipeline/endpoint-chains.ts'
import type { Endpoint } from '../pipeline/endpoint.ts'
import type { Handler } from '../pipeline/interceptor.ts'
import type { PipelineCompiler } from '../pipeline/pipeline-compiler.ts'

export interface EndpointCompilation {
  readonly graph: ModuleGraph
  readonly container: Container
  readonly config: HttpConfig
  readonly compiler: PipelineCompiler
  readonly chains: EndpointChains
  /** The first module given to `createApp`. */
  readonly root: Class | undefined
  /** Mounted Express middleware, when there is any. */
  readonly middleware: readonly PlacedStep[]
}

/** Every route with what answers there; an endpoint with several routes is compiled once. */
export async function compileRoutes(compilation: EndpointCompilation): Promise<readonly MountedRoute[]> {
  const routes = compilation.container.get(Routes)
  const mounted = new Map(
    await Promise.all(
      routes.endpoints.map(async (endpoint) => [endpoint, await compileEndpoint(endpoint, compilation)] as const),
    ),
  )
  return routes.all.map((route) => ({
    method: route.method,
    path: route.path,
    target: route.choose
      ? mountChoice(route, mounted, (endpoint, handler) => compileFallback(endpoint, handler, compilation))
      : mounted.get(route.endpoints[0]!)!,
  }))
}

/** Interceptors around what no route of the application answers: 404, 405, automatic OPTIONS. */
export function compileFallback(
  endpoint: Endpoint,
  handler: Handler,
  compilation: EndpointCompilation,
): MountedPipeline {
  const { compiler, container, middleware } = compilation
  const steps = collectArounds(endpoint, sourcesOf(compilation, middleware))
  const invoke = compileProbed(
    { endpoint, steps, handler, compiler },
    takingPart(endpoint, container.getAll(CallProbe)),
  )
  return { invoke, headers: contributedHeaders(endpoint, steps), listeners: listenersOf(steps) }
}

async function compileEndpoint(endpoint: Endpoint, compilation: EndpointCompilation): Promise<MountedEndpoint> {
  const { config, compiler, container, chains, middleware } = compilation
  const answered = inOrder([...middleware, ...chains.stepsOf(endpoint)])
  const inputs = answered.flatMap(({ input }) => input ?? [])
  const binder = await compileBinder(endpoint, { config, inputs })
  const binding = binder && bindingBy(binder)
  const own = [await negotiationOf(endpoint), binding].filter((each) => each !== undefined)
  const shape = await compileShaper(endpoint)
  const answering = withResultSteps(callHandler(endpoint, container), answered)
  const handler = shape ? shaped(answering, shape) : answering
  const steps = inOrder([...own, ...answered])
  const pipeline = { endpoint, steps, handler, compiler }
  const probes = takingPart(endpoint, container.getAll(CallProbe))
  return {
    endpoint,
    headers: contributedHeaders(endpoint, steps),
    listeners: listenersOf(steps),
    invoke: compileProbed(pipeline, probes),
    // Whoever watches a call watches all of it, its waiting for the body too.
    halves: binding && probes.length === 0 ? halvesAt(binding, binder.readAhead, pipeline) : undefined,
    respond: await compileResponder(endpoint, { config }),
  }
}

function sourcesOf(
  { graph, container, root }: EndpointCompilation,
  transport: readonly PlacedStep[],
): InterceptorSources {
  return {
    application: graph.interceptors,
    root,
    instanceOf: (type) => container.get(type),
    transport,
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
function bindingBy(binder: Binder): PlacedStep {
  return {
    name: 'argument binding',
    phase: 'validate',
    order: 0,
    before: (context) => binder.bind(context as HttpContext),
  }
}

/** Where nothing in front of the binding encloses what comes then. */
function halvesAt(
  binding: PlacedStep,
  readAhead: ReadAhead | undefined,
  { steps, handler, compiler }: ProbedPipeline & { readonly steps: readonly PlacedStep[] },
): PipelineHalves | undefined {
  const at = steps.indexOf(binding)
  const inFront = steps.slice(0, at)
  if (!readAhead || inFront.some(({ around }) => around)) return undefined
  return {
    front: at === 0 ? undefined : compiler.compile(inFront, () => undefined),
    readAhead,
    rest: compiler.compile(steps.slice(at), handler),
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
