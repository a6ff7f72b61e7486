/**
 * What every repository can do. It finds the current transaction by itself, and refuses criteria whose value is
 * missing, which TypeORM's own repository may take for "every row".
 */
import { Container, inject } from 'tenon'
import { DATA_SOURCE, Injectable, REPOSITORY, type Class } from 'tenon/decorators'
import type {
  DeepPartial,
  EntityManager,
  FindManyOptions,
  FindOneOptions,
  ObjectLiteral,
  SelectQueryBuilder,
} from 'typeorm'
import type { QueryDeepPartialEntity } from 'typeorm/query-builder/QueryPartialEntity.js'

import { requireSome, requireValues, type Where } from './criteria.ts'
import { EntityNotFound, RepositoryWithoutEntity } from './data-errors.ts'
import type { Page, PageRequest } from './page.ts'
import { CallCriteria, type Key } from './query/call-criteria.ts'
import { printCriteria } from './query/print-criteria.ts'
import { Query } from './query/query.ts'
import { writeStatement } from './query/sql.ts'
import { RepositoryReads } from './reads/repository-reads.ts'
import { isOnReplica, readingReplicas } from './replicas/route.ts'
import type { Selected, Selection } from './select/aggregates.ts'
import type { RelationPath, Related } from './select/columns.ts'
import type { Joins, SelectQuery } from './select/select-query.ts'
import { UnitOfWork } from './unit-of-work.ts'
import { EntityWrites } from './writes/entity-writes.ts'

