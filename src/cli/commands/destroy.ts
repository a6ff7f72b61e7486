/** `tenon destroy` */
import { CommandResult } from '../command-result.ts'
import { NotGenerated } from '../generate/generate-errors.ts'
import { literalNames, namesOf } from '../generate/names.ts'
import { readLayout } from '../generate/layout.ts'
import { printTree, type Leaf } from '../generate/print-tree.ts'
import { readRecords } from '../generate/record.ts'
import { takeBack } from '../generate/take-back.ts'
import { toolCommand } from '../tool-command.ts'
import { painter } from '../tool-io.ts'

export const destroy = toolCommand('destroy [kind] [name]', {
  description: 'Takes back what tenon generate has written here, and nothing else; without arguments it lists that',
  options: {
    '--dry-run': 'say what would be removed, and remove nothing',
    '--force': 'although files were changed since, or others use it',
  },
  examples: ['tenon destroy', 'tenon destroy resource product', 'tenon destroy resource product --dry-run'],
  run: async (call) => {
    const [kind, name] = [call.argument('kind'), call.argument('name')]
    const records = readRecords(call.project.folder)
    if (kind === '') {
      const lines = records.map((each) => `${each.kind} ${each.name}`)
      return new CommandResult({
        data: { generated: records.map((each) => ({ kind: each.kind, name: each.name })) },
        text: lines.join('\n') || 'Nothing is known here that tenon generate has written.',
      })
    }
    const names = name === '' ? [] : [name, namesOf(name).file, literalNames(name).file]
    const known = records.find((each) => each.kind === kind && names.includes(each.name))
    if (!known) throw new NotGenerated(kind, name)
    const dryRun = call.flag('dryRun')
    const done = takeBack(known, await readLayout(call.project), { dryRun, force: call.flag('force') })
    const leaves: readonly Leaf[] = [
      ...done.removed.map((path): Leaf => ({ path, word: 'removed', style: 'red' })),
      ...done.restored.map((path): Leaf => ({ path, word: 'restored', style: 'cyan' })),
    ]
    const paint = painter(call.io.output)
    return new CommandResult({
      data: { kind, name: known.name, dryRun, ...done },
      text: `${printTree(leaves, paint)}${dryRun ? `\n${paint('dim', 'Nothing was removed: --dry-run.')}` : ''}`,
    })
  },
})
