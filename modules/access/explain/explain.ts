/**
 * The fewest facts that would turn a refusal into an allowance. Ways are put together along the formula, and each is
 * tried out before it is told: what an explanation says is true.
 */
import type { Facts } from '../conditions/evaluate.ts'
import { holds, literalHolds } from '../conditions/evaluate.ts'
import { literalsOf, type Formula, type Origin } from '../conditions/formula.ts'
import { applyFacts } from './apply-facts.ts'
import type { MissingFact } from './explanation.ts'
import { factsFor } from './facts-for.ts'

/** Ways kept at each step. */
const WAYS = 24
/** One change can undo what another was for; then the rest is looked for again from there. */
const ROUNDS = 3

interface Way {
  readonly facts: readonly MissingFact[]
  /** The rule whose allowance it brings about, or whose denial it ends. */
  readonly origin: Origin | undefined
}

export interface Finding {
  readonly facts: readonly MissingFact[]
  readonly origin: Origin | undefined
}

/** Why a formula does not hold. */
export function findMissing(formula: Formula, facts: Facts): Finding {
  const ways = waysTo(formula, facts)
  for (const way of ways) {
    const found = complete(formula, facts, way.facts, ROUNDS)
    if (found) return { facts: found, origin: way.origin }
  }
  return { facts: [], origin: blockingOrigin(formula, facts) }
}

/** The rule by which a formula holds. */
export function decidingOrigin(formula: Formula, facts: Facts): Origin | undefined {
  if (formula.kind === 'literal') return formula.origin
  const found = formula.of.filter((each) => holds(each, facts)).map((each) => decidingOrigin(each, facts))
  return formula.origin ?? found.find((each) => each !== undefined)
}

function complete(
  formula: Formula,
  facts: Facts,
  changes: readonly MissingFact[],
  rounds: number,
): readonly MissingFact[] | undefined {
  const after: Facts = { ...facts, ...applyFacts(facts, changes) }
  if (holds(formula, after)) return changes
  if (rounds === 0) return undefined
  for (const { facts: further } of waysTo(formula, after).slice(0, 4)) {
    const found = further.length > 0 && complete(formula, facts, merge(changes, further), rounds - 1)
    if (found) return found
  }
  return undefined
}

function waysTo(formula: Formula, facts: Facts): readonly Way[] {
  if (formula.kind === 'literal') {
    if (literalHolds(formula, facts)) return [{ facts: [], origin: undefined }]
    return factsFor(formula, facts).map((each) => ({ facts: each, origin: formula.origin }))
  }
  const parts = formula.of.map((each) => waysTo(each, facts))
  const ways = formula.kind === 'any' ? parts.flat() : product(parts)
  return ways
    .map((way) => (way.facts.length > 0 && formula.origin ? { ...way, origin: formula.origin } : way))
    .toSorted((a, b) => a.facts.length - b.facts.length)
    .slice(0, WAYS)
}

function product(parts: readonly (readonly Way[])[]): readonly Way[] {
  return parts.reduce<readonly Way[]>(
    (ways, part) =>
      ways
        .flatMap((way) =>
          part.map((other) => ({ facts: merge(way.facts, other.facts), origin: way.origin ?? other.origin })),
        )
        .toSorted((a, b) => a.facts.length - b.facts.length)
        .slice(0, WAYS),
    [{ facts: [], origin: undefined }],
  )
}

/** Of two changes of the same thing the later one counts; a list can be changed by several. */
function merge(one: readonly MissingFact[], other: readonly MissingFact[]): readonly MissingFact[] {
  const merged = new Map(one.map((fact) => [keyOf(fact), fact]))
  for (const fact of other) {
    merged.delete(keyOf(fact))
    merged.set(keyOf(fact), fact)
  }
  return [...merged.values()]
}

function keyOf({ of, path, must, value }: MissingFact): string {
  const isMember = must === 'include' || must === 'not include'
  return JSON.stringify([of, path, ...(isMember ? [String(value)] : [])])
}

/** The first rule that stands in the way, where no fact would help. */
function blockingOrigin(formula: Formula, facts: Facts): Origin | undefined {
  if (formula.kind === 'literal') return formula.origin
  for (const each of formula.of) {
    if (holds(each, facts)) continue
    const found = each.kind === 'literal' ? each.origin : (each.origin ?? blockingOrigin(each, facts))
    if (found) return found
  }
  return formula.origin ?? literalsOf(formula)[0]?.origin
}
