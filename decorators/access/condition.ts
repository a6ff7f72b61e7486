/**
 * What must be true of a caller, or of a caller and a row, as data: written once, and read by whoever decides, filters,
 * masks, documents or explains.
 */
import { callSite, type CallSite } from '../call-site.ts'

/** What a condition can compare. */
export type Scalar = string | number | boolean | Date

export type Comparison = 'equal' | 'less' | 'lessOrEqual' | 'greater' | 'greaterOrEqual'

/** Where a value comes from: a field of the row, an attribute of the caller, or the policy itself. */
export type Operand =
  | { readonly from: 'row' | 'caller'; readonly path: readonly string[] }
  | { readonly from: 'value'; readonly value: Scalar | readonly Scalar[] }

export type ConditionNode =
  | { readonly kind: 'all' | 'any'; readonly of: readonly ConditionNode[] }
  | { readonly kind: 'not'; readonly of: ConditionNode }
  | ConditionAtom

/** One thing that is true or not. */
export type ConditionAtom =
  | { readonly kind: 'known'; readonly schemes: readonly string[] }
  /** The caller's credential is not limited to scopes. */
  | { readonly kind: 'unlimited' }
  | { readonly kind: 'role' | 'scope' | 'permission'; readonly name: string }
  | { readonly kind: 'compare'; readonly operator: Comparison; readonly left: Operand; readonly right: Operand }
  | { readonly kind: 'in'; readonly left: Operand; readonly right: Operand }
  | { readonly kind: 'empty'; readonly operand: Operand }
  | {
      readonly kind: 'code'
      readonly says: string
      readonly test: (row: never, caller: never) => boolean
      readonly at: CallSite
    }

declare const ABOUT: unique symbol

/** @typeParam About - `caller` alone, or `row` as well. */
export interface AccessCondition<About extends 'caller' | 'row' = 'caller' | 'row'> {
  readonly node: ConditionNode
  readonly [ABOUT]?: About
}

/** A condition on the caller alone: what `@Authorize` takes. */
export type Requirement = AccessCondition<'caller'>

/** The caller has the role, or one that includes it. */
export function role(name: string): Requirement {
  return { node: { kind: 'role', name } }
}

/** The caller's credential is not limited, or its limits include this scope. */
export function scope(name: string): Requirement {
  return { node: { kind: 'scope', name } }
}

/** A role of the caller grants the permission, and the limits of the credential do not exclude it. */
export function permission(name: string): Requirement {
  return { node: { kind: 'permission', name } }
}

/** There is a caller, known in one of these ways. Default: in any. */
export function known(...schemes: readonly string[]): Requirement {
  return { node: { kind: 'known', schemes } }
}

/** All of these. Of none: true. */
export function allOf<A extends 'caller' | 'row'>(...conditions: readonly AccessCondition<A>[]): AccessCondition<A> {
  return { node: { kind: 'all', of: conditions.map(({ node }) => node) } }
}

/** One of these. Of none: false. */
export function anyOf<A extends 'caller' | 'row'>(...conditions: readonly AccessCondition<A>[]): AccessCondition<A> {
  return { node: { kind: 'any', of: conditions.map(({ node }) => node) } }
}

/** The opposite. What depends on an attribute that the caller does not have is not true either way. */
export function not<A extends 'caller' | 'row'>(condition: AccessCondition<A>): AccessCondition<A> {
  return { node: { kind: 'not', of: condition.node } }
}

/**
 * A condition in code, for what fields cannot say. It decides on rows at hand; no list can be filtered by it, which the
 * check refuses where one would have to be.
 * @param says - What it asks for, for explanations: `the ticket is in office hours`.
 */
export function satisfies<E = unknown, P = unknown>(
  says: string,
  test: (row: E, caller: P) => boolean,
): AccessCondition<'row'> {
  return { node: { kind: 'code', says, test, at: callSite() } }
}
