/** Reads decorated classes into one immutable graph; it judges nothing but what makes reading on impossible. */
import {
  CONFIG,
  CONTROLLER,
  UNKNOWN_SITE,
  type Class,
  type ConfiguredModule,
  type InjectionToken,
  type Surroundings,
} from '../../decorators/index.ts'
import type { Diagnostic } from '../check/diagnostic.ts'
import type { Endpoint } from '../pipeline/endpoint.ts'
import { dependsOnOthers, holds } from './conditions.ts'
import { ModuleGraph, nameOf, type ModuleModel, type ProviderModel } from './module-graph.ts'
import { readCommands, readEndpoints } from './read-endpoints.ts'
import { readProviders, type ConditionalProvider } from './read-providers.ts'
import { readUnlisted } from './read-unlisted.ts'
import { ControllerInvalid, ControllerRepeated, OverrideUnknown } from './wiring-diagnostics.ts'

export interface GraphSources {
  readonly modules: readonly ModuleModel[]
  readonly findings: readonly Diagnostic[]
  readonly surroundings: Surroundings
  /** Replacements for tests: whatever else provides the token is left out. */
  readonly overrides?: ReadonlyMap<InjectionToken, (module: ModuleModel) => ProviderModel | undefined>
  /** Makes an instance of a `@Config` class from the environment. */
  readonly createConfig: (config: Class, configured: ConfiguredModule | undefined) => ProviderModel['create']
  readonly configured: ReadonlyMap<Class, ConfiguredModule>
}

export function readGraph(sources: GraphSources): ModuleGraph {
  const findings: Diagnostic[] = [...sources.findings]
  const { modules } = sources
  const listed = modules.flatMap((module) => readProviders(module, findings))
  findings.push(...unknownOverrides(listed, sources))
  const chosen = applyOverrides(applyConditions(listed, sources.surroundings), sources)
  const provided = new Set<unknown>(chosen.map(({ token }) => token))
  const routes = modules.flatMap((module) => readControllers(module, sources, findings, provided))
  const commands = dropRepeats(chosen).flatMap(({ implementation, kind, module }) =>
    implementation && kind === 'class' ? readCommands(implementation, module.type) : [],
  )
  const endpoints = [...routes, ...commands]
  const settings = new Map([...sources.configured.values()].map(({ module, config }) => [module, config]))
  const providers = dropRepeats([...chosen, ...readUnlisted(modules, chosen, endpoints, settings)])
  return new ModuleGraph({
    modules,
    providers: providers.map((provider) => withSettings(provider, sources)),
    endpoints,
    interceptors: [...new Set(modules.flatMap((module) => module.options.interceptors ?? []))].filter((each) =>
      provided.has(each),
    ),
    findings,
  })
}

/** Conditions on the surroundings first; then those on other providers, in the order of the modules. */
function applyConditions(listed: readonly ConditionalProvider[], surroundings: Surroundings): ProviderModel[] {
  const byOthers = (each: ConditionalProvider): boolean => each.conditions.some(dependsOnOthers)
  const taken = new Set(
    listed.filter(
      (each) => !byOthers(each) && each.conditions.every((condition) => holds(condition, surroundings, () => false)),
    ),
  )
  for (const each of listed.filter(byOthers)) {
    const isProvided = (token: InjectionToken): boolean => [...taken].some((other) => other.provider.token === token)
    if (each.conditions.every((condition) => holds(condition, surroundings, isProvided))) taken.add(each)
  }
  return listed.filter((each) => taken.has(each)).map((each) => each.provider)
}

/** A replacement of what nobody provides or asks for would go unnoticed, and the test with it. */
function unknownOverrides(
  listed: readonly ConditionalProvider[],
  { overrides, modules }: GraphSources,
): readonly Diagnostic[] {
  const known = new Set<unknown>(
    listed.flatMap(({ provider }) => [provider.token, ...provider.dependencies.map(({ token }) => token)]),
  )
  const at = modules.at(-1)?.at ?? UNKNOWN_SITE
  return [...(overrides?.keys() ?? [])]
    .filter((token) => !known.has(token) && CONFIG.read(token) === undefined)
    .map((token) => OverrideUnknown({ at }, nameOf(token)))
}

function applyOverrides(providers: ProviderModel[], { overrides, modules }: GraphSources): ProviderModel[] {
  const root = modules.at(-1)
  if (!overrides?.size || !root) return providers
  const kept = providers.filter((provider) => !overrides.has(provider.token))
  const replaced = [...overrides].flatMap(([token, override]) => {
    const original = providers.find((provider) => provider.token === token)
    return override(original?.module ?? root) ?? []
  })
  return [...kept, ...replaced]
}

function readControllers(
  module: ModuleModel,
  { modules, surroundings, configured }: GraphSources,
  findings: Diagnostic[],
  provided: ReadonlySet<unknown>,
): readonly Endpoint[] {
  const given = configured.get(module.type)?.settings
  const settings = typeof given === 'object' ? (given as Readonly<Record<string, unknown>>) : {}
  return (module.options.controllers ?? []).flatMap((controller) => {
    if (typeof controller !== 'function' || !CONTROLLER.read(controller)) {
      findings.push(ControllerInvalid({ at: module.at }, module.name, controller?.name ?? String(controller)))
      return []
    }
    // Its condition fails.
    if (!provided.has(controller)) return []
    const first = modules.find((other) => other.options.controllers?.includes(controller))
    if (first && first !== module) {
      findings.push(ControllerRepeated({ at: module.at }, controller.name, first.name, module.name))
      return []
    }
    return readEndpoints(controller, module.type, { ...surroundings, settings })
  })
}

/** A class listed by several modules is one provider, of the first of them. */
function dropRepeats(providers: readonly ProviderModel[]): readonly ProviderModel[] {
  const classes = new Set<Class>()
  return providers.filter(({ token, implementation }) => {
    if (!implementation || token !== implementation) return true
    if (classes.has(implementation)) return false
    classes.add(implementation)
    return true
  })
}

/** Config classes are filled from the environment instead of being constructed. */
function withSettings(provider: ProviderModel, { createConfig, configured }: GraphSources): ProviderModel {
  const { implementation } = provider
  if (!implementation || !CONFIG.read(implementation)) return provider
  const settings = [...configured.values()].find((each) => each.config === implementation)
  return { ...provider, dependencies: [], create: createConfig(implementation, settings) }
}
