/** `tenon start` */
import { availableParallelism } from 'node:os'

import { CliOptionInvalid } from '../cli-errors.ts'
import { CommandResult } from '../command-result.ts'
import { EXIT } from '../exit-codes.ts'
import { locateMain } from '../locate-app.ts'
import { toolCommand, type ToolCall } from '../tool-command.ts'
import { WorkerPool } from '../workers/worker-pool.ts'

export const start = toolCommand('start', {
  description: 'Starts what was built; with --workers on several processors, reloaded without a gap on SIGHUP',
  options: { '--workers <number>': 'processes that share the port: a number, or auto for one each processor' },
  examples: ['tenon start', 'tenon start --workers auto', 'kill -HUP <pid>'],
  run: async (call) => {
    const size = workersOf(call)
    const located = call.project.locate()
    const main = locateMain(located)
    const args = main === undefined ? ['module', located.file] : ['main', main]
    const pool = new WorkerPool({ size, args, say: (text) => call.progress(text) })
    call.progress(`Starting ${size === 1 ? 'one worker' : `${size} workers`} (process ${process.pid}).`)
    const stop = (): void => pool.stop()
    process.on('SIGTERM', stop).on('SIGINT', stop)
    process.on('SIGHUP', () => void pool.reload())
    const cameUp = await pool.run()
    return new CommandResult({ data: { workers: size }, text: '', exitCode: cameUp ? EXIT.ok : EXIT.application })
  },
})

function workersOf(call: ToolCall): number {
  const text = call.option('workers') ?? '1'
  if (text === 'auto') return availableParallelism()
  if (!/^[1-9]\d{0,2}$/.test(text)) throw new CliOptionInvalid('start', 'workers', text, 'a number from 1 or auto')
  return Number(text)
}
