/** Many lines of the tool in one process, which loads the framework once. */
import { fork } from 'node:child_process'
import { fileURLToPath } from 'node:url'

import { ROOT } from '../../docs/pages.ts'
import type { ToolRun } from './tool-run.ts'

export interface LinesSettings {
  /** Default: the root of the repository. */
  readonly cwd?: string
  readonly env?: Readonly<Record<string, string>>
}

export function runLines(
  lines: readonly (readonly string[])[],
  { cwd = ROOT, env = {} }: LinesSettings = {},
): Promise<readonly ToolRun[]> {
  const program = fileURLToPath(new URL('programs/run-lines.js', import.meta.url))
  const { PATH } = process.env
  const words = lines.map((line) => JSON.stringify(line))
  const child = fork(program, words, { cwd, env: { PATH, ...env }, execArgv: ['--enable-source-maps'], silent: true })
  let said = ''
  child.stderr!.setEncoding('utf8').on('data', (text: string) => (said += text))
  child.stdout!.resume()
  const runs: ToolRun[] = []
  const { promise, resolve, reject } = Promise.withResolvers<readonly ToolRun[]>()
  child.on('message', (run: ToolRun) => runs.push(run))
  child.on('exit', () => {
    if (runs.length === lines.length) resolve(runs)
    else reject(new Error(`Stopped after ${runs.length} of ${lines.length}: ${said}`))
  })
  return promise
}
