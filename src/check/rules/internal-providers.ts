/** `internal`: what only its own module may use, and whether the module has it at all. */
import { CONDITIONS, decoratedMembers, PROVIDE, type InjectionToken } from '../../../decorators/index.ts'
import { nameOf, type ModuleGraph, type ModuleModel } from '../../graph/module-graph.ts'
import type { CheckRule } from '../check-rule.ts'
import { dependencySite, subjectOf } from '../describe-provider.ts'
import { defineDiagnostic, type Diagnostic } from '../diagnostic.ts'
import { ResolutionPaths } from '../resolution-path.ts'
import { listedSite } from '../source/listed-site.ts'

export const ProviderInternal = defineDiagnostic({
  code: 'WIRING_PROVIDER_INTERNAL',
  message: (asker: string, askingModule: string, token: string, owner: string) =>
    `${asker} of ${askingModule} uses ${token}, which is internal to ${owner}.`,
  help: (_asker, _askingModule, token, owner) =>
    `Use what ${owner} offers to others, or take ${token} off \`internal\` of ${owner}.`,
})

export const InternalUnknown = defineDiagnostic({
  code: 'WIRING_INTERNAL_UNKNOWN',
  message: (module: string, token: string) => `${module} lists ${token} as internal, and does not provide it.`,
  help: (module, token) => `Add ${token} to \`providers\` of ${module}, or take it off \`internal\`.`,
})

export const internalProviders: CheckRule = ({ graph }) => [...usedFromOutside(graph), ...unknownInternals(graph)]

function usedFromOutside(graph: ModuleGraph): readonly Diagnostic[] {
  const paths = new ResolutionPaths(graph)
  return graph.providers.flatMap((provider) =>
    provider.dependencies.flatMap((dependency) => {
      const { token, many } = dependency
      if (!token) return []
      const asked = many ? graph.providersOf(token) : [graph.providerOf(token)]
      const foreign = asked.find((each) => each?.internal && each.module !== provider.module)
      if (!foreign) return []
      const place = { at: dependencySite(provider, dependency), path: paths.to(provider, nameOf(token)) }
      const asker = subjectOf(provider)
      return [ProviderInternal(place, asker, provider.module.name, nameOf(token), foreign.module.name)]
    }),
  )
}

function unknownInternals(graph: ModuleGraph): readonly Diagnostic[] {
  return graph.modules.flatMap((module) =>
    (module.options.internal ?? [])
      .filter((token) => token !== undefined && !provides(graph, module, token))
      .map((token) => InternalUnknown({ at: listedSite(module.at, 'internal', token) }, module.name, nameOf(token))),
  )
}

/** Also what takes part only under a condition: it is internal when it does. */
function provides(graph: ModuleGraph, module: ModuleModel, token: InjectionToken): boolean {
  return (
    graph.providersOf(token).some((provider) => provider.module === module) ||
    (module.options.providers ?? []).some(
      (each) => each === token || (typeof each === 'object' && each.provide === token),
    ) ||
    decoratedMembers(module.type).some(
      (member) => CONDITIONS.read(module.type, member).length > 0 && PROVIDE.read(module.type, member)?.token === token,
    )
  )
}
