/** Runs another program in the same terminal, and answers what it ended with. */
import { spawn } from 'node:child_process'
import { once } from 'node:events'

export interface RunOptions {
  readonly cwd: string
  /** Node's own options. */
  readonly nodeArgs?: readonly string[]
  /** Written to this one instead of standard output, so that `--json` stays clean. */
  readonly toErrors?: boolean
}

/** @param file - JavaScript. */
export async function runNode(file: string, args: readonly string[], options: RunOptions): Promise<number> {
  const { cwd, nodeArgs = [], toErrors = false } = options
  const stdio = ['inherit', toErrors ? 2 : 'inherit', 'inherit'] as const
  const child = spawn(process.execPath, [...nodeArgs, file, ...args], { cwd, stdio: [...stdio] })
  const [code] = (await once(child, 'exit')) as [number | null]
  return code ?? 1
}

/**
 * A program of the system, in the same terminal; what it says goes to standard error, so that `--json` stays clean.
 * npm is a script that Windows finds by its shell only.
 */
export async function runProgram(
  program: string,
  args: readonly string[],
  { cwd }: { readonly cwd: string },
): Promise<number> {
  const child = spawn(program, [...args], { cwd, stdio: ['ignore', 2, 2], shell: process.platform === 'win32' })
  const { promise, resolve } = Promise.withResolvers<number>()
  child.once('error', () => resolve(127))
  child.once('exit', (code) => resolve(code ?? 1))
  return promise
}
