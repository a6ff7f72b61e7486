/** Providers that need each other in a circle: none of them could be built first. Each circle is reported once. */
import { dependenciesOf } from '../../container/order-providers.ts'
import type { ModuleGraph, ProviderModel } from '../../graph/module-graph.ts'
import type { CheckRule } from '../check-rule.ts'
import { dependencySite, describeProvider, pathName } from '../describe-provider.ts'
import { defineDiagnostic } from '../diagnostic.ts'

export const DependencyCycle = defineDiagnostic({
  code: 'WIRING_DEPENDENCY_CYCLE',
  message: (members: readonly string[], _from: string, _to: string, _kind: CycleKind) =>
    members.length === 1 ? `${members[0]} needs itself.` : `${listed(members)} need each other in a circle.`,
  help: (_members, from, to, kind) => {
    if (kind === 'aliases') return `Cut \`${from} -> ${to}\`: an alias has to end at a provider that makes something.`
    if (from === to) return 'Remove the parameter; `this` is the instance already.'
    const remedy =
      kind === 'classes'
        ? `let ${from} publish an event instead of calling ${to}, or move what both need into a class of its own.`
        : 'make one of them without the other.'
    return `Cut \`${from} -> ${to}\`: ${remedy}`
  },
})

/** What the members of a circle are; `mixed` when methods or factories are among them. */
type CycleKind = 'aliases' | 'classes' | 'mixed'

export const dependencyCycles: CheckRule = ({ graph }) =>
  findCycles(graph).map((cycle) => {
    // The walk began at the controllers, so the edge that leads back is the one that runs against the layers.
    const first = cycle[0] as ProviderModel
    const last = cycle.at(-1) as ProviderModel
    const back = last.dependencies.find(
      ({ token, many }) =>
        token && (many ? graph.providersOf(token).includes(first) : graph.providerOf(token) === first),
    )
    const place = {
      at: back ? dependencySite(last, back) : last.at,
      path: [...cycle, first].map(pathName),
    }
    return DependencyCycle(
      place,
      cycle.map(describeProvider),
      describeProvider(last),
      describeProvider(first),
      kindOf(cycle),
    )
  })

function kindOf(cycle: readonly ProviderModel[]): CycleKind {
  if (cycle.every(({ kind }) => kind === 'existing')) return 'aliases'
  return cycle.every(({ kind }) => kind === 'class' || kind === 'existing') ? 'classes' : 'mixed'
}

/** Depth first from the controllers, then from what nobody asks for: every edge back to the way here closes a circle. */
function findCycles(graph: ModuleGraph): readonly (readonly ProviderModel[])[] {
  const cycles: (readonly ProviderModel[])[] = []
  const done = new Set<ProviderModel>()
  const way: ProviderModel[] = []
  const visit = (provider: ProviderModel): void => {
    const entered = way.indexOf(provider)
    if (entered >= 0) {
      cycles.push(way.slice(entered))
      return
    }
    if (done.has(provider)) return
    way.push(provider)
    for (const dependency of new Set(dependenciesOf(graph, provider))) visit(dependency)
    way.pop()
    done.add(provider)
  }
  for (const provider of entriesFirst(graph)) visit(provider)
  return cycles
}

function entriesFirst(graph: ModuleGraph): readonly ProviderModel[] {
  const asked = new Set(graph.providers.flatMap((provider) => dependenciesOf(graph, provider)))
  const rank = (provider: ProviderModel): number =>
    provider.stereotype === 'controller' ? 0 : asked.has(provider) ? 2 : 1
  return graph.providers.toSorted((a, b) => rank(a) - rank(b))
}

function listed(names: readonly string[]): string {
  const all = names.map((name, index) => (index === 0 ? name.replace(/^the /, 'The ') : name))
  return `${all.slice(0, -1).join(', ')} and ${all.at(-1)}`
}
