/** One rule as a yes or no: inlined where its form is known, else a call of what class-validator recorded. */
import { knownRule, type KnownRule } from './known-rules.ts'
import type { Rule } from './rule-book.ts'
import { argumentsOf } from './run-rules.ts'

/** Whether a rule holds. */
export interface RuleTest {
  holds(value: unknown, object: object): boolean
  /** The same for one value, as an expression; `isEach` asks for one of each element of an array. */
  readonly known: KnownRule | undefined
  readonly isEach: boolean
}

/**
 * Makes the test of a rule that answers at once. What is no plain `true` does not hold here: the slower way, which can
 * wait, then decides.
 */
export function ruleTest(rule: Rule): RuleTest {
  const { fact } = rule
  const known = knownRule(rule)
  const one = known ? (value: unknown) => known.test(value) : undefined
  const isEach = fact.each === true
  const asked = one ?? calledRule(rule)
  const every = (value: unknown, object: object): boolean => {
    if (!isEach) return asked(value, object, value)
    if (Array.isArray(value)) return value.every((each) => asked(each, object, value))
    const isCollection = value instanceof Set || value instanceof Map
    return isCollection ? [...value.values()].every((each) => asked(each, object, value)) : asked(value, object, value)
  }
  const { validateIf } = fact
  if (!validateIf) return { holds: every, known, isEach }
  const holds = (value: unknown, object: object): boolean => !validateIf(object, value) || every(value, object)
  return { holds, known: undefined, isEach }
}

function calledRule({ fact, constraints }: Rule): (value: unknown, object: object, whole: unknown) => boolean {
  return (value, object, whole) =>
    constraints.every(({ instance }) => instance.validate(value, argumentsOf(fact, object, whole)) === true)
}
