/** The order in which singletons are built: dependencies first. */
import type { ModuleGraph, ProviderModel } from '../graph/module-graph.ts'

/** The providers a provider is built from, through the graph. */
export function dependenciesOf(graph: ModuleGraph, provider: ProviderModel): readonly ProviderModel[] {
  return provider.dependencies.flatMap(({ token, many }) => {
    if (!token) return []
    if (many) return graph.providersOf(token)
    return graph.providerOf(token) ?? []
  })
}

/** Every provider after all it depends on; cycles (which the check refuses) are cut anywhere. */
export function orderProviders(graph: ModuleGraph): readonly ProviderModel[] {
  const ordered = new Set<ProviderModel>()
  const entered = new Set<ProviderModel>()
  const visit = (provider: ProviderModel): void => {
    if (entered.has(provider)) return
    entered.add(provider)
    for (const dependency of dependenciesOf(graph, provider)) visit(dependency)
    ordered.add(provider)
  }
  for (const provider of graph.providers) visit(provider)
  return [...ordered]
}
