/**
 * A condition in the form that everything else works on: negations stand at the atoms alone. A literal that cannot be
 * answered (the caller lacks the attribute) is then false either way, and what is not known of a caller never helps it.
 */
import type { CallSite, ConditionAtom, ConditionNode } from 'tenon/decorators'

/** What a part of a formula came from, for explanations. */
export interface Origin {
  /** `TicketPolicy: deny delete`, `@Roles('admin')`. */
  readonly name: string
  readonly at: CallSite
  /** In the words of `because`. */
  readonly reason?: string | undefined
}

export interface Literal {
  readonly kind: 'literal'
  readonly atom: ConditionAtom
  readonly negated: boolean
  readonly origin?: Origin | undefined
}

export type Formula =
  | { readonly kind: 'all' | 'any'; readonly of: readonly Formula[]; readonly origin?: Origin | undefined }
  | Literal

export const TRUE: Formula = { kind: 'all', of: [] }
export const FALSE: Formula = { kind: 'any', of: [] }

export function formulaOf(node: ConditionNode, origin?: Origin, negated = false): Formula {
  switch (node.kind) {
    case 'not':
      return formulaOf(node.of, origin, !negated)
    case 'all':
    case 'any': {
      const of = node.of.map((each) => formulaOf(each, origin, negated))
      return { kind: negated === (node.kind === 'all') ? 'any' : 'all', of, origin }
    }
    default:
      return { kind: 'literal', atom: node, negated, origin }
  }
}

export function all(of: readonly Formula[], origin?: Origin): Formula {
  return of.length === 1 && origin === undefined ? of[0]! : { kind: 'all', of, origin }
}

export function any(of: readonly Formula[], origin?: Origin): Formula {
  return of.length === 1 && origin === undefined ? of[0]! : { kind: 'any', of, origin }
}

/** Every literal, in the order it was written. */
export function literalsOf(formula: Formula): readonly Literal[] {
  return formula.kind === 'literal' ? [formula] : formula.of.flatMap(literalsOf)
}
