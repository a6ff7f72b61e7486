/** `ticket.project.ownerId.equals(user.id)`: fields as objects that write conditions down. */
import type { Principal } from 'tenon'
import type { AccessCondition, Comparison, ConditionNode, Operand, Scalar } from 'tenon/decorators'

import { kindOf } from '../conditions/values.ts'
import { PolicyValueUnusable } from '../access-errors.ts'

declare const VALUE: unique symbol

/** A field or attribute that can be compared with values of its type and with others like it. */
export interface Field<V extends Scalar, About extends 'caller' | 'row'> {
  readonly [VALUE]?: V
  equals<A extends 'caller' | 'row' = never>(other: Comparable<V, A>): AccessCondition<About | A>
  differs<A extends 'caller' | 'row' = never>(other: Comparable<V, A>): AccessCondition<About | A>
  lessThan<A extends 'caller' | 'row' = never>(other: Comparable<V, A>): AccessCondition<About | A>
  atMost<A extends 'caller' | 'row' = never>(other: Comparable<V, A>): AccessCondition<About | A>
  moreThan<A extends 'caller' | 'row' = never>(other: Comparable<V, A>): AccessCondition<About | A>
  atLeast<A extends 'caller' | 'row' = never>(other: Comparable<V, A>): AccessCondition<About | A>
  /** One of these values, or of a list that the caller has. */
  in(values: readonly V[] | ListField<V>): AccessCondition<About>
  isNull(): AccessCondition<About>
  isNotNull(): AccessCondition<About>
}

/** A list that belongs to the caller. */
export interface ListField<V extends Scalar> {
  readonly [VALUE]?: V
  includes<A extends 'caller' | 'row' = never>(value: Comparable<V, A>): AccessCondition<'caller' | A>
}

type Comparable<V extends Scalar, A extends 'caller' | 'row'> = Widened<V> | Field<V, A>
type Widened<V extends Scalar> = V extends boolean ? boolean : V

type Methods<T> = { [K in keyof T]: T[K] extends (...args: never[]) => unknown ? K : never }[keyof T]

/** What can be said of an entity: its columns, and those of what it refers to. */
export type Fields<E, About extends 'caller' | 'row' = 'row'> = {
  readonly [K in Exclude<keyof E, Methods<E>>]-?: FieldOf<NonNullable<E[K]>, About>
}

type FieldOf<V, About extends 'caller' | 'row'> = [V] extends [Scalar]
  ? Field<V, About>
  : V extends readonly (infer I)[]
    ? I extends Scalar
      ? ListField<I>
      : never
    : Fields<V, About>

/** What can be said of the caller; applications add attributes by extending `Principal`. */
export type CallerFields = Fields<Omit<Principal, 'roles' | 'scopes' | 'actor'>, 'caller'>

type Write = (left: Operand, other: unknown) => ConditionNode

const compare =
  (operator: Comparison): Write =>
  (left, other) => ({ kind: 'compare', operator, left, right: operandOf(other) })
const negated =
  (write: Write): Write =>
  (left, other) => ({ kind: 'not', of: write(left, other) })
const isIn: Write = (left, other) => ({ kind: 'in', left, right: operandOf(other) })

const WORDS: ReadonlyMap<string, Write> = new Map<string, Write>([
  ['equals', compare('equal')],
  ['differs', negated(compare('equal'))],
  ['lessThan', compare('less')],
  ['atMost', compare('lessOrEqual')],
  ['moreThan', compare('greater')],
  ['atLeast', compare('greaterOrEqual')],
  ['in', isIn],
  ['includes', (list, value) => isIn(operandOf(value), list)],
  ['isNull', (operand) => ({ kind: 'empty', operand })],
  ['isNotNull', (operand) => ({ kind: 'not', of: { kind: 'empty', operand } })],
])

const PATHS = new WeakMap<object, Operand>()

/** Fields of a row or of the caller. Only a call makes a word of a name, so columns may be called `in` or `equals`. */
export function fieldsOf<F>(from: 'row' | 'caller', path: readonly string[] = []): F {
  const proxy = new Proxy(() => undefined, {
    get: (_target, name) => (typeof name === 'string' ? fieldsOf(from, [...path, name]) : undefined),
    apply: (_target, _this, [other]: unknown[]) => {
      const write = WORDS.get(path.at(-1)!)
      if (!write) throw new TypeError(`${path.join('.')}() is no condition; known: ${[...WORDS.keys()].join(', ')}.`)
      return { node: write({ from, path: path.slice(0, -1) }, other) }
    },
  })
  PATHS.set(proxy, { from, path })
  return proxy as F
}

function operandOf(value: unknown): Operand {
  const known = typeof value === 'function' ? PATHS.get(value) : undefined
  if (known) return known
  for (const each of Array.isArray(value) ? (value as unknown[]) : [value]) {
    if (kindOf(each) === undefined) throw new PolicyValueUnusable(String(each))
  }
  return { from: 'value', value: value as Scalar | readonly Scalar[] }
}
