/** What to write so that a missing provider is there: the most likely slip first. */
import {
  CONDITIONS,
  CONFIG,
  CONTROLLER,
  decoratedMembers,
  INJECTABLE,
  MODULE,
  PROVIDE,
  Token,
  type InjectionToken,
} from '../../decorators/index.ts'
import { nearestName } from '../config/nearest-name.ts'
import { nameOf, type ModuleGraph, type ModuleModel, type ProviderModel } from '../graph/module-graph.ts'
import { identifierOf } from './source/listed-site.ts'

export interface SuggestionInput {
  readonly graph: ModuleGraph
  readonly asker: ProviderModel
  /** Name of the environment. */
  readonly environment: string
}

/** One sentence that says what to do about a token nobody provides. */
export function suggestProvider(token: InjectionToken, { graph, asker, environment }: SuggestionInput): string {
  const name = nameOf(token)
  const excluded = graph.modules.find((module) => listsConditionally(module, token))
  if (excluded) {
    return `${excluded.name} provides it only under a condition that does not hold here (environment \`${environment}\`): provide it for this case too, or ask for it with @Optional().`
  }
  const namesake = graph.providers.find((provider) => provider.name === name)
  if (namesake) {
    const kind = token instanceof Token ? 'token' : 'class'
    return `A different ${kind} of this name is provided by ${namesake.module.name}: import that one, or ${provision(token, asker.module.name, true)}`
  }
  if (typeof token === 'function') {
    const heir = graph.providers.find(({ implementation }) => implementation?.prototype instanceof token)
    if (heir)
      return `${nameOf(heir.token)} extends it: write { provide: ${name}, useExisting: ${nameOf(heir.token)} } in ${heir.module.name}.`
    if (MODULE.writtenHere(token)) return `It is a module: add it to \`imports\` of ${asker.module.name}.`
  }
  const similar = nearestName(name, new Set(graph.providers.map((provider) => provider.name)))
  return (
    (similar === undefined ? '' : `Did you mean ${similar}? Otherwise: `) +
    provision(token, asker.module.name, similar !== undefined)
  )
}

function provision(token: InjectionToken, module: string, continued: boolean): string {
  const text =
    token instanceof Token
      ? `Write { provide: ${identifierOf(token)}, useValue: ... } (or useClass, useFactory) in \`providers\` of ${module}, or import the module that provides it.`
      : isDeclared(token)
        ? `Add ${nameOf(token)} to \`providers\` of ${module}, or import the module that provides it.`
        : `Write @Injectable() above ${nameOf(token)} and add it to \`providers\` of ${module}; when it is abstract, write { provide: ${nameOf(token)}, useClass: ... }.`
  return continued ? text.charAt(0).toLowerCase() + text.slice(1) : text
}

function isDeclared(type: object): boolean {
  return [INJECTABLE, CONTROLLER, CONFIG].some((key) => key.read(type) !== undefined)
}

function listsConditionally({ options, type }: ModuleModel, token: InjectionToken): boolean {
  const isMethod = decoratedMembers(type).some(
    (member) => PROVIDE.read(type, member)?.token === token && CONDITIONS.read(type, member).length > 0,
  )
  return (
    isMethod ||
    (options.providers ?? []).some((each) => {
      if (typeof each === 'function') return each === token && CONDITIONS.read(each).length > 0
      if (typeof each !== 'object' || each === null || each.provide !== token) return false
      return each.when !== undefined || ('useClass' in each && CONDITIONS.read(each.useClass).length > 0)
    })
  )
}
