/** How a repository reaches its rows: in the current transaction or a replica, by plan or by TypeORM, filters kept. */
import type { Class } from 'tenon/decorators'
import type {
  DataSource,
  EntityManager,
  EntityMetadata,
  FindOneOptions,
  ObjectLiteral,
  Repository as TypeOrmRepository,
} from 'typeorm'

import { isLeavingOut } from '../filters/left-out.ts'
import { reachesFilter } from '../filters/reaches-filter.ts'
import { readingApart } from '../owners/reads-apart.ts'
import { EntityQueries } from '../query/entity-queries.ts'
import { RelatedRows } from '../query/related-rows.ts'
import { requireOrder } from '../query/require-order.ts'
import { TypeOrmReads, type Reader } from '../query/typeorm-reads.ts'
import { isOnReplica } from '../replicas/route.ts'
import { Joins } from '../select/select-query.ts'
import { selectRows } from '../select/select-rows.ts'
import type { UnitOfWork } from '../unit-of-work.ts'
import { EntityReads } from './entity-reads.ts'

/** What the reads need of their repository. */
export interface ReadSource<E extends ObjectLiteral> {
  /** What the repository is called in errors. */
  readonly name: string
  readonly entity: Class<E>
  readonly unitOfWork: () => UnitOfWork
  readonly maximumPageSize: () => number
}

export class RepositoryReads<E extends ObjectLiteral> {
  readonly #source: ReadSource<E>
  readonly #entity: Class<E>
  /** By data source: plans are made for one; replicas have their own. */
  readonly #readers = new WeakMap<DataSource, Reader<E>>()
  /** By transaction: each reads for itself. */
  readonly #related = new WeakMap<EntityManager, RelatedRows<E>>()
  /** Known with the first read: what decorators say does not change. */
  #isFiltered: boolean | undefined

  constructor(source: ReadSource<E>) {
    this.#source = source
    this.#entity = source.entity
  }

  get manager(): EntityManager {
    return this.#source.unitOfWork().manager
  }

  get rows(): TypeOrmRepository<E> {
    return this.manager.getRepository(this.#entity)
  }

  get metadata(): EntityMetadata {
    return this.rows.metadata
  }

  /** Reads entities. @param mayBeOld - Whether a replica may answer; by default, as the running code has said. */
  read<T>(read: (reader: Reader<E>, manager: EntityManager) => T | Promise<T>, mayBeOld?: boolean): T | Promise<T> {
    return this.#source.unitOfWork().read((manager) => read(this.#readerOf(manager), manager), mayBeOld)
  }

  /** Reads what is no list of entities. */
  async readRows<T>(read: (rows: TypeOrmRepository<E>) => Promise<T>, mayBeOld?: boolean): Promise<T> {
    return this.#source.unitOfWork().read((manager) => read(manager.getRepository(this.#entity)), mayBeOld)
  }

  /** @throws `DATA_ORDER_INVALID` */
  ordered<O extends FindOneOptions<E>>(options: O): O {
    if (options.order) requireOrder(this.metadata, options.order)
    return options
  }

  /** A query is asked later than it is put together, and knows then how it was begun. */
  get queries(): EntityQueries<E> {
    const mayBeOld = isOnReplica()
    const { name, unitOfWork, maximumPageSize } = this.#source
    return new EntityQueries({
      name,
      entity: this.#entity,
      rows: () => this.rows,
      read: (read) => this.readRows(read, mayBeOld || isOnReplica()),
      find: (options) =>
        this.read((reader, manager) => reader.find(manager, this.ordered(options)), mayBeOld || isOnReplica()),
      findAndCount: async (options) =>
        this.read((reader, manager) => reader.findAndCount(manager, this.ordered(options)), mayBeOld || isOnReplica()),
      unitOfWork,
      maximumPageSize: maximumPageSize(),
    })
  }

  get joins(): Joins<{ '': E }> {
    const mayBeOld = isOnReplica()
    return new Joins((state, method) =>
      this.readRows((rows) => selectRows(rows, state, `${this.#source.name}.${method}`), mayBeOld || isOnReplica()),
    )
  }

  /** What is asked for within one tick of one transaction is read together. */
  related<R extends keyof E & string>(row: E, relation: R): Promise<E[R]> {
    const { manager } = this
    let rows = this.#related.get(manager)
    if (!rows) {
      rows = new RelatedRows(this.metadata, async (options) => this.read((reader, from) => reader.find(from, options)))
      this.#related.set(manager, rows)
    }
    return rows.of(row, relation) as Promise<E[R]>
  }

  /** Reads by plan, unless filters make every read another. */
  #readerOf({ dataSource }: EntityManager): Reader<E> {
    this.#isFiltered ??= reachesFilter(this.metadata)
    if (this.#isFiltered || isLeavingOut()) return this.#reaching(dataSource, new TypeOrmReads(this.#entity))
    let reads = this.#readers.get(dataSource)
    if (!reads) {
      reads = this.#reaching(dataSource, new EntityReads(this.#entity))
      this.#readers.set(dataSource, reads)
    }
    return reads
  }

  /** With what rows point at in another database. */
  #reaching(source: DataSource, reader: Reader<E>): Reader<E> {
    const { unitOfWork } = this.#source
    return readingApart(
      reader,
      source.getMetadata(this.#entity),
      ({ target }) => unitOfWork().keeping(target as Class).manager,
    )
  }
}
