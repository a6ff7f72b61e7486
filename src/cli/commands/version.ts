import { packageVersion } from '../own-package.ts'
import { CommandResult } from '../command-result.ts'
import { toolCommand } from '../tool-command.ts'

export const version = toolCommand('version', {
  description: 'The version of Tenon, and of Node',
  examples: ['tenon version'],
  run: () => {
    const data = { tenon: packageVersion(), node: process.versions.node }
    return new CommandResult({ data, text: `tenon ${data.tenon}, node ${data.node}` })
  },
})
