/** The rules of one field, as schemas of the whole value and of its elements. */
import type { DescribedRule } from 'tenon'

import { allOf, both } from './combine-schemas.ts'
import { typesOf, type JsonSchema } from './json-schema.ts'

/** The schema of one rule. */
export type RuleTranslator = (rule: DescribedRule) => JsonSchema

export interface FieldRules {
  readonly whole: JsonSchema
  /** Of each element, where rules speak of these; else `undefined`. */
  readonly element: JsonSchema | undefined
}

export function rulesOf(rules: readonly DescribedRule[], translate: RuleTranslator): FieldRules {
  const each = rules.filter(({ isEach }) => isEach)
  return {
    whole: readable(allOf(rules.filter(({ isEach }) => !isEach).map(translate))),
    element: each.length > 0 ? readable(allOf(each.map(translate))) : undefined,
  }
}

/** Where the type is known, not empty is better said by a length, and not `null` needs not to be said. */
function readable(schema: JsonSchema): JsonSchema {
  const types = typesOf(schema)
  if (!types) return schema
  const parts: readonly JsonSchema[] = [...(schema.not ? [{ not: schema.not }] : []), ...(schema.allOf ?? [])]
  const saysNotEmpty = (part: JsonSchema): boolean => JSON.stringify(part.not) === '{"enum":["",null]}'
  const saysNotNull = (part: JsonSchema): boolean => JSON.stringify(part.not) === '{"type":"null"}'
  if (types.includes('null') || !parts.some((part) => saysNotEmpty(part) || saysNotNull(part))) return schema
  const { not: _not, allOf: _allOf, ...rest } = schema
  const kept = parts.filter((part) => !saysNotEmpty(part) && !saysNotNull(part))
  const isText = types.includes('string') && parts.some(saysNotEmpty)
  const plain = isText && !schema.enum ? both(rest, { minLength: 1 }) : rest
  return kept.reduce(both, isText && schema.enum ? both(plain, { not: { const: '' } }) : plain)
}
