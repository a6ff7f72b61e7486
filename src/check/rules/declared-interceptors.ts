/** Classes used as interceptors that are none. */
import {
  decoratedMembers,
  INTERCEPTOR,
  USED,
  type CallSite,
  type Class,
  type Usable,
} from '../../../decorators/index.ts'
import { nameOf, type ModuleGraph } from '../../graph/module-graph.ts'
import { isClass } from '../../pipeline/collect-arounds.ts'
import type { CheckRule } from '../check-rule.ts'
import { defineDiagnostic } from '../diagnostic.ts'
import { listedSite } from '../source/listed-site.ts'

export const InterceptorMethodsMissing = defineDiagnostic({
  code: 'PIPELINE_INTERCEPTOR_EMPTY',
  message: (name: string) => `${name} is used as an interceptor and has neither forEndpoint, intercept nor decide.`,
  help: 'Give it one of the three methods.',
})

export const InterceptorUndeclared = defineDiagnostic({
  code: 'PIPELINE_INTERCEPTOR_UNDECLARED',
  message: (module: string, name: string) =>
    `${module} lists ${name} under interceptors, and it has no @Interceptor().`,
  help: (_module, name) => `Write @Interceptor({ phase: 'around' }) above ${name}, with the phase it belongs to.`,
})

interface UsedInterceptor {
  readonly used: Usable
  /** Asked for only when there is something to report: it reads the source. */
  readonly site: () => CallSite
}

const METHODS = ['forEndpoint', 'intercept', 'decide'] as const

export const declaredInterceptors: CheckRule = ({ graph }) => [
  ...firstUses(graph)
    .filter(({ used }) => isEmpty(used))
    .map(({ used, site }) =>
      InterceptorMethodsMissing({ at: site() }, isClass(used) ? nameOf(used) : nameOf(used.constructor as Class)),
    ),
  ...graph.modules.flatMap((module) =>
    (module.options.interceptors ?? [])
      .filter((type) => typeof type === 'function' && INTERCEPTOR.read(type) === undefined)
      .map((type) =>
        InterceptorUndeclared({ at: listedSite(module.at, 'interceptors', type) }, module.name, nameOf(type)),
      ),
  ),
]

/** Each used interceptor once, where it is used first. */
function firstUses({ modules, providers }: ModuleGraph): readonly UsedInterceptor[] {
  const listed = modules.flatMap(({ options, at }) =>
    (options.interceptors ?? [])
      .filter((used) => typeof used === 'function')
      .map((used) => ({ used, site: () => listedSite(at, 'interceptors', used) })),
  )
  const classes = new Set(providers.flatMap(({ implementation }) => implementation ?? []))
  const written = [...classes].flatMap((type) =>
    [undefined, ...decoratedMembers(type)].flatMap((member) =>
      USED.written(type, member).map(({ value: used, at }) => ({ used, site: () => at })),
    ),
  )
  const seen = new Set<Usable>()
  return [...listed, ...written].filter(({ used }) => !seen.has(used) && seen.add(used))
}

function isEmpty(used: Usable): boolean {
  if (!isClass(used)) return typeof used !== 'function' && !METHODS.some((method) => method in used)
  // A method may also be a field that the constructor assigns: then it stands in the text.
  return !METHODS.some((method) => method in (used.prototype as object)) && !lineage(used).some(assignsMethod)
}

function assignsMethod(type: Class): boolean {
  return /\b(?:forEndpoint|intercept|decide)\b/.test(Function.prototype.toString.call(type))
}

function lineage(type: Class): readonly Class[] {
  const parent = Object.getPrototypeOf(type) as Class | null
  return typeof parent === 'function' && parent !== Function.prototype ? [type, ...lineage(parent)] : [type]
}
