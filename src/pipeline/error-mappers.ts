/** Error mapping: `@Catch` methods of any provider, the most specific type first, then what every error can say of itself. */
import { CATCHES, decoratedMembers, type AbstractClass, type MemberName } from '../../decorators/index.ts'
import { problemOf, type Problem } from '../errors/problem.ts'
import type { ModuleGraph, ProviderModel } from '../graph/module-graph.ts'
import { isPromise } from './after.ts'
import type { CallContext } from './context.ts'

/** Turns whatever was thrown into what the caller may read. */
export type ToProblem = (error: unknown, context: CallContext) => Problem | PromiseLike<Problem>

interface Mapper {
  readonly type: AbstractClass
  readonly map: (error: unknown, context: CallContext) => Problem | PromiseLike<Problem>
}

/** @param instanceOf - Finds the instance that a `@Catch` method belongs to. */
export function compileErrorMappers(
  graph: ModuleGraph,
  instanceOf: (provider: ProviderModel) => unknown,
  options: { readonly exposeInternals: boolean },
): ToProblem {
  const mappers = graph.providers.flatMap((provider) => readMappers(provider, instanceOf))
  if (mappers.length === 0) return (error) => problemOf(error, options)
  return (error, context) => {
    const mapper = nearest(mappers, error)
    if (!mapper) return problemOf(error, options)
    try {
      const problem = mapper.map(error, context)
      return isPromise<Problem>(problem) ? problem.then(undefined, (failure) => problemOf(failure, options)) : problem
    } catch (failure) {
      return problemOf(failure, options)
    }
  }
}

function readMappers(provider: ProviderModel, instanceOf: (provider: ProviderModel) => unknown): readonly Mapper[] {
  const type = provider.implementation
  if (!type || provider.lifetime !== 'singleton') return []
  return decoratedMembers(type).flatMap((member) =>
    CATCHES.read(type, member).map((caught) => {
      const instance = instanceOf(provider) as Record<MemberName, Mapper['map']>
      return { type: caught, map: (error: unknown, context: CallContext) => instance[member]!(error, context) }
    }),
  )
}

/** The mapper whose type is the fewest steps above the error's own class. */
function nearest(mappers: readonly Mapper[], error: unknown): Mapper | undefined {
  for (let prototype = prototypeOf(error); prototype !== null; prototype = prototypeOf(prototype)) {
    const found = mappers.find((mapper) => mapper.type.prototype === prototype)
    if (found) return found
  }
  return undefined
}

function prototypeOf(value: unknown): object | null {
  return typeof value === 'object' && value !== null ? (Object.getPrototypeOf(value) as object | null) : null
}
