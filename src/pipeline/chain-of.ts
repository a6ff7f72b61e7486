/** Everything that runs around one endpoint, in order, with what each link does and why it is there: for tools and people. */
import {
  INTERCEPTOR,
  SKIPPED,
  USED,
  type CallSite,
  type Class,
  type Phase,
  type Usable,
} from '../../decorators/index.ts'
import { isClass, nameOfUsed, usedBy, type InterceptorSources, type PlacedStep } from './collect-arounds.ts'
import type { InterceptorDescription } from './description.ts'
import type { Endpoint } from './endpoint.ts'
import type { EndpointInterceptor } from './interceptor.ts'

/** Who put it there: a module for the whole application, or a decorator at one of these levels. */
export type ChainLevel = 'application' | 'module' | 'class' | 'method'

export interface ChainLink {
  /** `RolesInterceptor` */
  readonly name: string
  readonly phase: Phase
  readonly order: number
  readonly level: ChainLevel
  /** Where the interceptor is written, or where a function was handed to `@Use`. */
  readonly at: CallSite | undefined
  /** What it says it means for callers; empty when it says nothing. */
  readonly description: InterceptorDescription
}

export interface SkippedLink {
  readonly name: string
  readonly reason: string
  readonly at: CallSite
}

export interface EndpointChain {
  /** Outermost first. */
  readonly links: readonly ChainLink[]
  /** Left out by `@Skip`, with the reason given there. */
  readonly skipped: readonly SkippedLink[]
}

/**
 * The chain of one endpoint, as it is compiled.
 * @param steps - Of the interceptors that answered for the endpoint, outermost first.
 */
export function chainOf(
  endpoint: Endpoint,
  sources: Omit<InterceptorSources, 'transport'>,
  steps: readonly PlacedStep[],
): EndpointChain {
  const used = usedBy(endpoint, sources)
  const byName = new Map(used.map((each) => [nameOfUsed(each), each]))
  const links = steps.map(({ name, phase, order }): ChainLink => {
    const origin = byName.get(name)!
    return {
      name,
      phase,
      order,
      level: levelOf(origin, endpoint, sources.root),
      at: siteOf(origin, endpoint),
      description: descriptionOf(origin, endpoint, sources.instanceOf),
    }
  })
  return { links, skipped: skippedBy(endpoint) }
}

function levelOf(used: Usable, { module, type, method }: Endpoint, root: Class | undefined): ChainLevel {
  if (USED.read(type, method).includes(used)) return 'method'
  if (USED.read(type).includes(used)) return 'class'
  if (module && module !== root && USED.read(module).includes(used)) return 'module'
  return 'application'
}

function siteOf(used: Usable, { module, type, method }: Endpoint): CallSite | undefined {
  const declared = isClass(used) ? INTERCEPTOR.written(used)?.at : undefined
  if (declared) return declared
  const places = [USED.written(type, method), USED.written(type), module ? USED.written(module) : []]
  return places.flat().find(({ value }) => value === used)?.at
}

function descriptionOf(
  used: Usable,
  endpoint: Endpoint,
  instanceOf: InterceptorSources['instanceOf'],
): InterceptorDescription {
  const instance = isClass(used) ? instanceOf(used) : used
  return (instance as Partial<EndpointInterceptor>).describe?.(endpoint) ?? {}
}

function skippedBy({ module, type, method }: Endpoint): readonly SkippedLink[] {
  const written = [module ? SKIPPED.written(module) : [], SKIPPED.written(type), SKIPPED.written(type, method)]
  return written.flat().map(({ value, at }) => ({ name: value.interceptor.name, reason: value.reason, at }))
}
