/** Lists who asks for the container itself: what they need is hidden from every other rule. */
import { Container } from '../../container/container.ts'
import type { CheckRule } from '../check-rule.ts'
import { dependencySite, subjectOf } from '../describe-provider.ts'
import { defineDiagnostic } from '../diagnostic.ts'

export const ContainerInjected = defineDiagnostic({
  code: 'CONTAINER_INJECTED',
  severity: 'note',
  message: (asker: string) => `${asker} asks for the Container, so what it needs cannot be checked before the start.`,
  help: 'Ask for what is needed by constructor parameters; keep the Container for plug-in points.',
})

export const injectedContainer: CheckRule = ({ graph }) =>
  graph.providers.flatMap((provider) =>
    provider.dependencies
      .filter(({ token }) => token === Container)
      .map((dependency) => ContainerInjected({ at: dependencySite(provider, dependency) }, subjectOf(provider))),
  )
