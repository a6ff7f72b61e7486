/**
 * Reads of one entity, by plans: TypeORM builds the SQL of each shape once and hydrates no row. What cannot be planned
 * (see `readEntityTree`) is read by TypeORM itself, so that the answers are always equal to its own.
 */
import type { Class } from 'tenon/decorators'
import type { DataSource, EntityManager, FindManyOptions, FindOneOptions, ObjectLiteral, Repository } from 'typeorm'

import { OWNER_MARK } from '../owners/acting-owner.ts'
import { OwnedRows } from '../owners/owned-rows.ts'
import { EVERYBODY } from '../owners/row-owners.ts'
import { reachesOwned } from '../owners/reaches-owned.ts'
import { compileHydrator } from './hydrate.ts'
import { KeyMark, type PlannedStatement } from './planned-statement.ts'
import { rowCount } from './hydrate-parts.ts'
import type { PartsRead, PartTables } from './read-parts.ts'
import { nextSize, planRead, type ReadPlan } from './read-plan.ts'
import { boundValue, rowsFor, telling, type ReadRows } from './read-rows.ts'
import { isScalar, ReadShape, type ReadOptions } from './read-shape.ts'
import { readerMode, type ReaderMode, type Row } from './row-reader.ts'

/** Plans kept; the oldest goes first. */
const MAX_PLANS = 300

/** Largest page with joins: the keys of its entities are listed in the second statement. */
const MAX_KEYS = 512

/** Where parts are faster for sure; for a few rows it is the joined statement. */
const LARGE = 200
/** Beyond, the texts that PostgreSQL makes of columns could become too long for it. */
const TOO_LARGE = 200_000

/** One read of a known plan. */
interface Read {
  readonly manager: EntityManager
  readonly rows: ReadRows
  readonly plan: ReadPlan
  readonly take: number | undefined
  readonly skip: number | undefined
  /** Ready to be bound, in the order of the marks. */
  readonly values: readonly unknown[]
  /** Whom the running code acts for, where that is known and matters. */
  readonly owner: OwnedRows['owner']
}

/** `undefined`: TypeORM has to do it. */
type Attempt<T> = T | undefined | Promise<T | undefined>

interface SourcePlans {
  /** By shape; `undefined` for those that are TypeORM's. */
  readonly plans: Map<string, ReadPlan | undefined>
  /** Who keeps rows apart that a read may meet: one for everybody is another statement. */
  readonly owned: OwnedRows | undefined
}

export class EntityReads<E extends ObjectLiteral> {
  readonly #entity: Class<E>
  readonly #mode: ReaderMode
  readonly #large: number
  /** Plans belong to one data source: where owners have databases, each has its own. */
  readonly #bySource = new WeakMap<DataSource, SourcePlans>()

  /**
   * @param mode - How rows become entities; by default, as the process allows.
   * @param large - Rows of a joined read from which on the next one is read in parts, and by join again below half as many.
   */
  constructor(entity: Class<E>, mode: ReaderMode = readerMode(), large: number = LARGE) {
    this.#entity = entity
    this.#mode = mode
    this.#large = large
  }