/** @example `@Repository(Ticket) export class Tickets extends BaseRepository<Ticket> {}` */
@Injectable()
export abstract class BaseRepository<E extends ObjectLiteral> {
  /** Most rows that `paginate` gives at once. */
  protected readonly maximumPageSize: number = 100
  readonly #unitOfWork: () => UnitOfWork
  readonly #entity: Class<E>
  readonly #reads: RepositoryReads<E>
  readonly #writes: EntityWrites<E>
  readonly #criteria: CallCriteria<E>

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
    const { name } = new.target
    this.#reads = new RepositoryReads<E>({
      name,
      entity: this.#entity,
      unitOfWork: this.#unitOfWork,
      maximumPageSize: () => this.maximumPageSize,
    })
    this.#criteria = new CallCriteria<E>(name, () => this.#reads.metadata)
    this.#writes = new EntityWrites<E>({
      entity: this.#entity,
      rows: () => this.#reads.rows,
      unitOfWork: this.#unitOfWork,
      findOrFail: (key, options) => this.findOrFail(key, options),
    })
  }

  /** The rows that fit; without `where`, all. @throws `DATA_CRITERIA_MISSING`, `DATA_ORDER_INVALID` */
  async find(options: FindManyOptions<E> = {}): Promise<E[]> {
    this.#criteria.check('find', options)
    return this.#reads.read((reader, manager) => reader.find(manager, this.#reads.ordered(options)))
  }

  async findBy(where: Where<E>): Promise<E[]> {
    requireValues(this.#criteria.call('findBy'), where)
    return this.#reads.read((reader, manager) => reader.find(manager, { where }))
  }

  /** The first row that fits. */
  async findOne(options: FindOneOptions<E>): Promise<E | null> {
    requireSome(this.#criteria.call('findOne'), options.where)
    return this.#reads.read((reader, manager) => reader.findOne(manager, this.#reads.ordered(options)))
  }

  async findOneBy(where: Where<E>): Promise<E | null> {
    requireSome(this.#criteria.call('findOneBy'), where)
    return this.#reads.read((reader, manager) => reader.findOne(manager, { where }))
  }

  /**
   * The row with this primary key.
   * @throws `DATA_ENTITY_NOT_FOUND`, a 404 at the edge.
   */
  async findOrFail(key: Key<E>, options?: Omit<FindOneOptions<E>, 'where'>): Promise<E> {
    const where = this.#criteria.ofKey('findOrFail', key)
    const asked = options === undefined ? { where } : this.#reads.ordered({ ...options, where })
    const found = await this.#reads.read((reader, manager) => reader.findOne(manager, asked))
    if (!found) throw new EntityNotFound(this.#entity.name, printCriteria(where))
    return found
  }

  async count(options: FindManyOptions<E> = {}): Promise<number> {
    this.#criteria.check('count', options)
    return this.#reads.readRows((rows) => rows.count(options))
  }

  async countBy(where: Where<E>): Promise<number> {
    requireValues(this.#criteria.call('countBy'), where)
    return this.#reads.readRows((rows) => rows.countBy(where))
  }

  async exists(options: FindManyOptions<E> = {}): Promise<boolean> {
    this.#criteria.check('exists', options)
    return this.#reads.readRows((rows) => rows.exists(options))
  }

  async existsBy(where: Where<E>): Promise<boolean> {
    requireValues(this.#criteria.call('existsBy'), where)
    return this.#reads.readRows((rows) => rows.existsBy(where))
  }

  /**
   * One page of rows and how many there are.
   * @throws `DATA_PAGE_INVALID`, `DATA_PAGE_TOO_LARGE` above `maximumPageSize`; both are 400 at the edge.
   */
  async paginate(request: PageRequest<E> = {}): Promise<Page<E>> {
    this.#criteria.check('paginate', request)
    const { where, relations, order, page, size } = request
    const state = {
      ...(where === undefined ? {} : { where }),
      ...(relations === undefined ? {} : { relations }),
      ...(order === undefined ? {} : { order }),
      without: [],
    }
    return this.#reads.queries.page(state, {
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
    return this.#writes.update(this.#criteria.ofKey('update', criteria), changes)
  }

  /** Deletes the rows that fit. @returns How many there were. @throws `DATA_ROW_REFERENCED` */
  async delete(criteria: Key<E>): Promise<number> {
    return this.#writes.delete(this.#criteria.ofKey('delete', criteria))
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
    await this.#reads.rows.upsert(values, { conflictPaths: [...unique] })
  }

  /**
   * Changes a row if it still has the version it was read with.
   * @returns The row as it is then.
   * @throws `DATA_VERSION_CONFLICT`, a 409 with the current version; `DATA_ENTITY_NOT_FOUND`; `DATA_ENTITY_UNVERSIONED`
   * for an entity without `@VersionColumn`.
   */
  async updateVersion(key: Key<E>, version: number, changes: QueryDeepPartialEntity<E>): Promise<E> {
    return this.#writes.updateVersion(
      this.#criteria.call('updateVersion'),
      this.#criteria.ofKey('updateVersion', key),
      version,
      changes,
    )
  }

  /** Marks rows as deleted, for entities with `@DeleteDateColumn`. @returns How many there were. */
  async softDelete(criteria: Key<E>): Promise<number> {
    const { affected } = await this.#reads.rows.softDelete(this.#criteria.ofKey('softDelete', criteria))
    return affected ?? 0
  }

  /** Takes the mark of `softDelete` away. @returns How many there were. */
  async restore(criteria: Key<E>): Promise<number> {
    const { affected } = await this.#reads.rows.restore(this.#criteria.ofKey('restore', criteria))
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
    return new Query(this.#reads.queries)
  }

  /**
   * Columns, and what is computed of them, instead of entities.
   * @example `await tickets.select({ state: 'state', tickets: count() }).having({ tickets: MoreThan(3) })`
   */
  select<const S extends Selection<{ '': E }>>(selection: S): SelectQuery<{ '': E }, Selected<{ '': E }, S>> {
    return this.#reads.joins.select(selection)
  }

  /** Begins a selection with a relation: rows that have one, once for each row at its other end. */
  join<const P extends RelationPath<{ '': E }>>(
    path: P,
  ): Joins<{ '': E } & Readonly<Record<P, Related<{ '': E }, P>>>> {
    return this.#reads.joins.join(path)
  }

  /** Also rows without such a relation: their joined columns are `null`. */
  leftJoin<const P extends RelationPath<{ '': E }>>(
    path: P,
  ): Joins<{ '': E } & Readonly<Record<P, Related<{ '': E }, P> | null>>> {
    return this.#reads.joins.leftJoin(path)
  }

  /**
   * What a row is related to, for code that has one row at a time: all that is asked for within one tick is read with one
   * statement. `null` or an empty list where there is nothing.
   * @example `await Promise.all(tickets.map((ticket) => this.tickets.related(ticket, 'assignee')))`
   */
  related<R extends keyof E & string>(row: E, relation: R): Promise<E[R]> {
    return this.#reads.related(row, relation)
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
  queryBuilder(alias: string = this.#reads.metadata.tableName): SelectQueryBuilder<E> {
    return this.#reads.rows.createQueryBuilder(alias)
  }

  /** TypeORM's manager of the current transaction. */
  protected get manager(): EntityManager {
    return this.#reads.manager
  }
}

/** Later than the construction: the graph cannot see who calls `super()`, so the unit of work may not be built yet. */
function lookedUp(): () => UnitOfWork {
  const container = inject(Container)
  return () => container.get(UnitOfWork)
}
