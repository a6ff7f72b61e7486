/** The types of columns and relations that a query may name, by the entities it has joined. */
import type { FindOperator } from 'typeorm'

type Scalar = string | number | boolean | bigint | Date | Uint8Array

/** Entities by the path of their relation, `''` for the one that it begins with; with `null` where a left join may find none. */
export type Joined = Readonly<Record<string, object | null>>

type ColumnOf<E> = { [K in keyof E & string]: NonNullable<E[K]> extends Scalar ? K : never }[keyof E & string]

type RelationOf<E> = {
  [K in keyof E & string]: NonNullable<E[K]> extends Scalar | Function
    ? never
    : NonNullable<E[K]> extends object
      ? K
      : never
}[keyof E & string]

type Named<Path extends string, Name extends string> = Path extends '' ? Name : `${Path}.${Name}`

/** `title`, `customer.email`, `customer.region.name`. */
export type ColumnPath<J extends Joined> = {
  [P in keyof J & string]: Named<P, ColumnOf<NonNullable<J[P]>>>
}[keyof J & string]

/** Relations that can be joined to what is there: `customer`, then `customer.region`. */
export type RelationPath<J extends Joined> = {
  [P in keyof J & string]: Named<P, RelationOf<NonNullable<J[P]>>>
}[keyof J & string]

type Member<J extends Joined, Path extends string> = {
  [P in keyof J & string]: Path extends Named<P, infer K extends string>
    ? K extends keyof NonNullable<J[P]>
      ? NonNullable<J[P]>[K] | Extract<J[P], null>
      : never
    : never
}[keyof J & string]

/** What a column holds. */
export type ColumnValue<J extends Joined, Path extends string> = Member<J, Path>

type Element<T> = T extends readonly (infer Each)[] ? Each : T

/** The entity at the other end of a relation. */
export type Related<J extends Joined, Path extends string> = Extract<Element<NonNullable<Member<J, Path>>>, object>

type PathOf<J extends Joined, T> = {
  [P in ColumnPath<J>]: NonNullable<ColumnValue<J, P>> extends T ? P : never
}[ColumnPath<J>]

export type NumberPath<J extends Joined> = PathOf<J, number | bigint>
export type ComparablePath<J extends Joined> = PathOf<J, string | number | bigint | Date>

/** A value as the column holds it, or an operator for such: `MoreThan(3)`, `In(['a', 'b'])`, `IsNull()`. */
export type Operand<T> = NonNullable<T> | FindOperator<NonNullable<T>>

/** Criteria by column. */
export type JoinedWhere<J extends Joined> = { readonly [P in ColumnPath<J>]?: Operand<ColumnValue<J, P>> }
