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
  FindOptionsOrder,
  FindOptionsWhere,
  ObjectLiteral,
  Repository as TypeOrmRepository,
  SelectQueryBuilder,
} from 'typeorm'
import type { QueryDeepPartialEntity } from 'typeorm/query-builder/QueryPartialEntity.js'

import { requireSome, requireValues, type Where } from './criteria.ts'
import { EntityNotFound, RepositoryWithoutEntity } from './data-errors.ts'
import { readPage, type Page, type PageRequest } from './page.ts'
import { EntityReads } from './reads/entity-reads.ts'
import { refusingDuplicates } from './unique-violation.ts'
import { UnitOfWork } from './unit-of-work.ts'

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
    return this.#reads.find(this.manager, options)
  }

  async findBy(where: Where<E>): Promise<E[]> {
    requireValues(this.#call('findBy'), where)
    return this.#reads.find(this.manager, { where })
  }

  /** The first row that fits. */
  async findOne(options: FindOneOptions<E>): Promise<E | null> {
    requireSome(this.#call('findOne'), options.where)
    return this.#reads.findOne(this.manager, options)
  }

  async findOneBy(where: Where<E>): Promise<E | null> {
    requireSome(this.#call('findOneBy'), where)
    return this.#reads.findOne(this.manager, { where })
  }

  /**
   * The row with this primary key.
   * @throws `DATA_ENTITY_NOT_FOUND`, a 404 at the edge.
   */
  async findOrFail(key: Key<E>, options: Omit<FindOneOptions<E>, 'where'> = {}): Promise<E> {
    const where = this.#whereKey('findOrFail', key)
    const found = await this.#reads.findOne(this.manager, { ...options, where })
    if (!found) throw new EntityNotFound(this.#entity.name, printKey(where))
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
    const { page, size } = readPage(request, this.maximumPageSize)
    const { where, relations, order } = request
    const [items, total] = await this.#reads.findAndCount(this.manager, {
      ...(where === undefined ? {} : { where }),
      ...(relations === undefined ? {} : { relations }),
      order: this.#totalOrder(order),
      skip: (page - 1) * size,
      take: size,
    })
    return { items, page, size, total, pages: Math.ceil(total / size) }
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
   * @throws `DATA_DUPLICATE_ROW`
   */
  async save(entity: E): Promise<E> {
    return refusingDuplicates(this.#entity.name, () => this.#rows.save(entity))
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

  /** TypeORM's query builder in the current transaction, for what the methods above cannot say. */
  queryBuilder(alias: string = this.#metadata.tableName): SelectQueryBuilder<E> {
    return this.#rows.createQueryBuilder(alias)
  }

  /** TypeORM's manager of the current transaction. */
  protected get manager(): EntityManager {
    return this.#unitOfWork().manager
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

  #totalOrder(order: FindOptionsOrder<E> | undefined): FindOptionsOrder<E> {
    const byKey = this.#metadata.primaryColumns.filter((column) => !(column.propertyName in (order ?? {})))
    const rest = Object.fromEntries(byKey.map((column) => [column.propertyName, 'ASC']))
    return { ...order, ...rest } as FindOptionsOrder<E>
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

function printKey(where: object): string {
  return Object.entries(where)
    .map(([name, value]) => `${name} ${isDate(value) ? value.toISOString() : String(value)}`)
    .join(', ')
}
