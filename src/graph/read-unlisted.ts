/** Classes that take part without being listed: interceptors somebody uses, and config classes somebody asks for. */
import { CONFIG, decoratedMembers, USED, type Class, type Usable } from '../../decorators/index.ts'
import { isClass } from '../pipeline/collect-arounds.ts'
import type { Endpoint } from '../pipeline/endpoint.ts'
import type { ModuleModel, ProviderModel } from './module-graph.ts'
import { classProvider } from './read-providers.ts'

/** Each belongs to the module of the first that uses it. */
export function readUnlisted(
  modules: readonly ModuleModel[],
  listed: readonly ProviderModel[],
  endpoints: readonly Endpoint[],
  settings: ReadonlyMap<Class, Class<object>>,
): readonly ProviderModel[] {
  const known = new Set<unknown>(listed.map((provider) => provider.token))
  const found: ProviderModel[] = []
  const take = (type: Class, module: ModuleModel): void => {
    if (known.has(type)) return
    known.add(type)
    found.push(classProvider(type, module))
  }
  for (const module of modules) {
    const config = settings.get(module.type)
    if (config) take(config, module)
    for (const used of usedClasses(USED.read(module.type))) take(used, module)
    for (const endpoint of endpoints.filter((each) => each.module === module.type)) {
      for (const used of usedBy(endpoint.type)) take(used, module)
    }
  }
  for (const { implementation, module } of listed) {
    if (implementation) for (const used of usedBy(implementation)) take(used, module)
  }
  for (const provider of listed) for (const config of configsOf(provider)) take(config, provider.module)
  // Grows while it is walked: what was found may ask for further config classes.
  for (const provider of found) for (const config of configsOf(provider)) take(config, provider.module)
  return found
}

function usedBy(type: Class): readonly Class[] {
  return usedClasses([...USED.read(type), ...decoratedMembers(type).flatMap((member) => USED.read(type, member))])
}

function usedClasses(used: readonly Usable[]): readonly Class[] {
  return used.filter(isClass)
}

function configsOf(provider: ProviderModel): readonly Class[] {
  return provider.dependencies
    .map((dependency) => dependency.token)
    .filter((token): token is Class => typeof token === 'function' && CONFIG.read(token) !== undefined)
}
