/** `tenon why`: who provides, asks for, answers or sets something. */
import { CONFIG, type Class } from '../../../decorators/index.ts'
import { describeProvider, providerSite } from '../../check/describe-provider.ts'
import { ResolutionPaths } from '../../check/resolution-path.ts'
import { nearestName } from '../../config/nearest-name.ts'
import { describeConfig, type DescribedValue } from '../../config/print-config.ts'
import { dependenciesOf } from '../../container/order-providers.ts'
import { printLocation, sourceOf } from '../../errors/source-location.ts'
import type { Program } from '../../application/program.ts'
import type { ModuleModel, ProviderModel } from '../../graph/module-graph.ts'
import { describeEndpoint } from '../../pipeline/endpoint.ts'
import { CliQuestionUnknown } from '../cli-errors.ts'
import { CommandResult } from '../command-result.ts'
import { findEndpoint } from '../find-endpoint.ts'
import { readSettings } from '../read-settings.ts'
import { toolCommand } from '../tool-command.ts'

export const why = toolCommand('why <question...>', {
  description: 'Why something is there: a provider, a module, a route, a setting',
  examples: ['tenon why TicketsService', 'tenon why GET /api/tickets/5', 'tenon why PORT'],
  run: async (call) => {
    const asked = call.argument('question')
    const program = await call.project.program()
    const settings = describeConfig(await readSettings(program))
    const answer =
      whyModule(program, asked) ??
      whyProvider(program, asked) ??
      whySetting(program, settings, asked) ??
      whyRoute(program, asked)
    if (!answer)
      throw new CliQuestionUnknown(asked, 'provider, module, setting or route', nearest(program, settings, asked))
    return new CommandResult(answer)
  },
})

interface Answer {
  readonly data: object
  readonly text: string
}

function whyProvider({ graph }: Program, asked: string): Answer | undefined {
  const providers = graph.providers.filter(({ name, implementation }) => [name, implementation?.name].includes(asked))
  if (providers.length === 0) return undefined
  const paths = new ResolutionPaths(graph)
  const described = providers.map((provider) => {
    const askers = graph.providers.filter((each) => dependenciesOf(graph, each).includes(provider))
    return {
      kind: 'provider',
      token: provider.name,
      made: describeProvider(provider),
      module: provider.module.name,
      lifetime: provider.lifetime,
      at: printLocation(sourceOf(providerSite(provider))),
      needs: dependenciesOf(graph, provider).map(({ name }) => name),
      neededBy: askers.map(({ name }) => name),
      path: paths.to(provider),
      injected: graph.providerOf(provider.token) === provider,
    }
  })
  const text = described.map((each) =>
    [
      `${each.token} is provided by ${each.module}${each.made === each.token ? '' : ` (${each.made})`}, as a ${each.lifetime}: ${each.at}`,
      `  needs      ${listed(each.needs)}`,
      `  needed by  ${listed(each.neededBy)}`,
      ...(each.path.length > 1 ? [`  path       ${each.path.join(' -> ')}`] : []),
      ...(each.injected ? [] : ['  not the one that is injected: another provider of the token wins']),
    ].join('\n'),
  )
  return { data: described.length === 1 ? described[0]! : described, text: text.join('\n\n') }
}

function whyModule({ graph, root }: Program, asked: string): Answer | undefined {
  const module = graph.modules.find(({ name }) => name === asked)
  if (!module) return undefined
  const importers = graph.modules.filter(({ imports }) => imports.includes(module.type)).map(({ name }) => name)
  const path = importPath(graph.modules, root, module)
  const provides = graph.providers.filter((each) => each.module === module).map(providedName)
  const at = printLocation(sourceOf(module.at))
  return {
    data: { kind: 'module', name: asked, importedBy: importers, path, provides, at },
    text: [
      `${asked} takes part because ${path.length > 1 ? path.join(' imports ') : 'it is the root'}: ${at}`,
      `  imported by  ${listed(importers)}`,
      `  provides     ${listed(provides)}`,
    ].join('\n'),
  }
}

const providedName = ({ name }: ProviderModel): string => name

/** The shortest chain of imports from the root to a module. */
function importPath(modules: readonly ModuleModel[], root: Class | undefined, target: ModuleModel): readonly string[] {
  const paths = modules.filter(({ type }) => type === root).map((each) => [each])
  const seen = new Set<ModuleModel>()
  for (const path of paths) {
    const last = path.at(-1)!
    if (last === target) return path.map(({ name }) => name)
    if (seen.has(last)) continue
    seen.add(last)
    for (const type of last.imports) {
      const next = modules.find((each) => each.type === type)
      if (next) paths.push([...path, next])
    }
  }
  return [target.name]
}

function whySetting(
  { environment, graph }: Program,
  settings: readonly DescribedValue[],
  asked: string,
): Answer | undefined {
  const found = settings.find(({ variable, field }) => variable === asked || field === asked)
  if (!found) return undefined
  const owner = graph.providers.find(({ implementation }) => implementation?.name === found.field.split('.', 1)[0])
  const reasons: Readonly<Record<string, string>> = {
    process: 'the environment of the process, which wins over every .env file',
    code: `code: ${owner?.module.name ?? 'a module'}.with(...), which wins over the environment`,
    default: 'its default, for nothing sets it',
    unset: 'nothing: it may be left out',
  }
  const reason = reasons[found.origin] ?? `the file ${found.origin}`
  return {
    data: { kind: 'setting', ...found, module: owner?.module.name, environment: environment.name },
    text: [
      `${found.variable ?? found.field} is ${found.value}, from ${reason}.`,
      `  field        ${found.field} (@Config('${found.section}'))`,
      ...(found.description === undefined ? [] : [`  meaning      ${found.description}`]),
      `  environment  ${environment.name}`,
      ...(owner && CONFIG.read(owner.implementation!) ? [`  declared at  ${printLocation(sourceOf(owner.at))}`] : []),
    ].join('\n'),
  }
}

function whyRoute({ graph }: Program, asked: string): Answer | undefined {
  const endpoint = findEndpoint(graph, asked)
  if (!endpoint) return undefined
  const path = graph.modules.find(({ type }) => type === endpoint.module)?.name ?? ''
  const at = printLocation(sourceOf(endpoint.at))
  const route = describeEndpoint(endpoint)
  return {
    data: { kind: 'route', asked, route, handler: endpoint.name, module: path, at },
    text: `${asked === route ? asked : `${asked} reaches ${route}`}, handled by ${endpoint.name} of ${path}: ${at}`,
  }
}

function nearest({ graph }: Program, settings: readonly DescribedValue[], asked: string): string {
  const names = [
    ...graph.providers.map(({ name }) => name),
    ...graph.modules.map(({ name }) => name),
    ...settings.flatMap(({ variable, field }) => [variable ?? field, field]),
    ...graph.endpoints.flatMap((each) => [each.name, describeEndpoint(each)]),
  ]
  return nearestName(asked, names) ?? ''
}

function listed(names: readonly string[]): string {
  return names.length === 0 ? 'nothing' : names.join(', ')
}
