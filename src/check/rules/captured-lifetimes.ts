/** A singleton that holds a transient keeps one instance of it for ever: the transient is none any more. */
import type { ModuleGraph, ProviderModel } from '../../graph/module-graph.ts'
import { dependenciesOf } from '../../container/order-providers.ts'
import { nameOf } from '../../graph/module-graph.ts'
import type { CheckRule } from '../check-rule.ts'
import { dependencySite, subjectOf } from '../describe-provider.ts'
import { defineDiagnostic } from '../diagnostic.ts'
import { ResolutionPaths } from '../resolution-path.ts'

export const LifetimeCaptured = defineDiagnostic({
  code: 'WIRING_LIFETIME_CAPTURED',
  message: (holder: string, held: string, _mayBeTransient: boolean) =>
    `${holder} is a singleton and would keep one ${held} for ever, although ${held} is transient.`,
  help: (holder, held, mayBeTransient) =>
    `Make ${held} a singleton and keep what belongs to one call in ctx(), or ${
      mayBeTransient ? `make ${holder} transient too` : `build one where it is needed with container.create(${held})`
    }.`,
})

export const capturedLifetimes: CheckRule = ({ graph }) => {
  const paths = new ResolutionPaths(graph)
  return graph.providers
    .filter((provider) => provider.lifetime === 'singleton')
    .flatMap((provider) =>
      provider.dependencies.flatMap((dependency) => {
        const { token, many } = dependency
        if (!token) return []
        const asked = many ? graph.providersOf(token) : [graph.providerOf(token)]
        const held = asked
          .map((each) => each && behindAliases(graph, each))
          .find((each) => each?.lifetime === 'transient')
        if (!held) return []
        const further = held.token === token ? [held.name] : [nameOf(token), held.name]
        const place = { at: dependencySite(provider, dependency), path: paths.to(provider, ...further) }
        return [LifetimeCaptured(place, subjectOf(provider), held.name, mayBeTransient(provider))]
      }),
    )
}

/** Controllers, interceptors and modules are there once. */
function mayBeTransient({ stereotype, token, module }: ProviderModel): boolean {
  return token !== module.type && stereotype !== 'controller' && stereotype !== 'interceptor'
}

/** What an alias stands for in the end; `undefined` when it ends nowhere, which other rules report. */
function behindAliases(graph: ModuleGraph, provider: ProviderModel): ProviderModel | undefined {
  const seen = new Set<ProviderModel>()
  let each: ProviderModel | undefined = provider
  while (each?.kind === 'existing') {
    if (seen.has(each)) return undefined
    seen.add(each)
    ;[each] = dependenciesOf(graph, each)
  }
  return each
}
