/** Rules one by one with their words, for clients that check what they send before they send it. */
import type { DescribedField, DescribedRule } from 'tenon'

import type { JsonSchema } from './json-schema.ts'
import { ruleSchema, SAME_RULES } from './rule-schemas.ts'

/** Stands as `x-checks` beside what the rules say together. */
export interface Check {
  /** The rule, as problems name it: `isLength`. */
  readonly code: string
  /** What problems say of it. */
  readonly detail: string
  /** What the rule accepts, exactly. */
  readonly schema: JsonSchema
  /** It speaks of each element. */
  readonly each?: true
  /** It is broken where nothing is sent. */
  readonly refusesNothing?: true
}

const EXACT: ReadonlySet<string> = new Set(SAME_RULES)

/** Only rules whose schema accepts exactly what they accept: a client must not refuse what the application takes. */
export function checksOf({ rules, isConditional, isTransformed }: DescribedField): readonly Check[] {
  if (isConditional || isTransformed) return []
  return rules
    .filter(({ name }) => EXACT.has(name))
    .flatMap((rule) => partsOf(rule).flatMap((part) => checkOf(rule, part)))
}

interface Part {
  readonly schema: JsonSchema
  /** A value that breaks it. */
  readonly broken: unknown
}

/** A length that is too short is told in other words than one that is too long. */
function partsOf(rule: DescribedRule): readonly Part[] {
  const schema = ruleSchema(rule)
  if (schema === undefined) return []
  if (rule.name !== 'isLength' || schema['maxLength'] === undefined) return [{ schema, broken: undefined }]
  const { maxLength, ...least } = schema as JsonSchema & { readonly maxLength: number }
  const most: JsonSchema = { anyOf: [{ not: { type: 'string' } }, { maxLength }] }
  return [
    { schema: least, broken: undefined },
    { schema: most, broken: 'x'.repeat(maxLength + 1) },
  ]
}

function checkOf({ name, isEach, message, accepts }: DescribedRule, { schema, broken }: Part): readonly Check[] {
  const detail = message?.(broken)
  // Words about the value itself cannot be said before there is one.
  if (detail === undefined || detail.includes('$value')) return []
  const refusesNothing = broken === undefined && accepts?.(undefined) === false
  return [
    {
      code: name,
      detail,
      schema,
      ...(isEach ? { each: true } : {}),
      ...(refusesNothing ? { refusesNothing: true } : {}),
    },
  ]
}
