/** `tenon routes` */
import { CommandResult } from '../command-result.ts'
import { describeRoute } from '../describe-route.ts'
import { printTable } from '../print-table.ts'
import { toolCommand } from '../tool-command.ts'
import { painter, roomOf } from '../tool-io.ts'

export const routes = toolCommand('routes [filter]', {
  description: 'Every HTTP route: method, path, version, access, chain of interceptors, handler',
  options: { '--wide': 'nothing is cut to fit the terminal, and where each is written, too' },
  examples: ['tenon routes', 'tenon routes tickets --wide', 'tenon routes --json'],
  run: async (call) => {
    const program = await call.project.built()
    const filter = call.argument('filter').toLowerCase()
    const found = program.graph.endpoints
      .filter((endpoint) => endpoint.route !== undefined)
      .map((endpoint) => describeRoute(program, endpoint))
      .filter((each) => `${each.method} ${each.path} ${each.handler}`.toLowerCase().includes(filter))
      .toSorted((a, b) => a.path.localeCompare(b.path) || a.method.localeCompare(b.method))
    const paint = painter(call.io.output)
    const room = call.flag('wide') ? undefined : roomOf(call.io.output)
    const columns = COLUMNS.filter(
      ({ head, value }) => isWanted(head, room, call.flag('wide')) && found.some((each) => value(each) !== ''),
    )
    const yielding = ['ACCESS', 'PATH', 'HANDLER'].map((name) => columns.findIndex(({ head }) => head === name))
    return new CommandResult({
      data: found,
      text:
        found.length === 0
          ? 'No route.'
          : printTable(
              columns.map(({ head }) => paint('bold', head)),
              found.map((each) => columns.map(({ value }) => value(each))),
              { room, yielding },
            ),
    })
  },
})

/** A terminal has no room for whole chains: `tenon explain` shows one. */
function isWanted(head: string, room: number | undefined, isWide: boolean): boolean {
  return head === 'WRITTEN AT' ? isWide : head !== 'CHAIN' || room === undefined
}

interface Column {
  readonly head: string
  readonly value: (route: ReturnType<typeof describeRoute>) => string
}

const COLUMNS: readonly Column[] = [
  { head: 'METHOD', value: ({ method }) => method },
  { head: 'PATH', value: ({ path }) => path },
  { head: 'VERSION', value: ({ version }) => version },
  { head: 'ACCESS', value: ({ access }) => access },
  { head: 'CHAIN', value: ({ chain }) => chain.map((name) => name.replace(/Interceptor$/, '')).join(' > ') },
  { head: 'HANDLER', value: ({ handler }) => handler },
  { head: 'WRITTEN AT', value: ({ at }) => at },
]
