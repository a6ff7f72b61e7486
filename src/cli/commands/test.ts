/** `tenon test` */
import { existsSync } from 'node:fs'
import { dirname, join } from 'node:path'

import { CliBuildFailed, CliPackageMissing } from '../cli-errors.ts'
import { CommandResult } from '../command-result.ts'
import { typeScriptCompiler } from '../dev/type-check.ts'
import { resolveOptional } from '../load-optional.ts'
import { runNode } from '../run-program.ts'
import { toolCommand } from '../tool-command.ts'

export const test = toolCommand('test [patterns...]', {
  description: 'Compiles, then runs Jest with the preset of Tenon; what follows -- goes to Jest',
  options: { '--no-build': 'run what was compiled before', '--watch': 'run again after each build' },
  examples: ['tenon test', 'tenon test tickets', 'tenon test -- --coverage'],
  run: async (call) => {
    const { folder } = call.project
    const manifest = resolveOptional('jest/package.json', folder)
    if (manifest === undefined) throw new CliPackageMissing('tenon test', 'jest jest-light-runner', '30')
    const compiler = typeScriptCompiler(folder)
    if (!call.isOff('build') && compiler !== undefined && existsSync(join(folder, 'tsconfig.json'))) {
      const code = await runNode(compiler, ['-p', 'tsconfig.json'], { cwd: folder, toErrors: true })
      if (code !== 0) throw new CliBuildFailed(`tsc ended with ${code}`)
    }
    const args = [
      ...(hasOwnConfig(folder) ? [] : ['--preset', 'tenon/jest']),
      ...(call.flag('watch') ? ['--watchAll'] : []),
      ...(call.isJson ? ['--json'] : []),
      ...call.list('patterns'),
    ]
    const exitCode = await runNode(join(dirname(manifest), 'bin', 'jest.js'), args, { cwd: folder })
    // Jest has said everything, in JSON if that was asked for.
    return exitCode === 0 ? undefined : new CommandResult({ data: undefined, text: '', exitCode })
  },
})

function hasOwnConfig(folder: string): boolean {
  return ['js', 'mjs', 'cjs', 'json', 'ts'].some((extension) => existsSync(join(folder, `jest.config.${extension}`)))
}
