/** `@Budget`: what an endpoint may cost. */
import { annotate, type ClassOrMethodDecorator } from '../annotate.ts'
import { MetadataKey } from '../metadata.ts'

export interface BudgetFact {
  /** 99 of 100 calls are answered within so many milliseconds. */
  readonly p99?: number
  /** SQL statements of one call, those that begin and end transactions not counted. */
  readonly queries?: number
}

export const BUDGET = new MetadataKey<BudgetFact>('observability.budget')

/**
 * A promise about an endpoint, or all endpoints of a controller. In tests a call with more statements than `queries`
 * fails and lists them; `expectBudgets(app)` fails when the calls of a test were slower than `p99`. In production `p99` is
 * the threshold of the generated alert.
 */
export function Budget(budget: BudgetFact): ClassOrMethodDecorator {
  return annotate(BUDGET, budget)
}
