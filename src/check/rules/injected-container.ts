/** Lists who asks for the container itself: what they need is hidden from every other rule. */
import { UNKNOWN_SITE, type CallSite } from '../../../decorators/index.ts'
import { Container } from '../../container/container.ts'
import { isApplicationFile } from '../../errors/stack-frames.ts'
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
  graph.providers
    // The framework's own modules are plug-in points themselves. To find the place of a parameter costs a start more
    // than all other rules together, so theirs are not looked for.
    .filter(({ at }) => isOfApplication(at))
    .flatMap((provider) =>
      provider.dependencies
        .filter(({ token }) => token === Container)
        .map((dependency) => dependencySite(provider, dependency))
        // A constructor that is inherited from the framework is not the application's either.
        .filter(isOfApplication)
        .map((at) => ContainerInjected({ at }, subjectOf(provider))),
    )

/** Classes of the package have no place of their own: nothing on the stack was written by a reader. */
function isOfApplication({ file }: CallSite): boolean {
  return file !== UNKNOWN_SITE.file && isApplicationFile(file)
}
