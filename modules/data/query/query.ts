/** A question to one entity, put together word by word, and asked when it is awaited or iterated. */
import type { FindOptionsOrder, FindOptionsRelations, ObjectLiteral } from 'typeorm'
import type { QueryDeepPartialEntity } from 'typeorm/query-builder/QueryPartialEntity.js'

import { requireValues, type Where } from '../criteria.ts'
import type { CursorPage, CursorRequest, Page, PageRequest } from '../page.ts'
import { mergeWhere } from './merge-where.ts'

/** What has been said so far. */
export interface QueryState<E> {
  readonly where?: Where<E>
  readonly order?: FindOptionsOrder<E>
  readonly take?: number
  readonly skip?: number
  readonly relations?: FindOptionsRelations<E>
  readonly without: readonly string[]
}

/** Who asks: the repository. */
export interface Asked<E extends ObjectLiteral> {
  readonly name: string
  rows(state: QueryState<E>): Promise<E[]>
  batches(state: QueryState<E>): AsyncIterableIterator<E>
  first(state: QueryState<E>, call: string): Promise<E | null>
  firstOrFail(state: QueryState<E>, call: string): Promise<E>
  count(state: QueryState<E>): Promise<number>
  exists(state: QueryState<E>): Promise<boolean>
  page(state: QueryState<E>, request: Pick<PageRequest<E>, 'page' | 'size'>): Promise<Page<E>>
  cursorPage(state: QueryState<E>, request: CursorRequest): Promise<CursorPage<E>>
  write(state: QueryState<E>, what: 'delete' | 'softDelete' | 'restore', call: string): Promise<number>
  update(state: QueryState<E>, changes: QueryDeepPartialEntity<E>, call: string): Promise<number>
  recordLeftOut(filter: string, reason: string): void
}

/**
 * Every word answers a new query; the one before stays as it is.
 * @example
 * const urgent = tickets.where({ priority: 'urgent' }).orderBy({ createdAt: 'ASC' })
 * for await (const ticket of urgent) { … }
 * const first = await urgent.limit(10)
 */
export class Query<E extends ObjectLiteral> implements PromiseLike<E[]>, AsyncIterable<E> {
  readonly #asked: Asked<E>
  readonly #state: QueryState<E>

  constructor(asked: Asked<E>, state: QueryState<E> = { without: [] }) {
    this.#asked = asked
    this.#state = state
  }

  /** Also these criteria. @throws `DATA_CRITERIA_MISSING` */
  where(where: Where<E>): Query<E> {
    requireValues(this.#call('where'), where)
    return this.#with({ where: mergeWhere(this.#state.where, where) })
  }

  /** After what is ordered by already. */
  orderBy(order: FindOptionsOrder<E>): Query<E> {
    return this.#with({ order: { ...this.#state.order, ...order } })
  }

  limit(rows: number): Query<E> {
    return this.#with({ take: rows })
  }

  offset(rows: number): Query<E> {
    return this.#with({ skip: rows })
  }

  /** Loads these relations as well. */
  with(relations: FindOptionsRelations<E>): Query<E> {
    return this.#with({ relations: { ...this.#state.relations, ...relations } })
  }

  /**
   * Leaves a filter out; `softDelete` is the one of deleted rows.
   * @param reason - Why; it is logged with the filter and the entity.
   */
  without(filter: string, reason: string): Query<E> {
    this.#asked.recordLeftOut(filter, reason)
    return this.#with({ without: [...this.#state.without, filter] })
  }

  first(): Promise<E | null> {
    return this.#asked.first(this.#state, this.#call('first'))
  }

  /** @throws `DATA_ENTITY_NOT_FOUND`, a 404 at the edge. */
  firstOrFail(): Promise<E> {
    return this.#asked.firstOrFail(this.#state, this.#call('firstOrFail'))
  }

  count(): Promise<number> {
    return this.#asked.count(this.#state)
  }

  exists(): Promise<boolean> {
    return this.#asked.exists(this.#state)
  }

  /** @throws `DATA_PAGE_INVALID`, `DATA_PAGE_TOO_LARGE` */
  paginate(request: Pick<PageRequest<E>, 'page' | 'size'> = {}): Promise<Page<E>> {
    return this.#asked.page(this.#state, request)
  }

  /**
   * The page after a cursor, without counting: as fast at the end of a list as at its beginning.
   * @throws `DATA_CURSOR_INVALID`, `DATA_CURSOR_ORDER_NULLABLE`, `DATA_PAGE_INVALID`, `DATA_PAGE_TOO_LARGE`
   */
  paginateByCursor(request: CursorRequest = {}): Promise<CursorPage<E>> {
    return this.#asked.cursorPage(this.#state, request)
  }

  /** @returns How many rows there were. @throws `DATA_CRITERIA_EMPTY` without criteria. */
  update(changes: QueryDeepPartialEntity<E>): Promise<number> {
    return this.#asked.update(this.#state, changes, this.#call('update'))
  }

  /** @returns How many rows there were. @throws `DATA_CRITERIA_EMPTY` without criteria. */
  delete(): Promise<number> {
    return this.#asked.write(this.#state, 'delete', this.#call('delete'))
  }

  /** Marks the rows as deleted, for entities with `@DeleteDateColumn`. @throws `DATA_CRITERIA_EMPTY` */
  softDelete(): Promise<number> {
    return this.#asked.write(this.#state, 'softDelete', this.#call('softDelete'))
  }

  /** Takes the mark away. @throws `DATA_CRITERIA_EMPTY` */
  restore(): Promise<number> {
    return this.#asked.write(this.#state, 'restore', this.#call('restore'))
  }

  // oxlint-disable-next-line unicorn/no-thenable -- a query is there to be awaited
  then<A = E[], B = never>(
    fulfilled?: ((rows: E[]) => A | PromiseLike<A>) | null,
    rejected?: ((reason: unknown) => B | PromiseLike<B>) | null,
  ): Promise<A | B> {
    return this.#asked.rows(this.#state).then(fulfilled, rejected)
  }

  /** Row by row, fetched a hundred at a time by key; none is lost or seen twice when others come and go. */
  [Symbol.asyncIterator](): AsyncIterableIterator<E> {
    return this.#asked.batches(this.#state)
  }

  #with(more: Partial<QueryState<E>>): Query<E> {
    return new Query(this.#asked, { ...this.#state, ...more })
  }

  #call(method: string): string {
    return `${this.#asked.name}.${method}`
  }
}
