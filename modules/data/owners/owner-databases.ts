/**
 * A database for each owner: opened when it is first needed, kept while it is in use, and closed when others are needed
 * more. Who takes one gives it back; while it is taken it is never closed.
 */
import type { DataSource } from 'typeorm'

import { OwnerDatabaseClosed, OwnerDatabasesBusy } from './owner-errors.ts'

interface Opened {
  readonly source: DataSource
  taken: number
}

export interface OwnerDatabasesOptions {
  /** Opens the database of an owner. */
  readonly open: (owner: string) => Promise<DataSource>
  /** Most that are open at once. */
  readonly most: number
  /** Longest wait for one of the others to be given back, in milliseconds. */
  readonly waitMs: number
}

export class OwnerDatabases {
  readonly #options: OwnerDatabasesOptions
  /** The one that was taken last is the last. */
  readonly #opened = new Map<string, Opened>()
  readonly #opening = new Map<string, Promise<Opened>>()
  /** Places that are kept for databases on their way. */
  #reserved = 0
  readonly #waiting: (() => void)[] = []

  constructor(options: OwnerDatabasesOptions) {
    this.#options = options
  }

  /** How many are open. */
  get size(): number {
    return this.#opened.size
  }

  /** Of an owner whose database is taken. @throws `DATA_OWNER_DATABASE_CLOSED` */
  sourceOf(owner: string): DataSource {
    const opened = this.#opened.get(owner)
    if (!opened) throw new OwnerDatabaseClosed(owner)
    return opened.source
  }

  /**
   * Opens the database of an owner, unless it is open, and keeps it so.
   * @returns To be called once when it is not needed any more.
   * @throws `DATA_OWNER_DATABASES_BUSY` when all are taken and none is given back in time, and what opening throws.
   */
  async take(owner: string): Promise<() => void> {
    const opened = this.#opened.get(owner) ?? (await this.#open(owner))
    opened.taken += 1
    this.#opened.delete(owner)
    this.#opened.set(owner, opened)
    let isGivenBack = false
    return () => {
      if (isGivenBack) return
      isGivenBack = true
      opened.taken -= 1
      if (opened.taken === 0) this.#waiting.shift()?.()
    }
  }

  /** Closes the database of one owner, whoever uses it. */
  async close(owner: string): Promise<void> {
    await this.#opening.get(owner)?.catch(() => undefined)
    const opened = this.#opened.get(owner)
    this.#opened.delete(owner)
    await opened?.source.destroy()
    this.#waiting.shift()?.()
  }

  async closeAll(): Promise<void> {
    for (const owner of [...this.#opening.keys(), ...this.#opened.keys()]) await this.close(owner)
  }

  /** Callers that come at once wait for the same. It counts as taken until each of them has it. */
  #open(owner: string): Promise<Opened> {
    const known = this.#opening.get(owner)
    if (known) return known
    const opening = this.#openAnew(owner).finally(() => this.#opening.delete(owner))
    this.#opening.set(owner, opening)
    return opening
  }

  async #openAnew(owner: string): Promise<Opened> {
    await this.#reserve()
    try {
      const opened = { source: await this.#options.open(owner), taken: 1 }
      this.#opened.set(owner, opened)
      // Whoever waits for it takes it before this runs.
      setImmediate(() => this.#settle(opened))
      return opened
    } catch (error) {
      this.#waiting.shift()?.()
      throw error
    } finally {
      this.#reserved -= 1
    }
  }

  #settle(opened: Opened): void {
    opened.taken -= 1
    if (opened.taken === 0) this.#waiting.shift()?.()
  }

  /** Makes a place: the one that has not been used for longest goes. */
  async #reserve(): Promise<void> {
    const { most, waitMs } = this.#options
    const giveUpAt = performance.now() + waitMs
    while (this.#opened.size + this.#reserved >= most) {
      const idle = [...this.#opened].find(([, { taken }]) => taken === 0)
      if (idle) {
        const [owner, { source }] = idle
        this.#opened.delete(owner)
        this.#reserved += 1
        await source.destroy()
        return
      }
      if (!(await this.#freed(giveUpAt - performance.now()))) throw new OwnerDatabasesBusy(most, waitMs)
    }
    this.#reserved += 1
  }

  /** `false` when nothing was given back in time. */
  #freed(withinMs: number): Promise<boolean> {
    return new Promise((resolve) => {
      const enter = (): void => {
        clearTimeout(timer)
        resolve(true)
      }
      const timer = setTimeout(
        () => {
          this.#waiting.splice(this.#waiting.indexOf(enter), 1)
          resolve(false)
        },
        Math.max(0, withinMs),
      )
      this.#waiting.push(enter)
    })
  }
}
