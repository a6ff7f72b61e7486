/** Lines to a stream: standard output, unless a test hands in another. */
import type { Writable } from 'node:stream'
import { styleText } from 'node:util'

import type { LogDestination } from './log-destination.ts'

const FLUSH_LIMIT_MS = 1_000

/** Standard output is synchronous for files, pipes and terminals on POSIX, so nothing is lost when a process exits. */
export class StreamDestination implements LogDestination {
  readonly hasColour: boolean
  readonly #stream: Writable
  /** It threw, and what it was handed since would wait for ever. */
  #isBroken = false

  constructor(stream: Writable = process.stdout) {
    this.#stream = stream
    this.hasColour = showsColour(stream)
    // An EPIPE (`node app.js | head`) arrives as an event, and one without a listener ends the process.
    if (!stream.listeners('error').includes(ignoreError)) stream.on('error', ignoreError)
  }

  write(line: string): void {
    if (this.#isBroken || !this.#stream.writable) return
    try {
      this.#stream.write(`${line}\n`)
    } catch {
      this.#isBroken = true
    }
  }

  /** Nothing is held here; see above. */
  flushSync(): void {}

  /** A reader that has stopped reading is given up after a while, so that it cannot keep an application from ending. */
  flush(): Promise<void> {
    const stream = this.#stream
    if (this.#isBroken || !stream.writable || stream.writableLength === 0) return Promise.resolve()
    return new Promise((resolve) => {
      const done = (): void => {
        clearTimeout(timer)
        stream.off('close', done)
        resolve()
      }
      const timer = setTimeout(done, FLUSH_LIMIT_MS)
      stream.once('close', done)
      stream.write('', done)
    })
  }
}

/** One function for all, so that a stream with many loggers has one listener. */
function ignoreError(): void {}

/** Terminals only; `NO_COLOR` and `FORCE_COLOR` are respected. */
function showsColour(stream: Writable): boolean {
  return styleText('red', 'x', { stream, validateStream: true }) !== 'x'
}
