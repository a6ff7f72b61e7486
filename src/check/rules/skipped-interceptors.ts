/** `@Skip`: lists what is left out and why, and finds those without a reason or without an effect. */
import {
  decoratedMembers,
  SKIPPED,
  USED,
  type Class,
  type MemberName,
  type SkipFact,
  type Usable,
  type Written,
} from '../../../decorators/index.ts'
import { nameOf, type ModuleGraph } from '../../graph/module-graph.ts'
import { covers, declaredFor, isFor, takesPart } from '../../pipeline/collect-arounds.ts'
import type { CheckRule } from '../check-rule.ts'
import { defineDiagnostic, type Diagnostic } from '../diagnostic.ts'

export const SkipWithoutReason = defineDiagnostic({
  code: 'SKIP_WITHOUT_REASON',
  message: (owner: string, interceptor: string) => `${owner} leaves out ${interceptor} and does not say why.`,
  help: (_owner, interceptor) => `Write the reason: @Skip(${interceptor}, 'why it must not run here').`,
})

export const SkipWithoutEffect = defineDiagnostic({
  code: 'SKIP_WITHOUT_EFFECT',
  severity: 'warning',
  message: (owner: string, interceptor: string) =>
    `${owner} leaves out ${interceptor}, which would not run there anyway.`,
  help: 'Remove @Skip, or name the interceptor that is meant.',
})

export const Skipped = defineDiagnostic({
  code: 'SKIPPED',
  severity: 'note',
  message: (owner: string, interceptor: string, reason: string) => `${owner} leaves out ${interceptor}: ${reason}`,
  help: 'Remove @Skip when the reason no longer holds.',
})

interface Holder {
  readonly name: string
  readonly skips: readonly Written<SkipFact>[]
  /** What would run there; worked out only where something is skipped. */
  readonly declared: () => readonly Usable[]
}

export const skippedInterceptors: CheckRule = ({ graph }) =>
  holdersOf(graph).flatMap(({ name, skips, declared }) =>
    skips.map(({ value: { interceptor, reason }, at }): Diagnostic => {
      const skipped = nameOf(interceptor)
      if (reason.trim() === '') return SkipWithoutReason({ at }, name, skipped)
      if (!declared().some((used) => covers(interceptor, used))) return SkipWithoutEffect({ at }, name, skipped)
      return Skipped({ at }, name, skipped, reason)
    }),
  )

/** Every module, class and method that says `@Skip`. */
function holdersOf(graph: ModuleGraph): readonly Holder[] {
  const ofModules = graph.modules.map(({ type }) => ({
    name: type.name,
    skips: SKIPPED.written(type),
    declared: () => declaredIn(graph, (endpoint) => endpoint.module === type),
  }))
  const classes = new Set(graph.providers.flatMap(({ implementation }) => implementation ?? []))
  for (const { type } of graph.modules) classes.delete(type)
  const ofClasses = [...classes].flatMap((type) => [
    { name: type.name, skips: SKIPPED.written(type), declared: () => declaredOn(graph, type) },
    ...decoratedMembers(type).map((member) => ({
      name: `${type.name}.${String(member)}`,
      skips: SKIPPED.written(type, member),
      declared: () => declaredOn(graph, type, member),
    })),
  ])
  return [...ofModules, ...ofClasses].filter(({ skips }) => skips.length > 0)
}

function declaredOn(graph: ModuleGraph, type: Class, member?: MemberName): readonly Usable[] {
  const isHere = (endpoint: { readonly type: Class; readonly method: MemberName }): boolean =>
    endpoint.type === type && (member === undefined || endpoint.method === member)
  // Methods of other providers are intercepted as well, by what is for methods.
  const forMethods = graph.interceptors.filter((each) => isFor(each, 'method'))
  const members = member === undefined ? decoratedMembers(type) : [member]
  return [
    ...declaredIn(graph, isHere),
    ...forMethods,
    ...USED.read(type),
    ...members.flatMap((each) => USED.read(type, each)),
  ]
}

/** Any module may be the root, whose interceptors hold everywhere. */
function declaredIn(
  graph: ModuleGraph,
  isHere: (endpoint: ModuleGraph['endpoints'][number]) => boolean,
): readonly Usable[] {
  const ofRoots = graph.modules.flatMap(({ type }) => USED.read(type))
  return graph.endpoints
    .filter(isHere)
    .flatMap((endpoint) => [
      ...declaredFor(endpoint, { application: graph.interceptors, root: undefined }),
      ...ofRoots.filter((used) => takesPart(used, endpoint)),
    ])
}
