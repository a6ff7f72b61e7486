/** The tool at a terminal of its own, and whoever sits there. Debian's `script` makes the terminal. */
import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { stripVTControlCharacters } from 'node:util'

import { ROOT } from '../../docs/pages.ts'

const LONGEST_WAIT_MS = 15_000

export const ENTER = '\r'
export const DOWN = '\u001B[B'

export class Terminal implements AsyncDisposable {
  readonly ended: Promise<number | null>
  readonly #child: ChildProcess
  #shown = ''
  #hear: () => void = () => {}

  /** @param argv - Words without spaces and quotes. */
  constructor(argv: readonly string[], cwd: string) {
    const { PATH, HOME } = process.env
    // A terminal that nobody looks at has no size.
    const line = ['stty cols 100 rows 30; exec', process.execPath, join(ROOT, 'bin', 'tenon.js'), ...argv].join(' ')
    this.#child = spawn('script', ['--quiet', '--return', '--command', line, '/dev/null'], {
      cwd,
      env: { PATH, HOME, TERM: 'xterm-256color' },
    })
    this.ended = once(this.#child, 'close').then(([code]) => code as number | null)
    for (const stream of [this.#child.stdout, this.#child.stderr]) {
      stream!.setEncoding('utf8').on('data', (text: string) => {
        this.#shown += text
        this.#hear()
      })
    }
  }

  /** Everything that was ever shown, without colours and movements. */
  get shown(): string {
    return stripVTControlCharacters(this.#shown).replaceAll('\r', '')
  }

  /** Waits for a text, and then presses keys. */
  async answer(question: string, ...keys: readonly string[]): Promise<void> {
    const limit = AbortSignal.timeout(LONGEST_WAIT_MS)
    while (!this.shown.includes(question)) {
      const { promise, resolve, reject } = Promise.withResolvers<void>()
      this.#hear = resolve
      const fail = (): void => reject(new Error(`"${question}" was not asked:\n${this.shown}`))
      limit.addEventListener('abort', fail)
      await Promise.race([promise, this.ended.then(fail)])
      limit.removeEventListener('abort', fail)
    }
    for (const key of keys) this.#child.stdin!.write(key)
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#child.kill('SIGKILL')
    await this.ended
  }
}
