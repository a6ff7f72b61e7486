/** `definePolicy`: who may do what to the rows of an entity, said once. */
import { callSite, POLICY, type AccessCondition, type Class } from 'tenon/decorators'

import { PolicyRepeated } from '../access-errors.ts'
import { fieldsOf, type CallerFields, type Fields } from './fields.ts'
import { filterRows } from './filter-rows.ts'
import { ResourcePolicy, type PolicyRule } from './resource-policy.ts'

/** One rule, word by word. Rules of which nothing is said hold always. */
export class RuleWriter<E extends object> {
  readonly #rule: PolicyRule

  constructor(rule: PolicyRule) {
    this.#rule = rule
  }

  /** All of these must hold; said again, those too. */
  when(...conditions: readonly AccessCondition[]): this {
    this.#rule.conditions.push(...conditions.map(({ node }) => node))
    return this
  }

  /** None of these may hold. */
  unless(...conditions: readonly AccessCondition[]): this {
    this.#rule.conditions.push(...conditions.map(({ node }) => ({ kind: 'not', of: node }) as const))
    return this
  }

  /** For these fields alone. An allowance for fields lets nobody near the others; a denial leaves them open. */
  fields(...names: readonly (keyof E & string)[]): this {
    this.#rule.fields = [...(this.#rule.fields ?? []), ...names]
    return this
  }

  /** Why, for explanations. */
  because(reason: string): this {
    this.#rule.reason = reason
    return this
  }
}

export interface PolicyWords<E extends object> {
  /** @param actions - `read`, `create`, `update`, `delete`, or words of your own. */
  readonly allow: (...actions: readonly [string, ...string[]]) => RuleWriter<E>
  /** Wins over every allowance, wherever it stands. */
  readonly deny: (...actions: readonly [string, ...string[]]) => RuleWriter<E>
}

export interface PolicyOptions {
  /** What explanations call it. Default: the entity's name and `Policy`. */
  readonly name?: string
  /**
   * Every read, update and delete of the entity through `tenon/data` sees only rows that the caller may read, update
   * or delete; where there is no call (boot, timers) all. Default: `false`, and lists ask `access.visible(Entity, action)`.
   */
  readonly filter?: boolean
}

/**
 * @throws `ACCESS_POLICY_REPEATED` when the entity has one already, `ACCESS_POLICY_VALUE_UNUSABLE`
 * @example
 * export const TicketPolicy = definePolicy(Ticket, (user, ticket, { allow, deny }) => {
 *   allow('read', 'update').when(ticket.requesterId.equals(user.id))
 *   allow('read', 'update', 'delete').when(role('agent'))
 *   deny('read').fields('internalNotes').unless(role('agent'))
 * })
 */
export function definePolicy<E extends object>(
  entity: Class<E>,
  write: (user: CallerFields, row: Fields<E>, words: PolicyWords<E>) => void,
  { name = `${entity.name}Policy`, filter = false }: PolicyOptions = {},
): ResourcePolicy<E> {
  const at = callSite(1)
  if (POLICY.writtenHere(entity)) throw new PolicyRepeated(entity.name)
  const rules: PolicyRule[] = []
  const begin =
    (effect: PolicyRule['effect']) =>
    (...actions: readonly string[]): RuleWriter<E> => {
      const rule: PolicyRule = { effect, actions, conditions: [], at: callSite(1) }
      rules.push(rule)
      return new RuleWriter(rule)
    }
  write(fieldsOf('caller'), fieldsOf('row'), { allow: begin('allow'), deny: begin('deny') })
  const policy = new ResourcePolicy({ entity, name, rules, filter, at })
  POLICY.write(policy, entity, undefined, at)
  if (filter) filterRows(policy)
  return policy
}
