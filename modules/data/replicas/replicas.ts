/** The replicas of one source: reads go to them in turn, and to the primary when none is well. */
import type { EntityManager } from 'typeorm'

import type { RecentWrites } from './recent-writes.ts'
import type { Replica } from './replica.ts'

type Read<T> = (manager: EntityManager) => T | Promise<T>

export class Replicas {
  readonly all: readonly Replica[]
  readonly writes: RecentWrites
  #turn = 0

  constructor(all: readonly Replica[], writes: RecentWrites) {
    this.all = all
    this.writes = writes
  }

  /** One that is lost at the start is tried again later; the application starts without it. */
  async open(): Promise<void> {
    await Promise.all(this.all.map((replica) => replica.measure()))
  }

  /** Reads from the next one that is well; from the primary where there is none, and where it fails in between. */
  async read<T>(read: Read<T>, primary: EntityManager): Promise<T> {
    const replica = this.#next()
    if (!replica) return read(primary)
    try {
      return await read(replica.manager)
    } catch (error) {
      // A question that is wrong is wrong there as well, and its error is the caller's.
      const answer = await read(primary)
      replica.fail(error)
      return answer
    }
  }

  /** @throws when one of them is lost or too far behind. */
  async check(): Promise<void> {
    await Promise.all(this.all.map((replica) => replica.check()))
  }

  async close(): Promise<void> {
    await Promise.all(this.all.map((replica) => replica.close()))
  }

  #next(): Replica | undefined {
    for (let tries = this.all.length; tries > 0; tries -= 1) {
      this.#turn = (this.#turn + 1) % this.all.length
      const replica = this.all[this.#turn]!
      if (replica.isWell) return replica
    }
    return undefined
  }
}
