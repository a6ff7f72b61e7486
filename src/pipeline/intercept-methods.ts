/**
 * Puts interceptors around provider methods (`@Transactional`, `@Cacheable`, `@Use` on a service).
 * The intercepted method is an own property of the instance, so calls through `this` are intercepted as well, and
 * private fields keep working: it is no proxy.
 */
import {
  INTERCEPTOR,
  ROUTES,
  USED,
  decoratedMembers,
  UNKNOWN_SITE,
  type Class,
  type MemberName,
} from '../../decorators/index.ts'
import type { ModuleGraph, ProviderModel } from '../graph/module-graph.ts'
import { readParameters } from '../graph/read-endpoints.ts'
import type { Logger } from '../logging/logger.ts'
import { isPromise } from './after.ts'
import { compileProbed, takingPart, type CallProbe } from './call-probe.ts'
import { collectArounds, isFor, tellingThemselves, type InterceptorSources } from './collect-arounds.ts'
import { runInContext, tryCtx } from './context.ts'
import { Endpoint } from './endpoint.ts'
import type { Handler } from './interceptor.ts'
import { MethodContext } from './method-context.ts'
import { PipelineCompiler } from './pipeline-compiler.ts'

type Method = (this: object, ...args: unknown[]) => unknown

/** Wraps the methods of instances; what a class needs is worked out once. */
export class MethodInterception {
  readonly #compiler = new PipelineCompiler('off')
  readonly #sources: InterceptorSources
  readonly #logger: Logger
  readonly #probes: () => readonly CallProbe[]
  readonly #byClass = new Map<Class, readonly (readonly [MemberName, Method])[]>()

  /** @param probes - Asked for when everything is built. */
  constructor(
    graph: ModuleGraph,
    instanceOf: InterceptorSources['instanceOf'],
    logger: Logger,
    probes: () => readonly CallProbe[],
  ) {
    this.#probes = probes
    const application = graph.interceptors.filter((type) => isFor(type, 'method'))
    this.#sources = { application, root: undefined, instanceOf, transport: [] }
    this.#logger = logger
  }

  /** Replaces the methods of `instance` that an interceptor answered for. */
  apply(instance: object, provider: ProviderModel): void {
    const type = provider.implementation
    if (!type || INTERCEPTOR.read(type)) return
    let methods = this.#byClass.get(type)
    if (!methods) this.#byClass.set(type, (methods = this.#compile(type, provider.module.type)))
    for (const [member, value] of methods) {
      Object.defineProperty(instance, member, { value, configurable: true, writable: true, enumerable: false })
    }
  }

  #compile(type: Class, module: Class): readonly (readonly [MemberName, Method])[] {
    return this.#candidates(type).flatMap((member) => {
      const original = (type.prototype as Record<MemberName, Method>)[member]
      if (!original) return []
      const at = USED.written(type, member)[0]?.at ?? UNKNOWN_SITE
      const parameters = readParameters(type, member, at)
      const endpoint = new Endpoint({
        transport: 'method',
        type,
        method: member,
        module,
        at,
        parameters,
        returns: undefined,
      })
      const steps = tellingThemselves(collectArounds(endpoint, this.#sources))
      if (steps.length === 0) return []
      const pipeline = { endpoint, steps, handler: callOn(original), compiler: this.#compiler }
      const probes = takingPart(endpoint, this.#probes())
      return [[member, this.#wrap(endpoint, compileProbed(pipeline, probes))] as const]
    })
  }

  /** Handlers of routes are endpoints, which have their own pipeline. */
  #candidates(type: Class): readonly MemberName[] {
    const everyMethod = this.#sources.application.length > 0 || USED.read(type).length > 0
    const isController = decoratedMembers(type).some((member) => ROUTES.read(type, member).length > 0)
    const members = everyMethod && !isController ? methodNames(type) : decoratedMembers(type)
    return members.filter((member) => ROUTES.read(type, member).length === 0)
  }

  #wrap(endpoint: Endpoint, run: Handler): Method {
    const logger = this.#logger
    return function intercepted(this: object, ...args: unknown[]): unknown {
      const outer = tryCtx()
      const context = new MethodContext(endpoint, this, args, logger, outer)
      return outer ? run(context) : runAlone(context, run)
    }
  }
}

function callOn(original: Method): Handler {
  return (context) => original.apply((context as MethodContext).target, context.args as unknown[])
}

/** Outside of any call the method is a call of its own, so that `ctx()` holds in what it calls. */
function runAlone(context: MethodContext, run: Handler): unknown {
  const succeed = (result: unknown): unknown => {
    context.settle(200)
    return result
  }
  const fail = (error: unknown): never => {
    context.settle(500, error)
    throw error
  }
  try {
    const result = runInContext(context, run)
    return isPromise(result) ? Promise.resolve(result).then(succeed, fail) : succeed(result)
  } catch (error) {
    return fail(error)
  }
}

function methodNames(type: Class): readonly MemberName[] {
  const names = new Set<MemberName>()
  for (
    let holder = type.prototype as object;
    holder !== Object.prototype;
    holder = Object.getPrototypeOf(holder) as object
  ) {
    for (const [name, { value }] of Object.entries(Object.getOwnPropertyDescriptors(holder))) {
      if (typeof value === 'function' && name !== 'constructor') names.add(name)
    }
  }
  return [...names]
}
