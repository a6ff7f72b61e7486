/** Something is asked for that several provide, and none of them stands out. Reported once per token, where it is asked first. */
import type { InjectionToken } from '../../../decorators/index.ts'
import { nameOf } from '../../graph/module-graph.ts'
import type { CheckRule } from '../check-rule.ts'
import { dependencySite, describeProvider } from '../describe-provider.ts'
import { defineDiagnostic } from '../diagnostic.ts'
import { ResolutionPaths } from '../resolution-path.ts'

export const ProviderAmbiguous = defineDiagnostic({
  code: 'WIRING_PROVIDER_AMBIGUOUS',
  message: (token: string, providers: readonly string[], primaries: number) =>
    `${token} is provided ${providers.length} times (${providers.join(', ')}), and ${primaries === 0 ? 'none' : primaries} of them is primary.`.replace(
      /(\d+) of them is/,
      '$1 of them are',
    ),
  help: (token, _providers, primaries) =>
    primaries === 0
      ? `Mark one with @Primary() or \`primary: true\`, remove the others, or take all of them with @InjectAll(${token}).`
      : 'Leave @Primary() on one of them only.',
})

export const ambiguousProviders: CheckRule = ({ graph }) => {
  const paths = new ResolutionPaths(graph)
  const reported = new Set<InjectionToken>()
  return graph.providers.flatMap((provider) =>
    provider.dependencies.flatMap((dependency) => {
      const { token, many } = dependency
      if (!token || many || reported.has(token)) return []
      const all = graph.providersOf(token)
      if (all.length < 2 || graph.providerOf(token)) return []
      reported.add(token)
      const place = { at: dependencySite(provider, dependency), path: paths.to(provider, nameOf(token)) }
      const names = all.map((each) => `${describeProvider(each)} in ${each.module.name}`)
      return [ProviderAmbiguous(place, nameOf(token), names, all.filter((each) => each.primary).length)]
    }),
  )
}
