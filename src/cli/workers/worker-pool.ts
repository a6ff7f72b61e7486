/**
 * Several processes on one port: as many as asked for stay up, each replaced when it crashes, all of them one after the
 * other when asked to reload, so that at no time nobody accepts connections.
 */
import cluster, { type Worker } from 'node:cluster'
import { once } from 'node:events'
import { setTimeout as sleep } from 'node:timers/promises'

import { ownBinary } from '../own-package.ts'

const FIRST_PAUSE_MS = 100
const LONGEST_PAUSE_MS = 30_000
/** One that ran this long was healthy: its crash begins a new series. */
const HEALTHY_MS = 60_000
/** Longest that a connection takes from being handed to a worker to its first request. */
const HANDED_OVER_MS = 100
/** So many in a row that never listened: the program is at fault, not the moment. */
const HOPELESS = 5

export interface WorkerPoolOptions {
  readonly size: number
  /** What each runs; see `serve`. */
  readonly args: readonly string[]
  readonly say: (text: string) => void
}

export class WorkerPool {
  readonly #options: WorkerPoolOptions
  readonly #done = Promise.withResolvers<boolean>()
  /** Those that are meant to stay. */
  readonly #wanted = new Set<Worker>()
  #stopping = false
  #failures = 0
  #everListened = false

  constructor(options: WorkerPoolOptions) {
    this.#options = options
    cluster.setupPrimary({ exec: ownBinary(), args: ['@serve', ...options.args] })
  }

  /** Resolves when all have ended: `true` after `stop`, `false` when none ever came up. */
  async run(): Promise<boolean> {
    for (let index = 0; index < this.#options.size; index++) this.#fork()
    return this.#done.promise
  }

  /** Replaces each by a new one that listens before the old one stops accepting. */
  async reload(): Promise<void> {
    const { say } = this.#options
    const old = [...this.#wanted]
    say(`Reloading ${old.length} workers.`)
    for (const worker of old) {
      if (this.#stopping) return
      const next = this.#fork()
      const listens = await Promise.race([
        once(next, 'listening').then(() => true),
        once(next, 'exit').then(() => false),
      ])
      if (!listens) {
        say('A new worker did not come up; the old ones go on.')
        return
      }
      await this.#retire(worker)
    }
    say('Reloaded.')
  }

  /** It gets no new connections first, then time for those it was handed to ask, and only then the word to end. */
  async #retire(worker: Worker): Promise<void> {
    this.#wanted.delete(worker)
    const disconnected = Promise.race([once(worker, 'disconnect'), once(worker, 'exit')])
    worker.disconnect()
    await disconnected
    await sleep(HANDED_OVER_MS)
    worker.process.kill('SIGTERM')
  }

  /** Every worker drains and ends. */
  stop(): void {
    this.#stopping = true
    const workers = Object.values(cluster.workers ?? {})
    if (workers.length === 0) this.#done.resolve(true)
    for (const worker of workers) worker?.process.kill('SIGTERM')
  }

  #fork(): Worker {
    const worker = cluster.fork()
    const startedAt = performance.now()
    let listened = false
    this.#wanted.add(worker)
    worker.once('listening', () => {
      listened = this.#everListened = true
      this.#failures = 0
    })
    worker.once('exit', (code, signal) => {
      const wasWanted = this.#wanted.delete(worker)
      if (this.#stopping) {
        if (Object.keys(cluster.workers ?? {}).length === 0) this.#done.resolve(true)
      } else if (wasWanted) {
        const lived = performance.now() - startedAt
        void this.#replace(`ended with ${signal ?? code}`, listened && lived > HEALTHY_MS)
      }
    })
    return worker
  }

  async #replace(reason: string, wasHealthy: boolean): Promise<void> {
    this.#failures = wasHealthy ? 1 : this.#failures + 1
    if (!this.#everListened && this.#failures >= Math.max(HOPELESS, this.#options.size)) {
      this.#options.say(`No worker comes up (${reason}); giving up.`)
      this.#done.resolve(false)
      this.stop()
      return
    }
    const pauseMs = Math.min(LONGEST_PAUSE_MS, FIRST_PAUSE_MS * 2 ** (this.#failures - 1))
    this.#options.say(`A worker ${reason}; another starts in ${pauseMs} ms.`)
    await sleep(pauseMs)
    if (!this.#stopping) this.#fork()
  }
}