  /** As TypeORM's `find`. It answers at once where the database does: on SQLite. */
  find(manager: EntityManager, options: FindManyOptions<E>): E[] | Promise<E[]> {
    return orElse(this.#attempt(manager, options, options.take), () => this.#typeOrm(manager).find(options))
  }

  /** As TypeORM's `findOne`. */
  findOne(manager: EntityManager, options: FindOneOptions<E>): E | null | Promise<E | null> {
    const found = this.#attempt(manager, options, 1)
    if (found instanceof Promise || !found) {
      return Promise.resolve(found).then((rows) => (rows ? (rows[0] ?? null) : this.#typeOrm(manager).findOne(options)))
    }
    return found[0] ?? null
  }

  /** As TypeORM's `findAndCount`. */
  async findAndCount(manager: EntityManager, options: FindManyOptions<E>): Promise<[E[], number]> {
    const read = await this.#read(manager, options, options.take)
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

  #attempt(manager: EntityManager, options: ReadOptions, take: number | undefined): Attempt<E[]> {
    const read = this.#read(manager, options, take)
    return read instanceof Promise ? read.then((known) => known && this.#entities(known)) : read && this.#entities(read)
  }

  #read(manager: EntityManager, options: ReadOptions, take: number | undefined): Attempt<Read> {
    const shape = new ReadShape()
    const rows = rowsFor(manager)
    if (!rows || !shape.read(options, take)) return undefined
    const { plans, owned } = this.#plansOf(manager.dataSource)
    const { values } = shape
    const owner = owned?.owner
    const key = owner === EVERYBODY ? `*${shape.key}` : shape.key
    const ready = (plan: ReadPlan | undefined): Read | undefined => {
      const bound = plan && bind(manager, plan, values)
      return plan && bound && { manager, rows, plan, take, skip: options.skip, values: bound, owner }
    }
    const plan = plans.get(key)
    if (plan || plans.has(key)) return ready(plan)
    return this.#plan(manager, { ...options, ...(take === undefined ? {} : { take }) }).then((made) => {
      plans.set(key, made)
      if (plans.size > MAX_PLANS) plans.delete(plans.keys().next().value as string)
      return ready(made)
    })
  }

  #plansOf(source: DataSource): SourcePlans {
    let known = this.#bySource.get(source)
    if (!known) {
      const reaches = reachesOwned(source.getMetadata(this.#entity))
      known = { plans: new Map(), owned: reaches ? OwnedRows.of(source) : undefined }
      this.#bySource.set(source, known)
    }
    return known
  }

  #plan(manager: EntityManager, options: ReadOptions): Promise<ReadPlan | undefined> {
    return planRead(manager, manager.dataSource.getMetadata(this.#entity), options)
  }

  #entities(read: Read): Attempt<E[]> {
    const { plan, manager } = read
    const parts = plan.isLarge && plan.joined ? plan.inParts(manager, this.#mode, plan.joined) : undefined
    return parts ? this.#inParts(read, parts) : this.#wholly(read)
  }

  #wholly(read: Read): Attempt<E[]> {
    const { only } = read.plan
    return only ? this.#joined(read, only, []) : this.#page(read)
  }

  #joined(read: Read, statement: PlannedStatement, keys: readonly Row[]): E[] | Promise<E[]> {
    const { plan } = read
    const rows = this.#run(read, statement, keys)
    const hydrate = (found: readonly Row[]): E[] => {
      plan.joined = statement
      plan.isLarge = this.#isLarge(plan, found.length, this.#large) && !plan.needsJoin
      return this.#hydrate(read, statement, found)
    }
    return rows instanceof Promise ? rows.then(hydrate) : hydrate(rows)
  }

  #inParts(read: Read, { sql, tables, layout, hydrate }: PartsRead): Attempt<E[]> {
    const { plan, manager, values } = read
    const bound = (statement: PlannedStatement, keys?: string): readonly unknown[] =>
      this.#bound(read, statement, [], keys)
    let found: PartTables
    /** Those of the root are told as the rows of the read. */
    const keep = (answer: PartTables): readonly unknown[] | undefined => {
      found = answer
      return layout === 'rows' ? answer?.[0] : answer?.[0]?.[0]
    }
    const told = telling(manager, sql(), values, () => {
      const answer = tables(manager, read.rows, bound)
      return answer instanceof Promise ? answer.then(keep) : keep(answer)
    })
    const entities = (): Attempt<E[]> => {
      if (!found) {
        plan.needsJoin = true
        plan.isLarge = false
        return this.#wholly(read)
      }
      const count = found.reduce((sum, table) => sum + rowCount(table, layout), 0)
      plan.isLarge = this.#isLarge(plan, count, this.#large / 2)
      return hydrate(found) as E[]
    }
    return told instanceof Promise ? told.then(entities) : entities()
  }

  /** With joins a page takes two statements, as with TypeORM: which entities, then their rows. */
  async #page(read: Read): Promise<E[] | undefined> {
    const { plan, take } = read
    if (!plan.keys || (take ?? MAX_KEYS + 1) > MAX_KEYS) return undefined
    const keys = await this.#run(read, plan.keys, [])
    if (keys.length === 0) return []
    const statement = await plan.entities(keys.length)
    const filled = [...keys, ...Array<Row>(nextSize(keys.length) - keys.length).fill(keys.at(-1)!)]
    return this.#joined(read, statement, filled)
  }

  /** A page with joins takes two statements, so that parts are faster for one of any size. */
  #isLarge({ only }: ReadPlan, count: number, least: number): boolean {
    return (only === undefined || count >= least) && count <= TOO_LARGE
  }

  #run(read: Read, statement: PlannedStatement, keys: readonly Row[]): Row[] | Promise<Row[]> {
    const parameters = this.#bound(read, statement, keys)
    return telling(read.manager, statement.sql, parameters, () => read.rows(statement, parameters))
  }

  #bound(read: Read, { slots }: PlannedStatement, keys: readonly Row[], list?: string): readonly unknown[] {
    const { values, take, skip } = read
    return slots.map((slot) => {
      if (slot === 'take') return take
      if (slot === 'skip') return skip
      if (slot === 'keys') return list
      if (slot === OWNER_MARK) return read.owner ?? this.#nobody(read.manager)
      return slot instanceof KeyMark ? keys[slot.row]![slot.column] : values[slot.index]
    })
  }

  /** @throws where nobody is known: the statement is for somebody's rows. */
  #nobody({ dataSource }: EntityManager): unknown {
    return OwnedRows.of(dataSource)?.require(this.#entity.name)
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
