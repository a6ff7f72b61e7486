/**
 * What every repository can do. It finds the current transaction by itself, and refuses criteria whose value is
 * missing, which TypeORM's own repository may take for "every row".
 */
import { isDate } from 'node:util/types'

import { Container, inject } from 'tenon'
import { DATA_SOURCE, Injectable, REPOSITORY, type Class } from 'tenon/decorators'
import type {
  DataSource,
  DeepPartial,
  EntityManager,
  EntityMetadata,
  FindManyOptions,
  FindOneOptions,
  FindOptionsWhere,
  ObjectLiteral,
  Repository as TypeOrmRepository,
  SelectQueryBuilder,
} from 'typeorm'
import type { QueryDeepPartialEntity } from 'typeorm/query-builder/QueryPartialEntity.js'

import { requireSome, requireValues, type Where } from './criteria.ts'
import { EntityNotFound, RepositoryWithoutEntity } from './data-errors.ts'
import { isLeavingOut } from './filters/left-out.ts'
import { reachesFilter } from './filters/reaches-filter.ts'
import type { Page, PageRequest } from './page.ts'
import { EntityQueries } from './query/entity-queries.ts'
import { printCriteria } from './query/print-criteria.ts'
import { Query } from './query/query.ts'
import { RelatedRows } from './query/related-rows.ts'
import { requireOrder } from './query/require-order.ts'
import { writeStatement } from './query/sql.ts'
import { EntityReads } from './reads/entity-reads.ts'
import { readingApart } from './owners/reads-apart.ts'
import { isOnReplica, readingReplicas } from './replicas/route.ts'
import { TypeOrmReads, type Reader } from './query/typeorm-reads.ts'
import type { Selected, Selection } from './select/aggregates.ts'
import type { RelationPath, Related } from './select/columns.ts'
import { Joins, type SelectQuery } from './select/select-query.ts'
import { selectRows } from './select/select-rows.ts'
import { UnitOfWork } from './unit-of-work.ts'
import { EntityWrites } from './writes/entity-writes.ts'

/** The value of a primary key of one column; for several columns, an object of them. */
export type Key<E> = string | number | bigint | Date | FindOptionsWhere<E>

/** @example `@Repository(Ticket) export class Tickets extends BaseRepository<Ticket> {}` */
@Injectable()
export abstract class BaseRepository<E extends ObjectLiteral> {
  /** Most rows that `paginate` gives at once. */
  protected readonly maximumPageSize: number = 100
  readonly #unitOfWork: () => UnitOfWork
  readonly #writes: EntityWrites<E>
  readonly #entity: Class<E>
  /** By data source: plans are made for one; replicas have their own. */
  readonly #reads = new WeakMap<DataSource, Reader<E>>()
  /** By transaction: each reads for itself. */
  readonly #related = new WeakMap<EntityManager, RelatedRows<E>>()
  /** Known with the first read: what decorators say does not change. */
  #isFiltered: boolean | undefined

