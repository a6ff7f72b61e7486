/** `inject()`: a dependency asked for in a field initializer, where an import cycle would kill constructor metadata. */
import type { InjectionToken } from '../../decorators/index.ts'
import { nameOf } from '../graph/module-graph.ts'
import { InjectOutsideConstruction } from './container-errors.ts'

/** Resolves on behalf of the object under construction. */
export type Injector = <T>(token: InjectionToken<T>) => T

/** Constructions in progress, innermost last; a stack, because building one thing builds others. */
const UNDER_CONSTRUCTION: Injector[] = []

/**
 * The instance for `token`; allowed in field initializers and constructors of providers.
 * @throws `CONTAINER_INJECT_OUTSIDE` anywhere else.
 */
export function inject<T>(token: InjectionToken<T>): T {
  const injector = UNDER_CONSTRUCTION.at(-1)
  if (!injector) throw new InjectOutsideConstruction(nameOf(token))
  return injector(token)
}

/** Runs a construction during which `inject` asks `injector`. */
export function constructing<R>(injector: Injector, construct: () => R): R {
  UNDER_CONSTRUCTION.push(injector)
  try {
    return construct()
  } finally {
    UNDER_CONSTRUCTION.pop()
  }
}
