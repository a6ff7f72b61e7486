/** `tenon generate`, `tenon g` */
import { nearestName } from '../../config/nearest-name.ts'
import { CommandResult } from '../command-result.ts'
import { formatNew } from '../generate/format-new.ts'
import { KindUnknown } from '../generate/generate-errors.ts'
import { KINDS } from '../generate/kinds/kinds.ts'
import { readLayout } from '../generate/layout.ts'
import { carryOut, type Outcome, type Plan } from '../generate/plan.ts'
import { printTree, type Leaf } from '../generate/print-tree.ts'
import { openTemplates } from '../generate/templates.ts'
import { toolCommand, type ToolCall, type ToolCommand } from '../tool-command.ts'
import { painter } from '../tool-io.ts'

export const generate = generateAs('generate')

/** For those who type it often. */
export const g = generateAs('g')

function generateAs(name: string): ToolCommand {
  return toolCommand(`${name} <kind> <name> [fields...]`, {
    description: `Writes code and its tests, and registers it; kinds: ${Object.keys(KINDS).join(', ')}`,
    options: {
      '--dry-run': 'say what would be written, and write nothing',
      '--force': 'overwrite files that are there',
    },
    examples: Object.values(KINDS).map(({ example }) => example.replace('tenon generate', `tenon ${name}`)),
    run: (call) => run(call),
  })
}

async function run(call: ToolCall): Promise<CommandResult> {
  const kind = call.argument('kind')
  const names = Object.keys(KINDS)
  const found = Object.hasOwn(KINDS, kind) ? KINDS[kind] : undefined
  if (!found) throw new KindUnknown(kind, names, nearestName(kind, names))
  const layout = await readLayout(call.project)
  const drawn = await found.plan({
    name: call.argument('name'),
    fields: call.list('fields'),
    layout,
    render: await openTemplates(),
  })
  const plan: Plan = { ...drawn, files: await formatNew(drawn.files, layout.folder) }
  const dryRun = call.flag('dryRun')
  const outcome = carryOut(plan, layout, { dryRun, force: call.flag('force') })
  return new CommandResult({
    data: { kind, name: plan.name, dryRun, ...outcome },
    text: print(outcome, plan, call),
  })
}

function print({ created, overwritten, changed }: Outcome, { kind, name, note }: Plan, call: ToolCall): string {
  const paint = painter(call.io.output)
  const leaves: readonly Leaf[] = [
    ...created.map((path): Leaf => ({ path, word: 'created', style: 'green' })),
    ...overwritten.map((path): Leaf => ({ path, word: 'overwritten', style: 'yellow' })),
    ...changed.map((path): Leaf => ({ path, word: 'changed', style: 'cyan' })),
  ]
  const end = call.flag('dryRun')
    ? 'Nothing was written: --dry-run.'
    : `Take it back with: tenon destroy ${kind} ${name}`
  return [printTree(leaves, paint), ...(note === undefined ? [] : [note]), paint('dim', end)].join('\n')
}
