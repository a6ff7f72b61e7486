/** Type errors, told beside the running application and never in its way. */
import { spawn, type ChildProcess } from 'node:child_process'
import { existsSync } from 'node:fs'
import { dirname, join } from 'node:path'

import { resolveOptional } from '../load-optional.ts'

export class TypeCheck {
  readonly #folder: string
  readonly #say: (text: string) => void
  #running: ChildProcess | undefined
  #wasBad = false

  constructor(folder: string, say: (text: string) => void) {
    this.#folder = folder
    this.#say = say
  }

  /** Checks the files as they are now; a check that is going on is given up. */
  run(): void {
    this.stop()
    const compiler = typeScriptCompiler(this.#folder)
    if (compiler === undefined || !existsSync(join(this.#folder, 'tsconfig.json'))) return
    const child = spawn(process.execPath, [compiler, '--noEmit', '--incremental', 'false', '-p', 'tsconfig.json'], {
      cwd: this.#folder,
      stdio: ['ignore', 'pipe', 'inherit'],
    })
    this.#running = child
    let output = ''
    child.stdout.setEncoding('utf8').on('data', (text: string) => (output += text))
    child.once('close', (code, signal) => {
      if (this.#running !== child || signal !== null) return
      this.#running = undefined
      if (code !== 0) this.#say(`Types:\n${output.trimEnd()}`)
      else if (this.#wasBad) this.#say('Types: right again.')
      this.#wasBad = code !== 0
    })
  }

  stop(): void {
    this.#running?.kill()
    this.#running = undefined
  }
}

/** `tsc` of the project; `undefined` without one. */
export function typeScriptCompiler(folder: string): string | undefined {
  const manifest = resolveOptional('typescript/package.json', folder)
  const compiler = manifest === undefined ? undefined : join(dirname(manifest), 'bin', 'tsc')
  return compiler !== undefined && existsSync(compiler) ? compiler : undefined
}
