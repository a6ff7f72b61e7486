/**
 * Reads of one entity, by plans: TypeORM builds the SQL of each shape once and hydrates no row. What cannot be planned
 * (see `readEntityTree`) is read by TypeORM itself, so that the answers are always equal to its own.
 */
import type { Class } from 'tenon/decorators'
import type { EntityManager, FindManyOptions, FindOneOptions, ObjectLiteral, Repository } from 'typeorm'

import { compileHydrator } from './hydrate.ts'
import { KeyMark, nextSize, planRead, type PlannedStatement, type ReadPlan } from './read-plan.ts'
import { boundValue, rowsFor, type ReadRows } from './read-rows.ts'
import { isScalar, ReadShape, type ReadOptions } from './read-shape.ts'
import { readerMode, type ReaderMode, type Row } from './row-reader.ts'

/** Plans kept; the oldest goes first. */
const MAX_PLANS = 300

/** Largest page with joins: the keys of its entities are listed in the second statement. */
const MAX_KEYS = 512

/** One read of a known plan. */
interface Read {
  readonly manager: EntityManager
  readonly rows: ReadRows
  readonly plan: ReadPlan
  readonly options: ReadOptions
  /** Ready to be bound, in the order of the marks. */
  readonly values: readonly unknown[]
}

/** `undefined`: TypeORM has to do it. */
type Attempt<T> = T | undefined | Promise<T | undefined>

export class EntityReads<E extends ObjectLiteral> {
  readonly #entity: Class<E>
  readonly #mode: ReaderMode
  /** By shape; `undefined` for those that are TypeORM's. */
  readonly #plans = new Map<string, ReadPlan | undefined>()
  #source: object | undefined

  /** @param mode - How rows become entities; by default, as the process allows. */
  constructor(entity: Class<E>, mode: ReaderMode = readerMode()) {
    this.#entity = entity
    this.#mode = mode
  }

  /** As TypeORM's `find`. It answers at once where the database does: on SQLite. */
  find(manager: EntityManager, options: FindManyOptions<E>): E[] | Promise<E[]> {
    return orElse(this.#attempt(manager, options), () => this.#typeOrm(manager).find(options))
  }

  /** As TypeORM's `findOne`. */
  findOne(manager: EntityManager, options: FindOneOptions<E>): E | null | Promise<E | null> {
    const found = this.#attempt(manager, { ...options, take: 1 })
    if (found instanceof Promise || !found) {
      return Promise.resolve(found).then((rows) => (rows ? (rows[0] ?? null) : this.#typeOrm(manager).findOne(options)))
    }
    return found[0] ?? null
  }

  /** As TypeORM's `findAndCount`. */
  async findAndCount(manager: EntityManager, options: FindManyOptions<E>): Promise<[E[], number]> {
    const read = await this.#read(manager, options)
    const found = read && (await this.#entities(read))
    if (!read || !found) return this.#typeOrm(manager).findAndCount(options)
    const { take, skip = 0 } = options
    // A page that is not full says itself how many there are.
    if (found.length !== take && (found.length > 0 || skip === 0)) return [found, found.length + skip]
    const [row] = await this.#run(read, await read.plan.count(), [])
    return [found, Number(row?.[0] ?? 0)]
  }

  #typeOrm(manager: EntityManager): Repository<E> {
    return manager.getRepository(this.#entity)
  }

  #attempt(manager: EntityManager, options: ReadOptions): Attempt<E[]> {
    const read = this.#read(manager, options)
    return read instanceof Promise ? read.then((known) => known && this.#entities(known)) : read && this.#entities(read)
  }

  #read(manager: EntityManager, options: ReadOptions): Attempt<Read> {
    const shape = new ReadShape()
    const rows = rowsFor(manager)
    if (!rows || !shape.read(options)) return undefined
    if (this.#source !== manager.dataSource) {
      this.#source = manager.dataSource
      this.#plans.clear()
    }
    const { key, values } = shape
    const ready = (plan: ReadPlan | undefined): Read | undefined => {
      const bound = plan && bind(manager, plan, values)
      return plan && bound && { manager, rows, plan, options, values: bound }
    }
    const plan = this.#plans.get(key)
    if (plan || this.#plans.has(key)) return ready(plan)
    return this.#plan(manager, options, key).then(ready)
  }

  async #plan(manager: EntityManager, options: ReadOptions, key: string): Promise<ReadPlan | undefined> {
    const plan = await planRead(manager, manager.dataSource.getMetadata(this.#entity), options)
    this.#plans.set(key, plan)
    if (this.#plans.size > MAX_PLANS) this.#plans.delete(this.#plans.keys().next().value as string)
    return plan
  }

  #entities(read: Read): Attempt<E[]> {
    const { only } = read.plan
    if (!only) return this.#page(read)
    const rows = this.#run(read, only, [])
    if (rows instanceof Promise) return rows.then((each) => this.#hydrate(read, only, each))
    return this.#hydrate(read, only, rows)
  }

  /** With joins a page takes two statements, as with TypeORM: which entities, then their rows. */
  async #page(read: Read): Promise<E[] | undefined> {
    const { plan, options } = read
    if (!plan.keys || (options.take ?? MAX_KEYS + 1) > MAX_KEYS) return undefined
    const keys = await this.#run(read, plan.keys, [])
    if (keys.length === 0) return []
    const statement = await plan.entities(keys.length)
    const filled = [...keys, ...Array<Row>(nextSize(keys.length) - keys.length).fill(keys.at(-1)!)]
    return this.#hydrate(read, statement, await this.#run(read, statement, filled))
  }

  #run(read: Read, statement: PlannedStatement, keys: readonly Row[]): Row[] | Promise<Row[]> {
    const { values, options } = read
    const parameters = statement.slots.map((slot) => {
      if (slot === 'take') return options.take
      if (slot === 'skip') return options.skip
      return slot instanceof KeyMark ? keys[slot.row]![slot.column] : values[slot.index]
    })
    return read.rows(statement, parameters)
  }

  #hydrate(read: Read, statement: PlannedStatement, rows: readonly Row[]): E[] {
    statement.hydrate ??= compileHydrator(
      read.manager.dataSource,
      read.plan.tree,
      statement.fields as readonly string[],
      this.#mode,
    )
    return statement.hydrate(rows) as E[]
  }
}

/** The values through the transformers of their columns; `undefined` where one makes something that only TypeORM binds. */
function bind(manager: EntityManager, plan: ReadPlan, values: readonly unknown[]): readonly unknown[] | undefined {
  const bound: unknown[] = [...values]
  for (const { index, transform } of plan.marks) {
    if (transform) bound[index] = transform(values[index])
    if (!isScalar(bound[index])) return undefined
    bound[index] = boundValue(manager.dataSource, bound[index])
  }
  return bound
}

function orElse<T>(attempt: Attempt<T>, fallback: () => Promise<T>): T | Promise<T> {
  if (attempt instanceof Promise) return attempt.then((value) => value ?? fallback())
  return attempt ?? fallback()
}
