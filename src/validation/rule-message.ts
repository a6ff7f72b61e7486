/** What a broken rule says: the author's message or the rule's own, with `$value` and its like filled in. */
import type { ConstraintClass, ConstraintFact, RuleArguments } from './validation-metadata.ts'

/** @param constraint - The broken constraint; `undefined` for `@ValidateNested`, whose message is the fact's. */
export function ruleMessage(
  fact: ConstraintFact,
  constraint: ConstraintClass | undefined,
  args: RuleArguments,
): string | undefined {
  const { instance } = constraint ?? {}
  const own = fact.message || (instance?.defaultMessage instanceof Function ? instance.defaultMessage(args) : '')
  const text = own instanceof Function ? own(args) : own
  return typeof text === 'string' ? fillIn(text, args) : text
}

/** What callers sent is filled in as class-validator does: `$` patterns of `replace` in it included. */
function fillIn(text: string, { constraints, value, property, targetName }: RuleArguments): string {
  let filled = text
  if (Array.isArray(constraints)) {
    for (const [index, constraint] of constraints.entries()) {
      if (filled) filled = filled.replace(new RegExp(`\\$constraint${index + 1}`, 'g'), textOf(constraint))
    }
  }
  if (filled && (typeof value === 'string' || typeof value === 'boolean' || typeof value === 'number')) {
    filled = filled.replace(/\$value/g, String(value))
  }
  return filled.replace(/\$property/g, property).replace(/\$target/g, String(targetName))
}

function textOf(constraint: unknown): string {
  if (Array.isArray(constraint)) return constraint.join(', ')
  return typeof constraint === 'symbol' ? String(constraint.description) : `${constraint as string}`
}
