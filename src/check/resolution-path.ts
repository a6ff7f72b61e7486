/** How the wiring leads to a provider: from a controller where one is reached, else from whatever stands at the top. */
import type { ModuleGraph, ProviderModel } from '../graph/module-graph.ts'
import { dependenciesOf } from '../container/order-providers.ts'

/** Answers the shortest path to any provider of one graph. */
export class ResolutionPaths {
  readonly #askers = new Map<ProviderModel, ProviderModel[]>()

  constructor(graph: ModuleGraph) {
    for (const provider of graph.providers) {
      for (const dependency of dependenciesOf(graph, provider)) {
        const askers = this.#askers.get(dependency)
        if (askers) askers.push(provider)
        else this.#askers.set(dependency, [provider])
      }
    }
  }

  /** Names, outermost first, ending with the provider's own and `further`. */
  to(provider: ProviderModel, ...further: readonly string[]): readonly string[] {
    return [...this.#shortest(provider).map(({ name }) => name), ...further]
  }

  #shortest(provider: ProviderModel): readonly ProviderModel[] {
    const seen = new Set([provider])
    const paths: (readonly ProviderModel[])[] = [[provider]]
    let top: readonly ProviderModel[] | undefined
    // Grows while it is walked: shorter paths come first.
    for (const path of paths) {
      const [first] = path
      const askers = (first && this.#askers.get(first)) ?? []
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
