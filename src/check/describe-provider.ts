/** How diagnostics speak of a provider and of the place where it asks for something. */
import type { CallSite } from '../../decorators/index.ts'
import type { DependencyModel, ProviderModel } from '../graph/module-graph.ts'
import { listedSite } from './source/listed-site.ts'
import { parameterSite } from './source/parameter-site.ts'

/** `TicketService`, `AppModule.clock()`, `the factory of Clock`, `the value of Clock`, `the alias Clock`. */
export function describeProvider({ kind, implementation, member, module, name }: ProviderModel): string {
  if (member !== undefined) return `${module.name}.${String(member)}()`
  if (kind === 'factory' || kind === 'value') return `the ${kind} of ${name}`
  return kind === 'existing' ? `the alias ${name}` : (implementation?.name ?? name)
}

/** The same at the beginning of a sentence. */
export function subjectOf(provider: ProviderModel): string {
  return describeProvider(provider).replace(/^the /, 'The ')
}

/** In a path: the class, and the token it stands for where that has another name. */
export function pathName({ implementation, name }: ProviderModel): string {
  return implementation && implementation.name !== name ? `${implementation.name} (as ${name})` : name
}

/** Where a provider was declared: its own decorator, else its entry in the module. */
export function providerSite(provider: ProviderModel): CallSite {
  const { at, module, token } = provider
  return at === module.at ? listedSite(module.at, 'providers', token) : at
}

/** Where a provider asks for something: the parameter, else the provider's own place. */
export function dependencySite(provider: ProviderModel, { index, at }: DependencyModel): CallSite {
  const { implementation, member, module, kind } = provider
  if (kind === 'factory' || kind === 'existing') return providerSite(provider)
  // A parameter with a decorator of its own knows its place.
  if (at !== provider.at || index < 0) return at
  if (member !== undefined) return parameterSite(module.type, member, index, at)
  return implementation ? parameterSite(implementation, undefined, index, at) : at
}
