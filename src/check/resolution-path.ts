/** How the wiring leads to a provider: from a controller where one is reached, else from whatever stands at the top. */
import type { ModuleGraph, ProviderModel } from '../graph/module-graph.ts'
import { dependenciesOf } from '../container/order-providers.ts'
import { pathName } from './describe-provider.ts'

/** Answers the shortest path to any provider of one graph. */
export class ResolutionPaths {
  readonly #graph: ModuleGraph
  #askers: ReadonlyMap<ProviderModel, readonly ProviderModel[]> | undefined

  constructor(graph: ModuleGraph) {
    this.#graph = graph
  }

  /** Names, outermost first, ending with the provider's own and `further`. */
  to(provider: ProviderModel, ...further: readonly string[]): readonly string[] {
    return [...this.#shortest(provider).map(pathName), ...further]
  }

  #shortest(provider: ProviderModel): readonly ProviderModel[] {
    // A right program never asks for a path.
    const askersOf = (this.#askers ??= readAskers(this.#graph))
    const seen = new Set([provider])
    const paths: (readonly ProviderModel[])[] = [[provider]]
    let top: readonly ProviderModel[] | undefined
    // Grows while it is walked: shorter paths come first.
    for (const path of paths) {
      const [first] = path
      const askers = (first && askersOf.get(first)) ?? []
      if (first?.stereotype === 'controller') return path
      if (askers.length === 0) top ??= path
      for (const asker of askers) {
        if (seen.has(asker)) continue
        seen.add(asker)
        paths.push([asker, ...path])
      }
    }
    return top ?? [provider]
  }
}

function readAskers(graph: ModuleGraph): ReadonlyMap<ProviderModel, readonly ProviderModel[]> {
  const askers = new Map<ProviderModel, ProviderModel[]>()
  for (const provider of graph.providers) {
    for (const dependency of dependenciesOf(graph, provider)) {
      const known = askers.get(dependency)
      if (known) known.push(provider)
      else askers.set(dependency, [provider])
    }
  }
  return askers
}
