/** Answers the queries of one repository: finds, pages, batches and changes, with the filters that a query leaves out. */
import type { Class } from 'tenon/decorators'
import type {
  EntityMetadata,
  FindManyOptions,
  FindOptionsOrder,
  FindOptionsWhere,
  ObjectLiteral,
  Repository as TypeOrmRepository,
} from 'typeorm'
import type { QueryDeepPartialEntity } from 'typeorm/query-builder/QueryPartialEntity.js'

import { explainingConstraints } from '../broken-constraint.ts'
import { requireSome, requireValues } from '../criteria.ts'
import { EntityNotFound } from '../data-errors.ts'
import { leavingOut, SOFT_DELETE } from '../filters/left-out.ts'
import { readPage, type CursorPage, type CursorRequest, type Page, type PageRequest } from '../page.ts'
import type { UnitOfWork } from '../unit-of-work.ts'
import { readCursor, writeCursor, type CursorValue } from './cursor.ts'
import { requireOrder } from './require-order.ts'
import { isTime, orderedColumns, printOrder, rowsAfter, type OrderedColumn } from './keyset.ts'
import { mergeWhere } from './merge-where.ts'
import { printCriteria } from './print-criteria.ts'
import type { Asked, QueryState } from './query.ts'

/** What the queries need of their repository. */
export interface QuerySource<E extends ObjectLiteral> {
  readonly name: string
  readonly entity: Class<E>
  readonly rows: () => TypeOrmRepository<E>
  /** For what is no list of rows. */
  readonly read: <T>(read: (rows: TypeOrmRepository<E>) => Promise<T>) => Promise<T>
  readonly find: (options: FindManyOptions<E>) => E[] | Promise<E[]>
  readonly findAndCount: (options: FindManyOptions<E>) => Promise<[E[], number]>
  readonly unitOfWork: () => UnitOfWork
  readonly maximumPageSize: number
}

/** Rows that an iteration fetches at a time. */
const BATCH = 100

export class EntityQueries<E extends ObjectLiteral> implements Asked<E> {
  readonly name: string
  readonly #source: QuerySource<E>

  constructor(source: QuerySource<E>) {
    this.name = source.name
    this.#source = source
  }

