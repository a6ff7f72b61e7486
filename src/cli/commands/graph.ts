/** `tenon graph` */
import { printLocation, sourceOf } from '../../errors/source-location.ts'
import { dependenciesOf } from '../../container/order-providers.ts'
import type { ModuleGraph } from '../../graph/module-graph.ts'
import { describeEndpoint } from '../../pipeline/endpoint.ts'
import { CommandResult } from '../command-result.ts'
import { toolCommand } from '../tool-command.ts'

export const graph = toolCommand('graph', {
  description: 'Modules and what they import, or providers and what they need, as a drawing or as data',
  options: {
    '--of <what>': 'modules (default) or providers',
    '--format <format>': 'mermaid (default), dot or json',
    '--module <name>': 'the part of one module only',
  },
  examples: [
    'tenon graph',
    'tenon graph --of providers --module TicketsModule',
    'tenon graph --format dot | dot -Tsvg',
  ],
  run: async (call) => {
    const program = await call.project.program()
    const data = describeGraph(program.graph, call.option('module'))
    const edges = call.oneOf('of', ['modules', 'providers']) === 'modules' ? moduleEdges(data) : providerEdges(data)
    const format = call.oneOf('format', ['mermaid', 'dot', 'json'])
    if (format === 'json') return new CommandResult({ data, text: JSON.stringify(data, undefined, 2) })
    return new CommandResult({ data, text: format === 'dot' ? printDot(edges) : printMermaid(edges) })
  },
})

interface DescribedGraph {
  readonly modules: readonly { readonly name: string; readonly imports: readonly string[]; readonly at: string }[]
  readonly providers: readonly {
    readonly name: string
    readonly module: string
    readonly kind: string
    readonly lifetime: string
    readonly needs: readonly string[]
  }[]
  readonly endpoints: readonly { readonly name: string; readonly entry: string; readonly module: string }[]
}

type Edge = readonly [from: string, to: string | undefined]

function describeGraph(model: ModuleGraph, only: string | undefined): DescribedGraph {
  const isMeant = (module: string): boolean => only === undefined || module === only
  const nameOfModule = new Map(model.modules.map(({ type, name }) => [type, name]))
  return {
    modules: model.modules
      .filter(({ name }) => isMeant(name))
      .map(({ name, imports, at }) => ({
        name,
        imports: imports.map((type) => nameOfModule.get(type) ?? type.name),
        at: printLocation(sourceOf(at)),
      })),
    providers: model.providers
      .filter(({ module }) => isMeant(module.name))
      .map((provider) => ({
        name: provider.name,
        module: provider.module.name,
        kind: provider.kind,
        lifetime: provider.lifetime,
        needs: dependenciesOf(model, provider).map(({ name }) => name),
      })),
    endpoints: model.endpoints
      .map((each) => ({ name: each.name, entry: describeEndpoint(each), module: each.module?.name ?? '' }))
      .filter(({ module }) => isMeant(module)),
  }
}

function moduleEdges({ modules }: DescribedGraph): readonly Edge[] {
  return modules.flatMap(({ name, imports }) => edgesOf(name, imports))
}

function providerEdges({ providers }: DescribedGraph): readonly Edge[] {
  return providers.flatMap(({ name, needs }) => edgesOf(name, needs))
}

/** What leads nowhere stands alone. */
function edgesOf(from: string, to: readonly string[]): readonly Edge[] {
  return to.length === 0 ? [[from, undefined]] : to.map((each) => [from, each])
}

function printMermaid(edges: readonly Edge[]): string {
  const ids = new Map<string, string>()
  const node = (name: string): string => {
    const known = ids.get(name)
    if (known !== undefined) return known
    const id = `n${ids.size}`
    ids.set(name, id)
    return `${id}["${name.replaceAll('"', "'")}"]`
  }
  const lines = edges.map(([from, to]) => (to === undefined ? `  ${node(from)}` : `  ${node(from)} --> ${node(to)}`))
  return ['flowchart LR', ...lines].join('\n')
}

function printDot(edges: readonly Edge[]): string {
  const lines = edges.map(
    ([from, to]) => `  ${JSON.stringify(from)}${to === undefined ? '' : ` -> ${JSON.stringify(to)}`};`,
  )
  return ['digraph application {', '  rankdir=LR;', '  node [shape=box];', ...lines, '}'].join('\n')
}
