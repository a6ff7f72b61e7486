/** `tenon doctor`: what on this machine keeps the application from running, each with its fix. */
import { CommandResult } from '../command-result.ts'
import { examine } from '../doctor/examine.ts'
import { EXIT } from '../exit-codes.ts'
import { toolCommand } from '../tool-command.ts'
import { painter, type Style } from '../tool-io.ts'

export const doctor = toolCommand('doctor', {
  description: 'Whether this machine can run the application: Node, packages, settings, database, port, clock, folders',
  examples: ['tenon doctor', 'tenon doctor --json'],
  run: async (call) => {
    const examined = await examine(call.project)
    const paint = painter(call.io.output)
    const marks: Readonly<Record<string, readonly [string, Style]>> = {
      ok: ['ok  ', 'green'],
      warning: ['warn', 'yellow'],
      error: ['bad ', 'red'],
    }
    const text = examined.map(({ what, state, finding, fix }) => {
      const [mark, style] = marks[state]!
      return `${paint(style, mark)}  ${what.padEnd(10)} ${finding}${fix === undefined ? '' : `\n                 fix: ${fix}`}`
    })
    const bad = examined.some(({ state }) => state === 'error')
    return new CommandResult({ data: examined, text: text.join('\n'), exitCode: bad ? EXIT.failed : EXIT.ok })
  },
})
