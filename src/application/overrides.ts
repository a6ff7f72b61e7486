/** Replacements of providers, for tests. */
import type { InjectionToken, Provider } from '../../decorators/index.ts'
import type { ModuleModel, ProviderModel } from '../graph/module-graph.ts'
import { readProvider } from '../graph/read-providers.ts'

/** What takes the place of everything that provides its token. */
export type Override<T = any> = Exclude<Provider<T>, new (...args: never[]) => T>

export function readOverrides(
  overrides: readonly Override[],
): ReadonlyMap<InjectionToken, (module: ModuleModel) => ProviderModel | undefined> {
  return new Map(
    overrides.map((override) => [override.provide, (module) => readProvider(override, module)?.provider] as const),
  )
}
