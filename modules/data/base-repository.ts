/**
 * What every repository can do. It finds the current transaction by itself, and refuses criteria whose value is
 * missing, which TypeORM's own repository may take for "every row".
 */
import { isDate } from 'node:util/types'

import { Container, inject } from 'tenon'
import { Injectable, REPOSITORY, type Class } from 'tenon/decorators'
import type {
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
import { EntityNotFound, RepositoryWithoutEntity, UnversionedEntity, VersionConflict } from './data-errors.ts'
import { isLeavingOut } from './filters/left-out.ts'
import { reachesFilter } from './filters/reaches-filter.ts'
import type { Page, PageRequest } from './page.ts'
import { EntityQueries } from './query/entity-queries.ts'
import { printCriteria } from './query/print-criteria.ts'
import { Query } from './query/query.ts'
import { writeStatement } from './query/sql.ts'
import { EntityReads } from './reads/entity-reads.ts'
import { TypeOrmReads, type Reader } from './query/typeorm-reads.ts'
import { refusingDuplicates } from './unique-violation.ts'
import { UnitOfWork } from './unit-of-work.ts'

/** SQLite takes 32,766 in one statement, PostgreSQL 65,535. */
const MOST_PARAMETERS = 30_000
/** TypeORM reads generated values back with one alternative a row, of which SQLite takes a thousand. */
const MOST_ROWS = 500

/** The value of a primary key of one column; for several columns, an object of them. */
export type Key<E> = string | number | bigint | Date | FindOptionsWhere<E>

/** @example `@Repository(Ticket) export class Tickets extends BaseRepository<Ticket> {}` */
@Injectable()
export abstract class BaseRepository<E extends ObjectLiteral> {
  /** Most rows that `paginate` gives at once. */
  protected readonly maximumPageSize: number = 100
  readonly #unitOfWork: () => UnitOfWork
  readonly #entity: Class<E>
  readonly #reads: EntityReads<E>
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
    this.#reads = new EntityReads(this.#entity)
    this.#unitOfWork = unitOfWork ? () => unitOfWork : lookedUp()
  }

  /** The rows that fit; without `where`, all. */
  async find(options: FindManyOptions<E> = {}): Promise<E[]> {
    this.#check('find', options)
    return this.#reader.find(this.manager, options)
  }

  async findBy(where: Where<E>): Promise<E[]> {
    requireValues(this.#call('findBy'), where)
    return this.#reader.find(this.manager, { where })
  }

  /** The first row that fits. */
  async findOne(options: FindOneOptions<E>): Promise<E | null> {
    requireSome(this.#call('findOne'), options.where)
    return this.#reader.findOne(this.manager, options)
  }

  async findOneBy(where: Where<E>): Promise<E | null> {
    requireSome(this.#call('findOneBy'), where)
    return this.#reader.findOne(this.manager, { where })
  }

  /**
   * The row with this primary key.
   * @throws `DATA_ENTITY_NOT_FOUND`, a 404 at the edge.
   */
  async findOrFail(key: Key<E>, options: Omit<FindOneOptions<E>, 'where'> = {}): Promise<E> {
    const where = this.#whereKey('findOrFail', key)
    const found = await this.#reader.findOne(this.manager, { ...options, where })
    if (!found) throw new EntityNotFound(this.#entity.name, printCriteria(where))
    return found
  }

  async count(options: FindManyOptions<E> = {}): Promise<number> {
    this.#check('count', options)
    return this.#rows.count(options)
  }

  async countBy(where: Where<E>): Promise<number> {
    requireValues(this.#call('countBy'), where)
    return this.#rows.countBy(where)
  }

  async exists(options: FindManyOptions<E> = {}): Promise<boolean> {
    this.#check('exists', options)
    return this.#rows.exists(options)
  }

  async existsBy(where: Where<E>): Promise<boolean> {
    requireValues(this.#call('existsBy'), where)
    return this.#rows.existsBy(where)
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
    const entity = this.#rows.create(values)
    await refusingDuplicates(this.#entity.name, () => this.#rows.insert(entity as QueryDeepPartialEntity<E>))
    return entity
  }

  /**
   * Writes an entity and what it cascades to: a new row, or what changed of one that is there.
   * With `@VersionColumn`, a row that somebody else has changed since it was read is not overwritten.
   * @throws `DATA_DUPLICATE_ROW`; `DATA_VERSION_CONFLICT`, a 409 with the current version.
   */
  async save(entity: E): Promise<E> {
    const write = (): Promise<E> => refusingDuplicates(this.#entity.name, () => this.#rows.save(entity))
    const { versionColumn } = this.#metadata
    const version = versionColumn?.getEntityValue(entity) as number | undefined
    if (!versionColumn || version === undefined || !this.#rows.hasId(entity)) return write()
    return this.#unitOfWork().transaction(async () => {
      const key = this.#metadata.getEntityIdMap(entity) as FindOptionsWhere<E>
      const sameVersion = { [versionColumn.propertyName]: version } as QueryDeepPartialEntity<ObjectLiteral>
      // Takes the row, so that nobody changes it between this look and the write.
      const look = this.#rows.createQueryBuilder().update().set(sameVersion).updateEntity(false)
      const { affected } = await look.where({ ...key, ...sameVersion }).execute()
      if (affected === 0) {
        const current = await this.findOrFail(key, this.#asItIsNow)
        throw new VersionConflict(this.#entity.name, String(version), String(versionColumn.getEntityValue(current)))
      }
      return write()
    })
  }

  /**
   * Changes the rows that fit.
   * @returns How many there were.
   * @throws `DATA_DUPLICATE_ROW`
   */
  async update(criteria: Key<E>, changes: QueryDeepPartialEntity<E>): Promise<number> {
    const where = this.#whereKey('update', criteria)
    const { affected } = await refusingDuplicates(this.#entity.name, () => this.#rows.update(where, changes))
    return affected ?? 0
  }

  /** Deletes the rows that fit. @returns How many there were. */
  async delete(criteria: Key<E>): Promise<number> {
    const { affected } = await this.#rows.delete(this.#whereKey('delete', criteria))
    return affected ?? 0
  }

  /**
   * Writes many new rows, all or none.
   * @throws `DATA_DUPLICATE_ROW`
   */
  async insertMany(values: readonly DeepPartial<E>[]): Promise<readonly E[]> {
    const entities = values.map((each) => this.#rows.create(each))
    const chunk = Math.min(MOST_ROWS, Math.ceil(MOST_PARAMETERS / this.#metadata.columns.length))
    await refusingDuplicates(this.#entity.name, () =>
      this.#unitOfWork().transaction(async () => {
        for (let from = 0; from < entities.length; from += chunk) {
          await this.#rows.insert(entities.slice(from, from + chunk))
        }
      }),
    )
    return entities
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
    const where = this.#whereKey('updateVersion', key)
    const { versionColumn } = this.#metadata
    if (!versionColumn) throw new UnversionedEntity(this.#entity.name)
    requireValues(this.#call('updateVersion'), version, 'version')
    return this.#unitOfWork().transaction(async () => {
      const affected = await this.update({ ...where, [versionColumn.propertyName]: version }, changes)
      const row = await this.findOrFail(where, affected === 0 ? this.#asItIsNow : {})
      if (affected === 0)
        throw new VersionConflict(this.#entity.name, String(version), String(versionColumn.getEntityValue(row)))
      return row
    })
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
   * SQL of one's own in the current transaction; what stands in `${…}` becomes a parameter. Filters do not hold for it.
   * @throws `DATA_SQL_VALUE_MISSING`
   * @example `await this.sql<{ n: number }>\`SELECT COUNT(*) AS n FROM ticket WHERE state IN (${states})\``
   */
  protected async sql<R = Record<string, unknown>>(strings: TemplateStringsArray, ...values: unknown[]): Promise<R[]> {
    const { manager } = this
    const { text, parameters } = writeStatement(manager.dataSource, strings, values)
    return manager.query<R[]>(text, [...parameters])
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
  get #reader(): Reader<E> {
    this.#isFiltered ??= reachesFilter(this.#metadata)
    return this.#isFiltered || isLeavingOut() ? new TypeOrmReads(this.#entity) : this.#reads
  }

  get #queries(): EntityQueries<E> {
    return new EntityQueries({
      name: this.constructor.name,
      entity: this.#entity,
      rows: () => this.#rows,
      find: (options) => this.#reader.find(this.manager, options),
      findAndCount: (options) => this.#reader.findAndCount(this.manager, options),
      unitOfWork: this.#unitOfWork,
      maximumPageSize: this.maximumPageSize,
    })
  }

  get #rows(): TypeOrmRepository<E> {
    return this.manager.getRepository(this.#entity)
  }

  /** MySQL's transactions go on seeing what they have seen first; a lock looks at what is there. */
  get #asItIsNow(): FindOneOptions<E> {
    const { type } = this.manager.dataSource.options
    return type === 'mysql' || type === 'mariadb' ? { lock: { mode: 'pessimistic_read' } } : {}
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

  #whereKey(method: string, key: Key<E>): FindOptionsWhere<E> {
    const call = this.#call(method)
    const where = isPlainKey(key) ? { [this.#onlyKey(call, key)]: key } : key
    requireSome(call, where)
    return where as FindOptionsWhere<E>
  }

  #onlyKey(call: string, key: unknown): string {
    const [column, ...others] = this.#metadata.primaryColumns
    if (column && others.length === 0) return column.propertyName
    throw new TypeError(`${call}(${String(key)}): ${this.#entity.name} has a key of several columns; give all of them.`)
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
