/** The rules of one entity, and the formulas that follow from them: one for each action, and each action on a field. */
import { POLICY, type AbstractClass, type CallSite, type Class, type ConditionNode } from 'tenon/decorators'

import { all, any, formulaOf, type Formula, type Origin } from '../conditions/formula.ts'

export interface PolicyRule {
  readonly effect: 'allow' | 'deny'
  readonly actions: readonly string[]
  /** All must hold. */
  readonly conditions: ConditionNode[]
  fields?: readonly string[]
  reason?: string
  readonly at: CallSite
}

export interface PolicyParts<E extends object> {
  readonly entity: Class<E>
  readonly name: string
  readonly rules: readonly PolicyRule[]
  readonly filter: boolean
  readonly at: CallSite
}

/** Made by `definePolicy`. */
export class ResourcePolicy<E extends object = object> {
  readonly entity: Class<E>
  readonly name: string
  readonly rules: readonly PolicyRule[]
  /** Whether repositories are filtered by it. */
  readonly filter: boolean
  readonly at: CallSite
  readonly #formulas = new Map<string, Formula>()

  constructor({ entity, name, rules, filter, at }: PolicyParts<E>) {
    this.entity = entity
    this.name = name
    this.rules = rules
    this.filter = filter
    this.at = at
  }

  /** Every action that a rule names. */
  get actions(): readonly string[] {
    return [...new Set(this.rules.flatMap(({ actions }) => actions))]
  }

  /**
   * When the action is allowed: one allowance holds, and no denial. Asked for a field, rules of other fields do not count;
   * asked for the row, allowances of any field do, and denials of fields do not.
   */
  formula(action: string, field?: string): Formula {
    const key = JSON.stringify([action, field])
    let formula = this.#formulas.get(key)
    if (!formula) this.#formulas.set(key, (formula = this.#make(action, field)))
    return formula
  }

  /** Whether some fields are treated unlike others for the action, so that masks are needed. */
  hasFieldRules(action: string): boolean {
    return this.rules.some(({ actions, fields }) => fields !== undefined && actions.includes(action))
  }

  #make(action: string, field: string | undefined): Formula {
    const rules = this.rules.filter(({ actions }) => actions.includes(action))
    const concerns = ({ fields }: PolicyRule): boolean => fields === undefined || fields.includes(field!)
    const allows = rules.filter((rule) => rule.effect === 'allow' && (field === undefined || concerns(rule)))
    const denies = rules.filter(
      (rule) => rule.effect === 'deny' && (field === undefined ? rule.fields === undefined : concerns(rule)),
    )
    return all([
      any(allows.map((rule) => this.#ruleFormula(rule, action))),
      ...denies.map((rule) => this.#ruleFormula(rule, action)),
    ])
  }

  #ruleFormula({ effect, conditions, at, reason, fields }: PolicyRule, action: string): Formula {
    const name = `${this.name}: ${effect} ${action}${fields ? ` of ${fields.join(', ')}` : ''}`
    const origin: Origin = { name, at, reason }
    const made = formulaOf({ kind: 'all', of: conditions }, origin, effect === 'deny')
    return made.kind === 'literal' ? { kind: 'all', of: [made], origin } : made
  }
}

/** The policy of an entity's class, or of the class it extends. */
export function policyOf(entity: AbstractClass): ResourcePolicy | undefined {
  return POLICY.read(entity) as ResourcePolicy | undefined
}
