/**
 * Lines to an open descriptor, in the background: a reader that is slow, or a disk that is, holds up nobody. What comes
 * in while a batch is on its way is the next batch; past a limit lines are dropped, and a line says how many.
 */
import { write, writeSync } from 'node:fs'

import type { LogDestination } from './log-destination.ts'

const MAX_HELD_CHARACTERS = 16_777_216
/** A pipe that takes nothing at the moment is asked again. */
const RETRY_MS = 10
/** At the exit of the process: how long the batch on its way may take to arrive. */
const EXIT_WAIT_MS = 20
/** A reader that has stopped reading cannot keep an application from ending. */
const FLUSH_LIMIT_MS = 1000

export class FdDestination implements LogDestination {
  readonly hasColour = false
  readonly #fd: number
  readonly #maxHeld: number
  readonly #waiting: (() => void)[] = []
  #held = ''
  #dropped = 0
  #batch: Buffer | undefined
  #isScheduled = false
  /** Nobody reads any more. */
  #isBroken = false

  constructor(fd: number, maxHeldCharacters = MAX_HELD_CHARACTERS) {
    this.#fd = fd
    this.#maxHeld = maxHeldCharacters
  }

  write(line: string): void {
    if (this.#isBroken) return
    if (this.#held.length + line.length > this.#maxHeld) {
      this.#dropped += 1
      return
    }
    this.#held += `${line}\n`
    if (this.#isScheduled) return
    this.#isScheduled = true
    setImmediate(this.#next)
  }

  flushSync(): void {
    // The batch on its way belongs to another thread, which needs no event loop to bring it to its end.
    if (this.#batch) Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, EXIT_WAIT_MS)
    this.#reportDropped()
    let rest = Buffer.from(this.#held)
    this.#held = ''
    try {
      while (rest.length > 0 && !this.#isBroken) rest = rest.subarray(writeSync(this.#fd, rest))
    } catch (error) {
      this.#isBroken = (error as NodeJS.ErrnoException).code !== 'EAGAIN'
    }
  }

  flush(): Promise<void> {
    if (!this.#isScheduled) return Promise.resolve()
    return new Promise((resolve) => {
      const timer = setTimeout(resolve, FLUSH_LIMIT_MS)
      this.#waiting.push(() => {
        clearTimeout(timer)
        resolve()
      })
    })
  }

  readonly #next = (): void => {
    this.#batch = undefined
    this.#reportDropped()
    if (this.#held === '' || this.#isBroken) {
      this.#isScheduled = false
      for (const resolve of this.#waiting.splice(0)) resolve()
      return
    }
    const batch = Buffer.from(this.#held)
    this.#held = ''
    this.#send(batch)
  }

  #send(batch: Buffer): void {
    this.#batch = batch
    write(this.#fd, batch, (error, written) => {
      if (error?.code === 'EAGAIN') return void setTimeout(() => this.#send(batch), RETRY_MS)
      this.#isBroken = error !== null
      if (this.#isBroken || written === batch.length) this.#next()
      else this.#send(batch.subarray(written))
    })
  }

  #reportDropped(): void {
    if (this.#dropped === 0) return
    const message = `${this.#dropped} lines of the log were dropped: what reads it is too slow.`
    this.#dropped = 0
    const time = new Date().toISOString()
    this.#held += `${JSON.stringify({ time, level: 'warn', message, logger: 'Logger' })}\n`
  }
}
