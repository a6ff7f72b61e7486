/** The tool as a test sees it: called as a function, or as the program that people call. */
import { spawn } from 'node:child_process'
import { join } from 'node:path'
import { Readable, Writable } from 'node:stream'

import { main } from '../../../src/cli/main.ts'
import { ROOT } from '../../docs/pages.ts'

export interface ToolRun {
  readonly code: number | undefined
  readonly output: string
  readonly errors: string
}

export interface RunSettings {
  /** Default: the root of the repository. */
  readonly cwd?: string
  /** Lines that are typed. */
  readonly typed?: string
  /** Characters in a line of the terminal that it writes to. Default: it writes to pipes. */
  readonly columns?: number
  /** Whether somebody is there to answer. Default: nobody. */
  readonly isInteractive?: boolean
}

/** In this process; its environment is `test`. */
export async function runTool(
  argv: readonly string[],
  { cwd = ROOT, typed = '', columns, isInteractive = false }: RunSettings = {},
): Promise<ToolRun> {
  const output = collector(columns)
  const errors = collector(columns)
  const code = await main(argv, {
    input: Readable.from([typed]),
    output: output.stream,
    errors: errors.stream,
    cwd,
    enter: () => {},
    isInteractive,
  })
  return { code, output: output.text(), errors: errors.text() }
}

/** As `tenon …` in a shell. */
export function runBinary(
  argv: readonly string[],
  { cwd = ROOT, typed = '', env = {} }: RunSettings & { readonly env?: Readonly<Record<string, string>> } = {},
): Promise<ToolRun> {
  const { PATH, HOME } = process.env
  const child = spawn(process.execPath, [join(ROOT, 'bin', 'tenon.js'), ...argv], { cwd, env: { PATH, HOME, ...env } })
  let output = ''
  let errors = ''
  child.stdout.setEncoding('utf8').on('data', (text: string) => (output += text))
  child.stderr.setEncoding('utf8').on('data', (text: string) => (errors += text))
  child.stdin.end(typed)
  const { promise, resolve } = Promise.withResolvers<ToolRun>()
  child.on('close', (code) => resolve({ code: code ?? undefined, output, errors }))
  return promise
}

function collector(columns: number | undefined): { readonly stream: Writable; text(): string } {
  let text = ''
  const stream = new Writable({
    write: (chunk: Buffer, _encoding, done) => {
      text += chunk.toString()
      done()
    },
  })
  if (columns !== undefined) Object.assign(stream, { isTTY: true, columns })
  return { stream, text: () => text }
}
