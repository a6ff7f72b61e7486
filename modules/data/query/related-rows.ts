/**
 * Relations of many rows, asked for one by one and read together: one question for all that ask within one tick, in one
 * call and for one tenant. What rows there are, and what of them may be seen, is another matter for others.
 */
import { actingTenant, currentTenant, tryCtx } from 'tenon'
import type { EntityMetadata, FindManyOptions, FindOptionsWhere, ObjectLiteral } from 'typeorm'

/** Reads rows of the entity by repository rules: filters hold. */
type Find<E extends ObjectLiteral> = (options: FindManyOptions<E>) => Promise<E[]>

/** On whose behalf it is asked. */
interface Asker {
  readonly call: unknown
  readonly tenant: unknown
}

interface Question<E> extends Asker {
  readonly relation: string
  readonly waiting: Waiting<E>[]
}

interface Waiting<E> {
  readonly row: E
  readonly resolve: (value: unknown) => void
  readonly reject: (reason: unknown) => void
}

/** The rows of one repository in one transaction. */
export class RelatedRows<E extends ObjectLiteral> {
  readonly #metadata: EntityMetadata
  readonly #find: Find<E>
  readonly #questions = new Set<Question<E>>()

  constructor(metadata: EntityMetadata, find: Find<E>) {
    this.#metadata = metadata
    this.#find = find
  }

  of(row: E, relation: string): Promise<unknown> {
    const { promise, resolve, reject } = Promise.withResolvers<unknown>()
    const asker: Asker = { call: tryCtx(), tenant: actingTenant() ?? currentTenant() }
    const known = [...this.#questions].find(
      (each) => each.relation === relation && each.call === asker.call && each.tenant === asker.tenant,
    )
    if (known) known.waiting.push({ row, resolve, reject })
    else {
      const question: Question<E> = { ...asker, relation, waiting: [{ row, resolve, reject }] }
      this.#questions.add(question)
      // After everything that is ready now: functions that have just been called may still ask.
      void Promise.resolve().then(() => process.nextTick(() => void this.#read(question)))
    }
    return promise
  }

  async #read(question: Question<E>): Promise<void> {
    const { relation, waiting } = question
    this.#questions.delete(question)
    try {
      const keys = new Map(waiting.map(({ row }) => [this.#keyOf(row), this.#metadata.getEntityIdMap(row)]))
      const options = { where: [...keys.values()] as FindOptionsWhere<E>[], relations: { [relation]: true } }
      const found = await this.#find(options as FindManyOptions<E>)
      const byKey = new Map(found.map((row) => [this.#keyOf(row), row[relation] as unknown]))
      for (const { row, resolve } of waiting) resolve(byKey.get(this.#keyOf(row)) ?? null)
    } catch (error) {
      for (const { reject } of waiting) reject(error)
    }
  }

  #keyOf(row: E): string {
    return JSON.stringify(this.#metadata.primaryColumns.map((column) => String(column.getEntityValue(row))))
  }
}