  /**
   * @param unitOfWork - Injected. A subclass with a constructor of its own just calls `super()`; it is then looked up.
   * @throws `DATA_REPOSITORY_WITHOUT_ENTITY` when `@Repository(Entity)` is missing above the class.
   */
  constructor(unitOfWork?: UnitOfWork) {
    const entity = REPOSITORY.read(new.target)
    if (!entity) throw new RepositoryWithoutEntity(new.target.name)
    this.#entity = entity as Class<E>
    const source = DATA_SOURCE.read(new.target) ?? DATA_SOURCE.read(entity)
    const any = unitOfWork ? () => unitOfWork : lookedUp()
    this.#unitOfWork = () => any().of(source).keeping(this.#entity)
    this.#writes = new EntityWrites<E>({
      entity: this.#entity,
      rows: () => this.#rows,
      unitOfWork: this.#unitOfWork,
      findOrFail: (key, options) => this.findOrFail(key, options),
    })
  }

  /** The rows that fit; without `where`, all. @throws `DATA_CRITERIA_MISSING`, `DATA_ORDER_INVALID` */
  async find(options: FindManyOptions<E> = {}): Promise<E[]> {
    this.#check('find', options)
    return this.#read((reader, manager) => reader.find(manager, this.#ordered(options)))
  }

  async findBy(where: Where<E>): Promise<E[]> {
    requireValues(this.#call('findBy'), where)
    return this.#read((reader, manager) => reader.find(manager, { where }))
  }

  /** The first row that fits. */
  async findOne(options: FindOneOptions<E>): Promise<E | null> {
    requireSome(this.#call('findOne'), options.where)
    return this.#read((reader, manager) => reader.findOne(manager, this.#ordered(options)))
  }

  async findOneBy(where: Where<E>): Promise<E | null> {
    requireSome(this.#call('findOneBy'), where)
    return this.#read((reader, manager) => reader.findOne(manager, { where }))
  }

  /**
   * The row with this primary key.
   * @throws `DATA_ENTITY_NOT_FOUND`, a 404 at the edge.
   */
  async findOrFail(key: Key<E>, options?: Omit<FindOneOptions<E>, 'where'>): Promise<E> {
    const where = this.#whereKey('findOrFail', key)
    const asked = options === undefined ? { where } : this.#ordered({ ...options, where })
    const found = await this.#read((reader, manager) => reader.findOne(manager, asked))
    if (!found) throw new EntityNotFound(this.#entity.name, printCriteria(where))
    return found
  }

  async count(options: FindManyOptions<E> = {}): Promise<number> {
    this.#check('count', options)
    return this.#readRows((rows) => rows.count(options))
  }

  async countBy(where: Where<E>): Promise<number> {
    requireValues(this.#call('countBy'), where)
    return this.#readRows((rows) => rows.countBy(where))
  }

  async exists(options: FindManyOptions<E> = {}): Promise<boolean> {
    this.#check('exists', options)
    return this.#readRows((rows) => rows.exists(options))
  }

  async existsBy(where: Where<E>): Promise<boolean> {
    requireValues(this.#call('existsBy'), where)
    return this.#readRows((rows) => rows.existsBy(where))
  }

  /**
   * One page of rows and how many there are.
   * @throws `DATA_PAGE_INVALID`, `DATA_PAGE_TOO_LARGE` above `maximumPageSize`; both are 400 at the edge.
   */
  async paginate(request: PageRequest<E> = {}): Promise<Page<E>> {
    this.#check('paginate', request)
    const { where, relations, order, page, size } = request
    const state = {
      ...(where === undefined ? {} : { where }),
      ...(relations === undefined ? {} : { relations }),
      ...(order === undefined ? {} : { order }),
      without: [],
    }
    return this.#queries.page(state, {
      ...(page === undefined ? {} : { page }),
      ...(size === undefined ? {} : { size }),
    })
  }

  /**
   * Writes a new row, without asking first whether it is there; answers the entity with what was generated.
   * @throws `DATA_DUPLICATE_ROW`, a 409 at the edge, when a unique constraint refuses it.
   */
  async insert(values: DeepPartial<E>): Promise<E> {
    return this.#writes.insert(values)
  }

  /**
   * Writes an entity and what it cascades to: a new row, or what changed of one that is there. Outside of a transaction, one
   * with a key of your own whose `@CreateDateColumn` and `@VersionColumn` are unset is inserted without a look; when that is
   * refused, it is saved as any other.
   * With `@VersionColumn`, a row that somebody else has changed since it was read is not overwritten.
   * @throws `DATA_DUPLICATE_ROW`, `DATA_REFERENCE_MISSING`; `DATA_VERSION_CONFLICT`, a 409 with the current version.
   */
  async save(entity: E): Promise<E> {
    return this.#writes.save(entity)
  }

  /**
   * Changes the rows that fit.
   * @returns How many there were.
   * @throws `DATA_DUPLICATE_ROW`, `DATA_REFERENCE_MISSING`
   */
  async update(criteria: Key<E>, changes: QueryDeepPartialEntity<E>): Promise<number> {
    return this.#writes.update(this.#whereKey('update', criteria), changes)
  }

  /** Deletes the rows that fit. @returns How many there were. @throws `DATA_ROW_REFERENCED` */
  async delete(criteria: Key<E>): Promise<number> {
    return this.#writes.delete(this.#whereKey('delete', criteria))
  }

  /**
   * Writes many new rows, all or none.
   * @throws `DATA_DUPLICATE_ROW`, `DATA_REFERENCE_MISSING`
   */
  async insertMany(values: readonly DeepPartial<E>[]): Promise<readonly E[]> {
    return this.#writes.insertMany(values)
  }

  /**
   * Writes rows, or changes those that are there already, in one statement.
   * @param unique - The properties by which a row is known; they need a unique constraint. MySQL and MariaDB take any
   *   unique constraint that the row breaks.
   */
  async upsert(
    values: QueryDeepPartialEntity<E> | QueryDeepPartialEntity<E>[],
    unique: readonly (keyof E & string)[],
  ): Promise<void> {
    await this.#rows.upsert(values, { conflictPaths: [...unique] })
  }

  /**
   * Changes a row if it still has the version it was read with.
   * @returns The row as it is then.
   * @throws `DATA_VERSION_CONFLICT`, a 409 with the current version; `DATA_ENTITY_NOT_FOUND`; `DATA_ENTITY_UNVERSIONED`
   * for an entity without `@VersionColumn`.
   */
  async updateVersion(key: Key<E>, version: number, changes: QueryDeepPartialEntity<E>): Promise<E> {
    return this.#writes.updateVersion(
      this.#call('updateVersion'),
      this.#whereKey('updateVersion', key),
      version,
      changes,
    )
  }

  /** Marks rows as deleted, for entities with `@DeleteDateColumn`. @returns How many there were. */
  async softDelete(criteria: Key<E>): Promise<number> {
    const { affected } = await this.#rows.softDelete(this.#whereKey('softDelete', criteria))
    return affected ?? 0
  }

  /** Takes the mark of `softDelete` away. @returns How many there were. */
  async restore(criteria: Key<E>): Promise<number> {
    const { affected } = await this.#rows.restore(this.#whereKey('restore', criteria))
    return affected ?? 0
  }

  /** A query that is awaited or iterated: `where({ … }).orderBy({ … }).limit(10)`. @throws `DATA_CRITERIA_MISSING` */
  where(where: Where<E>): Query<E> {
    return this.query().where(where)
  }

  /** Leaves a filter out, for a logged reason; `softDelete` is the one of deleted rows. */
  without(filter: string, reason: string): Query<E> {
    return this.query().without(filter, reason)
  }

  /** A query for all rows, to go on with. */
  query(): Query<E> {
    return new Query(this.#queries)
  }

  /**
   * Columns, and what is computed of them, instead of entities.
   * @example `await tickets.select({ state: 'state', tickets: count() }).having({ tickets: MoreThan(3) })`
   */
  select<const S extends Selection<{ '': E }>>(selection: S): SelectQuery<{ '': E }, Selected<{ '': E }, S>> {
    return this.#joins.select(selection)
  }

  /** Begins a selection with a relation: rows that have one, once for each row at its other end. */
  join<const P extends RelationPath<{ '': E }>>(
    path: P,
  ): Joins<{ '': E } & Readonly<Record<P, Related<{ '': E }, P>>>> {
    return this.#joins.join(path)
  }

  /** Also rows without such a relation: their joined columns are `null`. */
  leftJoin<const P extends RelationPath<{ '': E }>>(
    path: P,
  ): Joins<{ '': E } & Readonly<Record<P, Related<{ '': E }, P> | null>>> {
    return this.#joins.leftJoin(path)
  }

  get #joins(): Joins<{ '': E }> {
    const mayBeOld = isOnReplica()
    return new Joins((state, method) =>
      this.#readRows((rows) => selectRows(rows, state, this.#call(method)), mayBeOld || isOnReplica()),
    )
  }

  /**
   * What a row is related to, for code that has one row at a time: all that is asked for within one tick is read with one
   * statement. `null` or an empty list where there is nothing.
   * @example `await Promise.all(tickets.map((ticket) => this.tickets.related(ticket, 'assignee')))`
   */
  related<R extends keyof E & string>(row: E, relation: R): Promise<E[R]> {
    const { manager } = this
    let rows = this.#related.get(manager)
    if (!rows) {
      rows = new RelatedRows(this.#metadata, async (options) =>
        this.#read((reader, from) => reader.find(from, options)),
      )
      this.#related.set(manager, rows)
    }
    return rows.of(row, relation) as Promise<E[R]>
  }

  /**
   * The same repository reading from replicas, even when the call has written and inside of a transaction; it must not write.
   * @example `await this.sales.onReplica().where({ year }).count()`
   */
  onReplica(): this {
    return readingReplicas(this)
  }

  /**
   * SQL of one's own in the current transaction; what stands in `${…}` becomes a parameter. Filters do not hold for it.
   * @throws `DATA_SQL_VALUE_MISSING`
   * @example `await this.sql<{ n: number }>\`SELECT COUNT(*) AS n FROM ticket WHERE state IN (${states})\``
   */
  protected async sql<R = Record<string, unknown>>(strings: TemplateStringsArray, ...values: unknown[]): Promise<R[]> {
    const run = (manager: EntityManager): Promise<R[]> => {
      const { text, parameters } = writeStatement(manager.dataSource, strings, values)
      return manager.query<R[]>(text, [...parameters])
    }
    // What it calls may write: only code that says it reads is sent to a replica.
    return isOnReplica() ? this.#unitOfWork().read(run) : run(this.manager)
  }

  /** TypeORM's query builder in the current transaction, for what the methods above cannot say. */
  queryBuilder(alias: string = this.#metadata.tableName): SelectQueryBuilder<E> {
    return this.#rows.createQueryBuilder(alias)
  }

  /** TypeORM's manager of the current transaction. */
  protected get manager(): EntityManager {
    return this.#unitOfWork().manager
  }

  /** Reads by plan, unless filters make every read another. */
  #readerOf({ dataSource }: EntityManager): Reader<E> {
    this.#isFiltered ??= reachesFilter(this.#metadata)
    if (this.#isFiltered || isLeavingOut()) return this.#reaching(dataSource, new TypeOrmReads(this.#entity))
    let reads = this.#reads.get(dataSource)
    if (!reads) {
      reads = this.#reaching(dataSource, new EntityReads(this.#entity))
      this.#reads.set(dataSource, reads)
    }
    return reads
  }

  /** With what rows point at in another database. */
  #reaching(source: DataSource, reader: Reader<E>): Reader<E> {
    const uow = this.#unitOfWork
    return readingApart(
      reader,
      source.getMetadata(this.#entity),
      ({ target }) => uow().keeping(target as Class).manager,
    )
  }

  #read<T>(read: (reader: Reader<E>, manager: EntityManager) => T | Promise<T>, mayBeOld?: boolean): T | Promise<T> {
    return this.#unitOfWork().read((manager) => read(this.#readerOf(manager), manager), mayBeOld)
  }

  async #readRows<T>(read: (rows: TypeOrmRepository<E>) => Promise<T>, mayBeOld?: boolean): Promise<T> {
    return this.#unitOfWork().read((manager) => read(manager.getRepository(this.#entity)), mayBeOld)
  }

  /** A query is asked later than it is put together, and knows then how it was begun. */
  get #queries(): EntityQueries<E> {
    const mayBeOld = isOnReplica()
    return new EntityQueries({
      name: this.constructor.name,
      entity: this.#entity,
      rows: () => this.#rows,
      read: (read) => this.#readRows(read, mayBeOld || isOnReplica()),
      find: (options) =>
        this.#read((reader, manager) => reader.find(manager, this.#ordered(options)), mayBeOld || isOnReplica()),
      findAndCount: async (options) =>
        this.#read(
          (reader, manager) => reader.findAndCount(manager, this.#ordered(options)),
          mayBeOld || isOnReplica(),
        ),
      unitOfWork: this.#unitOfWork,
      maximumPageSize: this.maximumPageSize,
    })
  }

  get #rows(): TypeOrmRepository<E> {
    return this.manager.getRepository(this.#entity)
  }

  get #metadata(): EntityMetadata {
    return this.#rows.metadata
  }

  #call(method: string): string {
    return `${this.constructor.name}.${method}`
  }

  /** A `where` that is there must say something: `{ where: undefined }` was meant to. */
  #check(method: string, options: { readonly where?: unknown }): void {
    if ('where' in options) requireValues(this.#call(method), options.where)
  }

  /** @throws `DATA_ORDER_INVALID` */
  #ordered<O extends FindOneOptions<E>>(options: O): O {
    if (options.order) requireOrder(this.#metadata, options.order)
    return options
  }

  #whereKey(method: string, key: Key<E>): FindOptionsWhere<E> {
    const where = isPlainKey(key) ? { [this.#onlyKey(method, key)]: key } : key
    if (where === key || key === undefined || key === null) requireSome(this.#call(method), where)
    return where as FindOptionsWhere<E>
  }

  #onlyKey(method: string, key: unknown): string {
    const { primaryColumns } = this.#metadata
    if (primaryColumns.length === 1) return primaryColumns[0]!.propertyName
    const call = `${this.#call(method)}(${String(key)})`
    throw new TypeError(`${call}: ${this.#entity.name} has a key of several columns; give all of them.`)
  }
}

/** Later than the construction: the graph cannot see who calls `super()`, so the unit of work may not be built yet. */
function lookedUp(): () => UnitOfWork {
  const container = inject(Container)
  return () => container.get(UnitOfWork)
}

function isPlainKey(key: unknown): boolean {
  return key === undefined || key === null || typeof key !== 'object' || isDate(key)
}
