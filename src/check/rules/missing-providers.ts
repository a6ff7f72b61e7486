/** Something is asked for that nothing provides. */
import { dependencySite, subjectOf } from '../describe-provider.ts'
import type { CheckRule } from '../check-rule.ts'
import { defineDiagnostic } from '../diagnostic.ts'
import { nameOf } from '../../graph/module-graph.ts'
import { ResolutionPaths } from '../resolution-path.ts'
import { suggestProvider } from '../suggest-provider.ts'

export const ProviderMissing = defineDiagnostic({
  code: 'WIRING_PROVIDER_MISSING',
  message: (asker: string, token: string, _help: string) => `${asker} needs ${token}, and nothing provides it.`,
  help: (_asker, _token, help) => help,
})

export const missingProviders: CheckRule = ({ graph, environment }) => {
  const paths = new ResolutionPaths(graph)
  return graph.providers.flatMap((provider) =>
    provider.dependencies.flatMap((dependency) => {
      const { token, many, optional } = dependency
      if (!token || many || optional || graph.providersOf(token).length > 0) return []
      const place = { at: dependencySite(provider, dependency), path: paths.to(provider, nameOf(token)) }
      const help = suggestProvider(token, { graph, asker: provider, environment: environment.name })
      return [ProviderMissing(place, subjectOf(provider), nameOf(token), help)]
    }),
  )
}
