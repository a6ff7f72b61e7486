/**
 * Asks every rule about an instance and about what it nests, and gathers what is broken: the algorithm of
 * class-validator over rules that were read once. Stays synchronous as long as every rule does.
 */
import type { AbstractClass } from '../../decorators/index.ts'
import type { PropertyRules, Rule, RuleBook } from './rule-book.ts'
import { ruleMessage } from './rule-message.ts'
import type { ConstraintClass, ConstraintFact, RuleArguments } from './validation-metadata.ts'

/** A value with broken rules, or with something broken inside. */
export interface BrokenValue {
  readonly target: object
  /** Unset when the object as a whole is refused. */
  readonly property: string | undefined
  /** Messages by rule, in the order in which they broke. */
  readonly broken: Map<string, string>
  readonly children: BrokenValue[]
}

export interface RuleRunOptions {
  readonly book: RuleBook
  /** A nested object whose class has no rule is refused. */
  readonly forbidsUnknown: boolean
  /** Only these are asked, and nothing else is looked at: the others are known to hold. */
  readonly only?: (rule: Rule) => boolean
}

/** What is broken; empty nodes are left in. A promise of it as soon as one rule answers a promise. */
export function runRules(instance: object, options: RuleRunOptions): BrokenValue[] | Promise<BrokenValue[]> {
  const run = new RuleRun(options)
  const found: BrokenValue[] = []
  try {
    run.object(instance, found)
  } catch (error) {
    run.abandon()
    throw error
  }
  return run.settle(found)
}

/** Promises that nobody will wait for must not end the process when they fail. */
export function ignore(values: readonly unknown[]): void {
  for (const each of values) if (isPromise(each)) each.then(undefined, () => undefined)
}

class RuleRun {
  readonly #options: RuleRunOptions
  readonly #pending: PromiseLike<void>[] = []

  constructor(options: RuleRunOptions) {
    this.#options = options
  }

  abandon(): void {
    ignore(this.#pending)
  }

  settle(found: BrokenValue[]): BrokenValue[] | Promise<BrokenValue[]> {
    return this.#pending.length === 0 ? found : this.#settled(found)
  }

  async #settled(found: BrokenValue[]): Promise<BrokenValue[]> {
    // What was promised may, once there, bring rules that promise again.
    while (this.#pending.length > 0) await Promise.all(this.#pending.splice(0))
    return found
  }

  object(object: object, found: BrokenValue[]): void {
    const { book, forbidsUnknown, only } = this.#options
    const rules = book.of(object.constructor as AbstractClass)
    if (!only) {
      if (forbidsUnknown && rules.size === 0) {
        const broken = new Map([['unknownValue', 'an unknown value was passed to the validate function']])
        found.push({ target: object, property: undefined, broken, children: [] })
        return
      }
      for (const property of Object.keys(object)) {
        if (rules.has(property)) continue
        const broken = new Map([['whitelistValidation', `property ${property} should not exist`]])
        found.push({ target: object, property, broken, children: [] })
      }
    }
    for (const each of rules.values()) {
      const value = (object as Record<string, unknown>)[each.property]
      if (each.awaitsValue && value instanceof Promise) {
        this.#pending.push(value.then((resolved: unknown) => this.#property(object, resolved, each, found)))
      } else this.#property(object, value, each, found)
    }
  }

  #property(
    target: object,
    value: unknown,
    { property, conditions, rules, nested }: PropertyRules,
    found: BrokenValue[],
  ): void {
    const node: BrokenValue = { target, property, broken: new Map(), children: [] }
    found.push(node)
    // All are asked, whatever the first one answers.
    if (conditions.map((fact) => conditionOf(fact)(target, value)).some((holds) => !holds)) return
    for (const rule of rules) if (this.#options.only?.(rule) ?? true) this.#rule(rule, value, node)
    this.#nested(value, property, nested, node)
  }

  #rule({ fact, constraints }: Rule, value: unknown, node: BrokenValue): void {
    const { target } = node
    if (fact.validateIf && !fact.validateIf(target, value)) return
    for (const constraint of constraints) {
      const args = argumentsOf(fact, target, value)
      const { instance } = constraint
      const answer =
        fact.each === true && isCollection(value)
          ? together(Array.from(value.values(), (each) => instance.validate(each, args)))
          : instance.validate(value, args)
      const report = (holds: unknown): void => {
        if (!holds) this.#break(node, fact, constraint, argumentsOf(fact, target, value))
      }
      if (isPromise(answer)) this.#pending.push(answer.then(report))
      else report(answer)
    }
  }

  #nested(value: unknown, property: string, nested: readonly ConstraintFact[], node: BrokenValue): void {
    if (value === undefined) return
    for (const fact of nested) {
      if (isCollection(value)) {
        const entries = value instanceof Set ? Array.from(value).entries() : value.entries()
        for (const [key, each] of entries) {
          const element = { property: String(key), conditions: [], rules: [], nested, awaitsValue: false }
          this.#property(value, each, element, node.children)
        }
      } else if (value instanceof Object) this.object(value, node.children)
      // class-validator names the class of the class here.
      else
        this.#break(node, fact, undefined, {
          ...argumentsOf(fact, fact.target as object, value),
          property: fact.propertyName,
        })
    }
  }

  #break(node: BrokenValue, fact: ConstraintFact, constraint: ConstraintClass | undefined, args: RuleArguments): void {
    node.broken.set(constraint?.name || fact.type, ruleMessage(fact, constraint, args) as string)
  }
}

/** Whether all hold; a promise of it when one of them promises. */
function together(answers: readonly unknown[]): unknown {
  if (!answers.some(isPromise)) return answers.every(Boolean)
  return Promise.all(answers).then((settled) => settled.every(Boolean))
}

function conditionOf(fact: ConstraintFact): (object: object, value: unknown) => unknown {
  return fact.constraints?.[0] as (object: object, value: unknown) => unknown
}

/** What a rule is told beside the value. */
export function argumentsOf(fact: ConstraintFact, object: object, value: unknown): RuleArguments {
  const targetName = object.constructor ? object.constructor.name : undefined
  return { targetName, property: fact.propertyName, object, value, constraints: fact.constraints }
}

function isCollection(value: unknown): value is unknown[] | Set<unknown> | Map<unknown, unknown> {
  return Array.isArray(value) || value instanceof Set || value instanceof Map
}

function isPromise(value: unknown): value is PromiseLike<unknown> {
  return typeof value === 'object' && value !== null && typeof (value as { then?: unknown }).then === 'function'
}
