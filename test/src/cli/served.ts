/** A project that was compiled, as it is served: on a free port, and ended with the test. */
import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'

const LONGEST_START_MS = 60_000

export class Served implements AsyncDisposable {
  readonly url: string
  readonly #child: ChildProcess

  private constructor(url: string, child: ChildProcess) {
    this.url = url
    this.#child = child
  }

  static async start(folder: string, env: Readonly<Record<string, string>>): Promise<Served> {
    const { PATH, HOME } = process.env
    const child = spawn(process.execPath, ['--enable-source-maps', 'dist/src/main.js'], {
      cwd: folder,
      env: { PATH, HOME, PORT: '0', HOST: '127.0.0.1', ...env },
    })
    let said = ''
    const { promise, resolve, reject } = Promise.withResolvers<string>()
    for (const stream of [child.stdout, child.stderr]) {
      stream.setEncoding('utf8').on('data', (text: string) => {
        said += text
        const [url] = /http:\/\/127[\d.]+:\d+/.exec(said) ?? []
        if (url !== undefined) resolve(url)
      })
    }
    child.once('exit', (code) => reject(new Error(`The application ended with ${code}:\n${said}`)))
    const limit = setTimeout(() => reject(new Error(`The application did not start:\n${said}`)), LONGEST_START_MS)
    try {
      return new Served(await promise, child)
    } catch (error) {
      child.kill('SIGKILL')
      throw error
    } finally {
      clearTimeout(limit)
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    const ended = once(this.#child, 'exit')
    this.#child.kill('SIGTERM')
    await ended
  }
}
