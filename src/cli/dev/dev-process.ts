/**
 * The running application and the one that waits to replace it. The next process is started ahead, has loaded all
 * packages of the last one already and has started a program of its own for practice, so a restart costs what the
 * application itself needs; its sources load while the old process ends.
 *
 * Unchanged sources are not loaded ahead: whoever saves one of them next would wait for a new process, several times as
 * long as all sources take to load.
 */
import { fork, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'

import { ownBinary } from '../own-package.ts'
import type { DevMessage, DevReport } from './dev-messages.ts'

/** Longest that the old process may take to end by itself. */
const PATIENCE_MS = 1000

/** What whoever has saved asks first is answered before anything else is prepared. */
const FIRST_CALLS_MS = 100

export interface DevProcessOptions {
  /** The file that starts the application. */
  readonly main: string
  /** The file of its root module. */
  readonly root: string
  readonly folder: string
  /** The application ended by itself, after it had started or instead. */
  readonly onExit: (code: number | null) => void
}

export class DevProcess {
  readonly #options: DevProcessOptions
  #current: ChildProcess | undefined
  #next: ChildProcess | undefined
  #packages: readonly string[] = []

  constructor(options: DevProcessOptions) {
    this.#options = options
  }

  /**
   * Ends the running one, and starts another from the sources as they are now.
   * @param env - Added to the environment.
   * @returns what it said when it answered; `undefined` when it ended instead.
   */
  async restart(env: Readonly<Record<string, string>>): Promise<DevReport | undefined> {
    const last = this.#current
    const next = this.#next && !hasEnded(this.#next) ? this.#next : this.#warm()
    this.#next = undefined
    this.#current = next
    const outcome = Promise.race([this.#reportOf(next), once(next, 'exit').then(() => undefined)])
    next.once('exit', (code: number | null) => {
      if (this.#current === next) this.#options.onExit(code)
    })
    tell(next, { step: 'load' })
    // One port, one database: the old one has let go of both before the new one reaches for them.
    await this.#end(last)
    tell(next, { step: 'run', env })
    const report = await outcome
    setTimeout(() => {
      if (this.#current === next) this.#next ??= this.#warm()
    }, FIRST_CALLS_MS)
    return report
  }

  async stop(): Promise<void> {
    const [current, next] = [this.#current, this.#next]
    this.#current = this.#next = undefined
    await Promise.all([this.#end(current), this.#end(next, 'SIGKILL')])
  }

  #warm(): ChildProcess {
    const { main, root, folder } = this.#options
    const child = fork(ownBinary(), ['@dev', main, folder, root], {
      cwd: folder,
      execArgv: ['--disable-warning=ExperimentalWarning'],
      stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
    })
    child.on('message', ({ packages }: DevReport) => (this.#packages = packages))
    tell(child, { step: 'preload', packages: this.#packages })
    return child
  }

  async #reportOf(child: ChildProcess): Promise<DevReport> {
    const [report] = (await once(child, 'message')) as [DevReport]
    return report
  }

  async #end(child: ChildProcess | undefined, signal: NodeJS.Signals = 'SIGTERM'): Promise<void> {
    if (!child || hasEnded(child)) return
    const ended = once(child, 'exit')
    child.kill(signal)
    const timer = setTimeout(() => child.kill('SIGKILL'), PATIENCE_MS)
    await ended
    clearTimeout(timer)
  }
}

function hasEnded({ exitCode, signalCode }: ChildProcess): boolean {
  return exitCode !== null || signalCode !== null
}

function tell(child: ChildProcess, message: DevMessage): void {
  // One that has ended already is noticed by its exit.
  child.send(message, () => {})
}