  async rows(state: QueryState<E>): Promise<E[]> {
    return leavingOut(state.without, () => this.#source.find(optionsOf(state)))
  }

  async first(state: QueryState<E>, call: string): Promise<E | null> {
    if (state.where !== undefined) requireSome(call, state.where)
    const [found] = await this.rows({ ...state, order: totalOrder(this.#metadata, state.order), take: 1 })
    return found ?? null
  }

  async firstOrFail(state: QueryState<E>, call: string): Promise<E> {
    const found = await this.first(state, call)
    if (!found) throw new EntityNotFound(this.#source.entity.name, printCriteria(state.where))
    return found
  }

  count(state: QueryState<E>): Promise<number> {
    return leavingOut(state.without, () => this.#source.read((rows) => rows.count(optionsOf(state))))
  }

  exists(state: QueryState<E>): Promise<boolean> {
    return leavingOut(state.without, () => this.#source.read((rows) => rows.exists(optionsOf(state))))
  }

  async page(state: QueryState<E>, request: Pick<PageRequest<E>, 'page' | 'size'>): Promise<Page<E>> {
    const { page, size } = readPage(request, this.#source.maximumPageSize)
    const order = totalOrder(this.#metadata, state.order)
    const [items, total] = await leavingOut(state.without, () =>
      this.#source.findAndCount({ ...optionsOf({ ...state, order }), skip: (page - 1) * size, take: size }),
    )
    return { items, page, size, total, pages: Math.ceil(total / size) }
  }

  async cursorPage(state: QueryState<E>, { after, size }: CursorRequest): Promise<CursorPage<E>> {
    const rows = readPage(size === undefined ? {} : { size }, this.#source.maximumPageSize).size
    const order = totalOrder(this.#metadata, state.order)
    const columns = orderedColumns(this.#metadata, order)
    const list = printOrder(this.#metadata, columns)
    const { cursorSecret } = this.#source.unitOfWork()
    const from = after === undefined ? state : afterValues(state, columns, readCursor(after, list, cursorSecret))

    const found = await this.rows({ ...from, order, take: rows + 1 })

    const items = found.slice(0, rows)
    const last = items.at(-1)
    if (found.length <= rows || !last) return { items, next: null }
    return { items, next: writeCursor(await this.#valuesOf(last, columns), list, cursorSecret) }
  }

  async *batches(state: QueryState<E>): AsyncIterableIterator<E> {
    const { skip, ...said } = { ...state, order: totalOrder(this.#metadata, state.order) }
    const columns = orderedColumns(this.#metadata, said.order)
    let from: QueryState<E> = { ...said, ...(skip === undefined ? {} : { skip }) }
    for (let left = state.take ?? Number.POSITIVE_INFINITY; left > 0;) {
      const take = Math.min(BATCH, left)
      const items = await this.rows({ ...from, take })
      yield* items
      left -= items.length
      const last = items.at(-1)
      if (items.length < take || !last) return
      from = afterValues(said, columns, await this.#valuesOf(last, columns))
    }
  }

  async write(state: QueryState<E>, what: 'delete' | 'softDelete' | 'restore', call: string): Promise<number> {
    requireSome(call, state.where)
    const where = state.where as FindOptionsWhere<E>
    const { affected } = await explainingConstraints(this.#source.entity.name, 'delete', () =>
      leavingOut(state.without, () => this.#rows[what](where)),
    )
    return affected ?? 0
  }

  async update(state: QueryState<E>, changes: QueryDeepPartialEntity<E>, call: string): Promise<number> {
    requireSome(call, state.where)
    const where = state.where as FindOptionsWhere<E>
    const { affected } = await explainingConstraints(this.#source.entity.name, 'write', () =>
      leavingOut(state.without, () => this.#rows.update(where, changes)),
    )
    return affected ?? 0
  }

  recordLeftOut(filter: string, reason: string): void {
    requireValues(`${this.name}.without('${filter}')`, reason || undefined, 'reason')
    this.#source.unitOfWork().recordLeftOut(this.#source.entity, filter, reason)
  }

  get #rows(): TypeOrmRepository<E> {
    return this.#source.rows()
  }

  get #metadata(): EntityMetadata {
    return this.#rows.metadata
  }

  /** Times are asked for as the database writes them: it may keep more of them than a `Date` does. */
  async #valuesOf(row: E, columns: readonly OrderedColumn[]): Promise<readonly CursorValue[]> {
    const times = columns.filter(isTime)
    const texts = times.length === 0 ? {} : await this.#textsOf(row, times)
    return columns.map(({ column }) => texts[column.propertyName] ?? (column.getEntityValue(row) as CursorValue))
  }

  async #textsOf(row: E, times: readonly OrderedColumn[]): Promise<Record<string, string>> {
    const { type } = this.#rows.manager.dataSource.options
    const text = type === 'mysql' || type === 'mariadb' ? 'CHAR' : 'TEXT'
    const builder = this.#rows.createQueryBuilder('row').withDeleted().select([])
    for (const { column } of times) {
      builder.addSelect(`CAST(row.${column.propertyPath} AS ${text})`, column.propertyName)
    }
    const found = await builder.whereInIds(this.#metadata.getEntityIdMap(row)).getRawOne<Record<string, string>>()
    return found ?? {}
  }
}

/** The order, ended with the primary key where it says nothing of it: no two rows are equal by it. */
function totalOrder<E>(metadata: EntityMetadata, order: FindOptionsOrder<E> | undefined): FindOptionsOrder<E> {
  if (order) requireOrder(metadata, order)
  const byKey = metadata.primaryColumns.filter((column) => !(column.propertyName in (order ?? {})))
  const rest = Object.fromEntries(byKey.map((column) => [column.propertyName, 'ASC']))
  return { ...order, ...rest }
}

function optionsOf<E>({ without, ...options }: QueryState<E>): FindManyOptions<E> {
  return without.includes(SOFT_DELETE) ? { ...options, withDeleted: true } : options
}

function afterValues<E extends ObjectLiteral>(
  state: QueryState<E>,
  columns: readonly OrderedColumn[],
  values: readonly CursorValue[],
): QueryState<E> {
  return { ...state, where: mergeWhere(state.where, rowsAfter<E>(columns, values)) }
}
