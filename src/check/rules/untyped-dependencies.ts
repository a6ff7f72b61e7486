/** Constructor and `@Provide` parameters whose type says nothing at run time. */
import { emittedParameterTypes, type Class } from '../../../decorators/index.ts'
import type { DependencyModel, ProviderModel } from '../../graph/module-graph.ts'
import type { CheckRule } from '../check-rule.ts'
import { dependencySite, describeProvider } from '../describe-provider.ts'
import { defineDiagnostic, type Diagnostic } from '../diagnostic.ts'
import { ResolutionPaths } from '../resolution-path.ts'
import { declaredType, type DeclaredType } from '../source/declared-type.ts'
import { functionSite } from '../source/function-site.ts'
import { constructorOf } from '../source/parameter-site.ts'
import { runnerWithoutMetadata } from '../source/runner.ts'

export const ParameterErased = defineDiagnostic({
  code: 'WIRING_PARAMETER_ERASED',
  message: (place: string, _emitted: string, declared: DeclaredType | undefined) =>
    declared && declared.erasure !== 'unknown'
      ? `${place} has the type ${declared.text} (${declared.erasure}), of which nothing is left at run time.`
      : `${place} has a type of which nothing is left at run time${declared ? `: ${declared.text}` : ''}.`,
  help: (_place, emitted, declared) =>
    emitted === 'Array'
      ? 'Ask for a list with @InjectAll(Token).'
      : emitted === 'Promise'
        ? 'Ask for what the promise brings: asynchronous factories are awaited at boot.'
        : declared?.erasure === 'type-only import'
          ? 'Import it without `type`, so that the class is there at run time; for an interface name a token: @Inject(TOKEN).'
          : 'Name what to inject with @Inject(TOKEN), or use a class (abstract ones too) as the type.',
})

export const ParameterPrimitive = defineDiagnostic({
  code: 'WIRING_PARAMETER_PRIMITIVE',
  message: (place: string, type: string) => `${place} is a ${type}, and the container cannot know which.`,
  help: 'Name it with @Inject(TOKEN), or take it from a @Config class; where its default shall hold, write @Optional().',
})

export const MetadataMissing = defineDiagnostic({
  code: 'WIRING_METADATA_MISSING',
  message: (type: string, count: number) =>
    `The compiler emitted no types for the ${count === 1 ? 'parameter' : `${count} parameters`} of ${type}'s constructor.`,
  help: (type) =>
    `Write @Injectable() above ${type}; if it is there, compile with \`emitDecoratorMetadata\` (runners that only strip types drop it).`,
})

export const RunnerUnfit = defineDiagnostic({
  code: 'WIRING_RUNNER_UNFIT',
  message: (runner: string, count: number) =>
    `${runner} runs TypeScript without emitting decorator metadata, so nothing can be injected by type (${count} classes).`,
  help: 'Start with tenon dev, or compile with tsc or swc and run the JavaScript.',
})

const PRIMITIVES: ReadonlySet<unknown> = new Set([String, Number, Boolean, Symbol, BigInt])

export const untypedDependencies: CheckRule = ({ graph }) => {
  const paths = new ResolutionPaths(graph)
  const runner = runnerWithoutMetadata()
  const bare =
    runner === undefined ? [] : graph.providers.filter((each) => each.kind === 'class' && lacksMetadata(each))
  // One sentence about the runner instead of one for each class.
  if (runner !== undefined && bare[0]) return [RunnerUnfit({ at: bare[0].at }, runner, bare.length)]
  return graph.providers
    .filter(({ kind }) => kind === 'class' || kind === 'method')
    .flatMap((provider): readonly Diagnostic[] => {
      if (lacksMetadata(provider)) {
        const owner = constructorOf(provider.implementation as Class)
        const place = { at: functionSite(owner) ?? provider.at, path: paths.to(provider) }
        return [MetadataMissing(place, owner.name, owner.length)]
      }
      return provider.dependencies
        .filter((dependency) => dependency.token === undefined && !keepsDefault(provider, dependency))
        .map((dependency) => untyped(provider, dependency, paths))
    })
}

/** Whether some parameter would need a type, and the compiler emitted none at all. */
function lacksMetadata({ implementation, dependencies }: ProviderModel): boolean {
  if (!implementation || emittedParameterTypes(implementation) !== undefined) return false
  const owner = constructorOf(implementation)
  return owner.length > dependencies.length || dependencies.some(({ token }) => token === undefined)
}

/** `@Optional()` on a parameter with a default: nothing is injected, and nothing is missing. */
function keepsDefault({ implementation }: ProviderModel, { index, optional }: DependencyModel): boolean {
  return optional && implementation !== undefined && index >= constructorOf(implementation).length
}

function untyped(provider: ProviderModel, dependency: DependencyModel, paths: ResolutionPaths): Diagnostic {
  const at = dependencySite(provider, dependency)
  const place = { at, path: paths.to(provider) }
  const emitted = (dependency.emitted as { name?: string } | undefined)?.name ?? 'undefined'
  const parameter = `Parameter ${dependency.index + 1} of ${describeProvider(provider)}`
  return PRIMITIVES.has(dependency.emitted)
    ? ParameterPrimitive(place, parameter, emitted.toLowerCase())
    : ParameterErased(place, parameter, emitted, declaredType(at))
}
