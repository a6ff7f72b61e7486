/** Runs a program of blocks on a database, as an application would: through the unit of work and a repository. */
import { BaseRepository, Column, Entity, PrimaryColumn, Repository, rollbackOnly, type UnitOfWork } from 'tenon/data'

import { Failure, HarmlessFailure, type Block, type Numbering, type Step } from './reference-model.ts'

@Entity()
export class Entry {
  @PrimaryColumn({ type: 'integer' })
  id!: number

  @Column({ type: 'integer' })
  value!: number
}

@Repository(Entry)
export class Entries extends BaseRepository<Entry> {}

/** There from the beginning: inserting it again is refused. Below all others, where a lock on its gap stops nobody. */
export const TAKEN_ROW = -1

export class ProgramRun {
  readonly #unitOfWork: UnitOfWork
  readonly #entries: Entries
  readonly #numbering: Numbering

  constructor(unitOfWork: UnitOfWork, entries: Entries, numbering: Numbering) {
    this.#unitOfWork = unitOfWork
    this.#entries = entries
    this.#numbering = numbering
  }

  run(block: Block): Promise<void> {
    const { propagation } = block
    // At MySQL's default a delete that finds nothing locks the gap, and keeps out what another transaction inserts there.
    const isolation = 'READ COMMITTED'
    const options = { propagation, isolation, noRollbackFor: [HarmlessFailure] } as const
    return this.#unitOfWork.transaction(() => this.#body(block), options)
  }

  async #body(block: Block): Promise<void> {
    const first = this.#numbering.first(block)
    let inserted = 0
    for (const step of block.steps) {
      await this.#step(step, first, inserted)
      if (step.kind === 'insert') inserted += 1
    }
    if (block.ending === 'throws') throw new Failure('thrown')
    if (block.ending === 'throws harmlessly') throw new HarmlessFailure('thrown')
    if (block.ending === 'asks for rollback') rollbackOnly()
  }

  async #step(step: Step, first: number, inserted: number): Promise<void> {
    if (step.kind === 'insert') await this.#entries.insert({ id: first + inserted, value: 1 })
    else if (step.kind === 'delete') await this.#entries.delete(first)
    else if (step.kind === 'update') {
      const set = { value: () => 'value + 1' }
      await this.#entries.queryBuilder().update().set(set).where({ id: first }).execute()
    } else if (step.kind === 'duplicate') {
      await catching(step.isCaught, this.#entries.insert({ id: TAKEN_ROW, value: 1 }))
    } else if (step.kind === 'block') await catching(step.isCaught, this.run(step.block))
    else {
      const outcomes = await Promise.allSettled(step.blocks.map((each) => this.run(each)))
      const failed = outcomes.find((outcome) => outcome.status === 'rejected')
      if (failed && step.passesFailure) throw failed.reason
    }
  }
}

async function catching(isCaught: boolean, work: Promise<unknown>): Promise<void> {
  try {
    await work
  } catch (error) {
    if (!isCaught) throw error
  }
}
