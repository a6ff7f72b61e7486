/** Columns of joined entities and what is computed of them, asked word by word; every word is checked by the compiler. */
import type { Selected, Selection } from './aggregates.ts'
import type { ColumnPath, Joined, JoinedWhere, Operand, RelationPath, Related } from './columns.ts'

export interface JoinStep {
  readonly path: string
  readonly isLeft: boolean
}

/** What has been said so far. */
export interface SelectState {
  readonly joins: readonly JoinStep[]
  readonly selection: Selection<Joined>
  /** Each must hold; of its alternatives, any. */
  readonly where: readonly (readonly object[])[]
  readonly groupBy: readonly string[]
  readonly having: readonly object[]
  readonly order: Readonly<Record<string, Direction>>
  readonly limit?: number
  readonly offset?: number
}

/** Who asks: the repository. */
export type AskSelect = (state: SelectState, call: string) => Promise<object[]>

export type Direction = 'ASC' | 'DESC'

/** Entities that are joined, before it is said what is wanted of them. */
export class Joins<J extends Joined> {
  readonly #ask: AskSelect
  readonly #joins: readonly JoinStep[]

  constructor(ask: AskSelect, joins: readonly JoinStep[] = []) {
    this.#ask = ask
    this.#joins = joins
  }

  /** Rows that have such a relation, once for each row at its other end. */
  join<const P extends RelationPath<J>>(path: P): Joins<J & Readonly<Record<P, Related<J, P>>>> {
    return new Joins(this.#ask, [...this.#joins, { path, isLeft: false }])
  }

  /** Also rows without: their joined columns are `null`. */
  leftJoin<const P extends RelationPath<J>>(path: P): Joins<J & Readonly<Record<P, Related<J, P> | null>>> {
    return new Joins(this.#ask, [...this.#joins, { path, isLeft: true }])
  }

  /** @example `.select({ state: 'state', from: 'customer.email', tickets: count() })` */
  select<const S extends Selection<J>>(selection: S): SelectQuery<J, Selected<J, S>> {
    return new SelectQuery(this.#ask, {
      joins: this.#joins,
      selection: selection as Selection<Joined>,
      where: [],
      groupBy: [],
      having: [],
      order: {},
    })
  }
}

/** Every word answers a new query; it is asked when it is awaited. */
export class SelectQuery<J extends Joined, R extends object> implements PromiseLike<R[]> {
  readonly #ask: AskSelect
  readonly #state: SelectState

  constructor(ask: AskSelect, state: SelectState) {
    this.#ask = ask
    this.#state = state
  }

  /** Also these criteria; of several, any. @throws `DATA_CRITERIA_MISSING` when it is asked. */
  where(...alternatives: readonly [JoinedWhere<J>, ...JoinedWhere<J>[]]): SelectQuery<J, R> {
    return this.#with({ where: [...this.#state.where, alternatives] })
  }

  /** Also by columns that are not selected. Those that are selected beside something computed are grouped by anyway. */
  groupBy(...columns: readonly ColumnPath<J>[]): SelectQuery<J, R> {
    return this.#with({ groupBy: [...this.#state.groupBy, ...columns] })
  }

  /** Only groups that fit, by the names of the selection. */
  having(criteria: { readonly [K in keyof R]?: Operand<R[K]> }): SelectQuery<J, R> {
    return this.#with({ having: [...this.#state.having, criteria] })
  }

  /** By names of the selection, and by columns; after what is ordered by already. @throws `DATA_ORDER_INVALID` */
  orderBy(order: { readonly [K in (keyof R & string) | ColumnPath<J>]?: Direction }): SelectQuery<J, R> {
    return this.#with({ order: { ...this.#state.order, ...(order as Record<string, Direction>) } })
  }

  limit(rows: number): SelectQuery<J, R> {
    return this.#with({ limit: rows })
  }

  offset(rows: number): SelectQuery<J, R> {
    return this.#with({ offset: rows })
  }

  async first(): Promise<R | null> {
    const [row] = (await this.#ask({ ...this.#state, limit: 1 }, 'select')) as R[]
    return row ?? null
  }

  // oxlint-disable-next-line unicorn/no-thenable -- a query is there to be awaited
  then<A = R[], B = never>(
    fulfilled?: ((rows: R[]) => A | PromiseLike<A>) | null,
    rejected?: ((reason: unknown) => B | PromiseLike<B>) | null,
  ): Promise<A | B> {
    return (this.#ask(this.#state, 'select') as Promise<R[]>).then(fulfilled, rejected)
  }

  #with(more: Partial<SelectState>): SelectQuery<J, R> {
    return new SelectQuery(this.#ask, { ...this.#state, ...more })
  }
}
