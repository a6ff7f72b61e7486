/** Lines to a file, appended. */
import { appendFileSync, mkdirSync } from 'node:fs'
import { dirname } from 'node:path'

import type { LogDestination } from './log-destination.ts'

/**
 * Lines of one turn are appended in one call that opens the file anew: it may be rotated under us at any time, and
 * there is nothing to close. A disk that is full stops neither the process nor the other destinations.
 */
export class FileDestination implements LogDestination {
  readonly hasColour = false
  readonly #path: string
  readonly #onFailure: (error: NodeJS.ErrnoException) => void
  #lines: string[] = []
  #isFailing = false

  /** @param onFailure - Told when writing begins to fail; from then on lines are dropped until it works again. */
  constructor(path: string, onFailure: (error: NodeJS.ErrnoException) => void) {
    this.#path = path
    this.#onFailure = onFailure
  }

  write(line: string): void {
    this.#lines.push(line)
    if (this.#lines.length === 1) setImmediate(() => this.flushSync())
  }

  flushSync(): void {
    if (this.#lines.length === 0) return
    const text = `${this.#lines.join('\n')}\n`
    this.#lines = []
    try {
      this.#append(text)
      this.#isFailing = false
    } catch (error) {
      if (!this.#isFailing) this.#onFailure(error as NodeJS.ErrnoException)
      this.#isFailing = true
    }
  }

  flush(): Promise<void> {
    this.flushSync()
    return Promise.resolve()
  }

  #append(text: string): void {
    try {
      appendFileSync(this.#path, text, { mode: 0o640 })
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error
      mkdirSync(dirname(this.#path), { recursive: true })
      appendFileSync(this.#path, text, { mode: 0o640 })
    }
  }
}
