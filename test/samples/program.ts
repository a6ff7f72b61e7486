/** A sample started as its reader starts it: a process of its own, on a free port. */
import { spawn, type ChildProcess } from 'node:child_process'
import { fileURLToPath } from 'node:url'

/** Longest that a program may take to say something or to end. */
const LIMIT_MS = 60_000

export class Program implements AsyncDisposable {
  readonly #child: ChildProcess
  readonly #ended: Promise<number | null>
  #output = ''

  /** @param path - Of the built program, from this folder. */
  constructor(path: string, { cwd, env = {} }: { readonly cwd?: string; readonly env?: NodeJS.ProcessEnv } = {}) {
    const { PATH } = process.env
    this.#child = spawn(process.execPath, [fileURLToPath(import.meta.resolve(path))], {
      cwd,
      env: { PATH, PORT: '0', ...env },
      stdio: ['ignore', 'pipe', 'pipe'],
    })
    const { promise, resolve } = Promise.withResolvers<number | null>()
    this.#child.once('close', resolve)
    this.#ended = promise
    for (const stream of [this.#child.stdout, this.#child.stderr]) {
      stream?.setEncoding('utf8').on('data', (text: string) => (this.#output += text))
    }
  }

  /** All that was printed so far. */
  get output(): string {
    return this.#output
  }

  /** Waits until something is printed. */
  async prints(expected: RegExp): Promise<RegExpExecArray> {
    const deadline = Date.now() + LIMIT_MS
    while (Date.now() < deadline) {
      const found = expected.exec(this.#output)
      if (found) return found
      if (this.#child.exitCode !== null) break
      await new Promise((resolve) => setTimeout(resolve, 20))
    }
    throw new Error(`The program never printed ${expected.source}. It printed:\n${this.#output}`)
  }

  /** Sends a signal and waits for the end. @returns The exit code; `null` when the program was killed. */
  stop(signal: NodeJS.Signals): Promise<number | null> {
    this.#child.kill(signal)
    return this.ends()
  }

  /** Waits until the program ends by itself. @returns The exit code; `null` when it was killed. */
  async ends(): Promise<number | null> {
    const timer = setTimeout(() => this.#child.kill('SIGKILL'), LIMIT_MS)
    const code = await this.#ended
    clearTimeout(timer)
    return code
  }

  async [Symbol.asyncDispose](): Promise<void> {
    if (this.#child.exitCode === null && this.#child.signalCode === null) await this.stop('SIGKILL')
  }
}
