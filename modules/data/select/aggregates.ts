/** What can be computed of many rows: `count() countDistinct() sum() avg() min() max()`. */
import type { ColumnPath, ColumnValue, ComparablePath, Joined, NumberPath } from './columns.ts'

export type AggregateKind = 'count' | 'countDistinct' | 'sum' | 'avg' | 'min' | 'max'

/** Of a column; of rows, for a count of `*`. */
export class Aggregate<Kind extends AggregateKind = AggregateKind, Path extends string = string> {
  readonly kind: Kind
  readonly path: Path

  constructor(kind: Kind, path: Path) {
    this.kind = kind
    this.path = path
  }
}

/** How many rows there are; with a column, in how many it is not empty. */
export function count(): Aggregate<'count', '*'>
export function count<const Path extends string>(path: Path): Aggregate<'count', Path>
export function count(path = '*'): Aggregate<'count'> {
  return new Aggregate('count', path)
}

/** How many different values there are. */
export function countDistinct<const Path extends string>(path: Path): Aggregate<'countDistinct', Path> {
  return new Aggregate('countDistinct', path)
}

/** `null` where there are no rows. */
export function sum<const Path extends string>(path: Path): Aggregate<'sum', Path> {
  return new Aggregate('sum', path)
}

/** `null` where there are no rows. */
export function avg<const Path extends string>(path: Path): Aggregate<'avg', Path> {
  return new Aggregate('avg', path)
}

/** `null` where there are no rows. */
export function min<const Path extends string>(path: Path): Aggregate<'min', Path> {
  return new Aggregate('min', path)
}

/** `null` where there are no rows. */
export function max<const Path extends string>(path: Path): Aggregate<'max', Path> {
  return new Aggregate('max', path)
}

/** What may be selected, each under a name of its own. */
export type Selection<J extends Joined> = Readonly<
  Record<
    string,
    | ColumnPath<J>
    | Aggregate<'count', ColumnPath<J> | '*'>
    | Aggregate<'countDistinct', ColumnPath<J>>
    | Aggregate<'sum' | 'avg', NumberPath<J>>
    | Aggregate<'min' | 'max', ComparablePath<J>>
  >
>

type ValueOf<J extends Joined, T> =
  T extends Aggregate<infer Kind, infer Path>
    ? Kind extends 'count' | 'countDistinct'
      ? number
      : Kind extends 'sum' | 'avg'
        ? number | null
        : ColumnValue<J, Path> | null
    : T extends string
      ? ColumnValue<J, T>
      : never

/** A row of the answer. */
export type Selected<J extends Joined, S extends Selection<J>> = { -readonly [K in keyof S]: ValueOf<J, S[K]> }
