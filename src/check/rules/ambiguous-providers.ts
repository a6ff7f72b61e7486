/**
 * Something is asked for that several provide, and none of them stands out: reported once per token, where it is asked
 * first. A class that is listed as itself and provided otherwise besides is reported where that is done, asked for or not.
 */
import type { InjectionToken } from '../../../decorators/index.ts'
import { nameOf, type ModuleGraph } from '../../graph/module-graph.ts'
import type { CheckRule } from '../check-rule.ts'
import { dependencySite, describeProvider } from '../describe-provider.ts'
import { defineDiagnostic, type Diagnostic, type DiagnosticPlace } from '../diagnostic.ts'
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
  const asked = graph.providers.flatMap((provider) =>
    provider.dependencies.flatMap((dependency) => {
      const { token, many } = dependency
      if (!token || many || reported.has(token) || !isAmbiguous(graph, token)) return []
      reported.add(token)
      return [
        finding(graph, token, { at: dependencySite(provider, dependency), path: paths.to(provider, nameOf(token)) }),
      ]
    }),
  )
  const contradicted = graph.providers.flatMap(({ token, implementation, at }) => {
    const isOtherwise = typeof token === 'function' && implementation !== token
    if (!isOtherwise || reported.has(token) || !isListedAsItself(graph, token) || !isAmbiguous(graph, token)) return []
    reported.add(token)
    return [finding(graph, token, { at })]
  })
  return [...asked, ...contradicted]
}

function isAmbiguous(graph: ModuleGraph, token: InjectionToken): boolean {
  return graph.providersOf(token).length > 1 && graph.providerOf(token) === undefined
}

function isListedAsItself(graph: ModuleGraph, token: InjectionToken): boolean {
  return graph.providersOf(token).some(({ implementation }) => implementation === token)
}

function finding(graph: ModuleGraph, token: InjectionToken, place: DiagnosticPlace): Diagnostic {
  const all = graph.providersOf(token)
  const names = all.map((each) => `${describeProvider(each)} in ${each.module.name}`)
  return ProviderAmbiguous(place, nameOf(token), names, all.filter((each) => each.primary).length)
}
