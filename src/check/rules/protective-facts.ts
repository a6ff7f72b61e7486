/** A decorator that protects holds because of an interceptor: without it, a door looks closed and is open. */
import {
  decoratedMembers,
  INTERCEPTOR,
  PROTECTIVE_FACTS,
  type CallSite,
  type ProtectiveFact,
} from '../../../decorators/index.ts'
import type { ModuleGraph } from '../../graph/module-graph.ts'
import type { CheckRule } from '../check-rule.ts'
import { defineDiagnostic } from '../diagnostic.ts'

export const DecoratorUnenforced = defineDiagnostic({
  code: 'PIPELINE_DECORATOR_UNENFORCED',
  message: (owner: string, decorator: string, _module: string) =>
    `${owner} is protected by ${decorator}, and nothing in this application enforces it.`,
  help: (_owner, decorator, module) => `Import ${module}, or remove ${decorator}.`,
})

export const protectiveFacts: CheckRule = ({ graph }) => {
  const enforced = new Set(graph.interceptors.flatMap((type) => INTERCEPTOR.read(type)?.enforces ?? []))
  return PROTECTIVE_FACTS.filter(({ key }) => !enforced.has(key)).flatMap((fact) =>
    usesOf(fact, graph).map(({ owner, at }) => DecoratorUnenforced({ at }, owner, fact.decorator, fact.module)),
  )
}

/** Where it is written: above modules, classes of providers, and their methods. */
function usesOf(
  { key }: ProtectiveFact,
  graph: ModuleGraph,
): readonly { readonly owner: string; readonly at: CallSite }[] {
  const classes = new Set([
    ...graph.modules.map(({ type }) => type),
    ...graph.providers.flatMap(({ implementation }) => implementation ?? []),
  ])
  return [...classes].flatMap((type) =>
    [undefined, ...decoratedMembers(type)].flatMap((member) => {
      const written = key.writtenHere(type, member)
      if (!written) return []
      return [{ owner: member === undefined ? type.name : `${type.name}.${String(member)}`, at: written.at }]
    }),
  )
}
