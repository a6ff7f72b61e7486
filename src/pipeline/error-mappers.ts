/** Error mapping: `@Catch` methods of any provider, the most specific type first, then what every error can say of itself. */
import { CATCHES, decoratedMembers, type AbstractClass, type MemberName } from '../../decorators/index.ts'
import { Problem, problemOf } from '../errors/problem.ts'
import type { ModuleGraph, ProviderModel } from '../graph/module-graph.ts'
import { isPromise } from './after.ts'
import type { CallContext } from './context.ts'
import { MapperAnswerInvalid } from './pipeline-errors.ts'

/** Turns whatever was thrown into what the caller may read. */
export type ToProblem = (error: unknown, context: CallContext) => Problem | PromiseLike<Problem>

interface Mapper {
  readonly type: AbstractClass
  /** `OrderErrors.soldOut` */
  readonly name: string
  readonly map: (error: unknown, context: CallContext) => unknown
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
    const failed = (failure: unknown): Problem => {
      const problem = problemOf(failure, options)
      // What led here is logged by whoever answers; a fault of the mapper would be lost.
      if (problem.status >= 500) context.log.error(`${mapper.name} failed to map an error.`, { error: failure })
      return problem
    }
    try {
      const answer = mapper.map(error, context)
      if (!isPromise(answer)) return problemBy(mapper, answer)
      return answer.then((later) => problemBy(mapper, later)).then(undefined, failed)
    } catch (failure) {
      return failed(failure)
    }
  }
}

function problemBy({ name }: Mapper, answer: unknown): Problem {
  if (answer instanceof Problem) return answer
  throw new MapperAnswerInvalid(name)
}

function readMappers(provider: ProviderModel, instanceOf: (provider: ProviderModel) => unknown): readonly Mapper[] {
  const type = provider.implementation
  if (!type || provider.lifetime !== 'singleton') return []
  return decoratedMembers(type).flatMap((member) =>
    CATCHES.read(type, member).map((caught) => {
      const instance = instanceOf(provider) as Record<MemberName, Mapper['map']>
      return {
        type: caught,
        name: `${type.name}.${String(member)}`,
        map: (error: unknown, context: CallContext) => instance[member]!(error, context),
      }
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
