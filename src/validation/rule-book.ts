/** The rules of class-validator for each class, grouped by property: read once, asked for every value. */
import type { AbstractClass } from '../../decorators/index.ts'
import { constraintsOf, constraintClassesOf, type ConstraintClass, type ConstraintFact } from './validation-metadata.ts'

/** One rule about a property, and what asks it. */
export interface Rule {
  readonly fact: ConstraintFact
  /** Usually one; a class can be registered as a constraint more than once. */
  readonly constraints: readonly ConstraintClass[]
  /** Not one of class-validator's own: it may wait, and it is asked once for a value. */
  readonly isForeign: boolean
}

/** What is to be asked about one property, in the order in which class-validator asks. */
export interface PropertyRules {
  readonly property: string
  /** All must hold, or nothing else is asked: `@IsOptional`, `@ValidateIf`. */
  readonly conditions: readonly ConstraintFact[]
  readonly rules: readonly Rule[]
  /** `@ValidateNested`, and `@ValidatePromise` where it stands. */
  readonly nested: readonly ConstraintFact[]
  readonly awaitsValue: boolean
}

/** The rules of one class by property. */
export type ClassRules = ReadonlyMap<string, PropertyRules>

/** Rules of classes for one set of groups, read when first asked for. */
export class RuleBook {
  readonly #known = new Map<AbstractClass, ClassRules>()
  readonly #groups: readonly string[]
  readonly #ownRules: ReadonlySet<string>

  /** @param ownRules - What class-validator calls its own rules. */
  constructor(groups: readonly string[], ownRules: ReadonlySet<string>) {
    this.#groups = groups
    this.#ownRules = ownRules
  }

  of(type: AbstractClass): ClassRules {
    let rules = this.#known.get(type)
    if (!rules) this.#known.set(type, (rules = readRules(constraintsOf(type, this.#groups), this.#ownRules)))
    return rules
  }
}

function readRules(facts: readonly ConstraintFact[], ownRules: ReadonlySet<string>): ClassRules {
  const byProperty: Record<string, ConstraintFact[]> = Object.create(null) as Record<string, never>
  for (const fact of facts) (byProperty[fact.propertyName] ??= []).push(fact)
  return new Map(
    Object.entries(byProperty).map(([property, some]) => [property, propertyRules(property, some, ownRules)]),
  )
}

function propertyRules(
  property: string,
  facts: readonly ConstraintFact[],
  ownRules: ReadonlySet<string>,
): PropertyRules {
  const ofType = (type: string): readonly ConstraintFact[] => facts.filter((fact) => fact.type === type)
  const nested = ofType('nestedValidation')
  return {
    property,
    conditions: ofType('conditionalValidation'),
    rules: [...ofType('isDefined'), ...ofType('customValidation')].map((fact) => readRule(fact, ownRules)),
    nested,
    awaitsValue: ofType('promiseValidation').length > 0,
  }
}

function readRule(fact: ConstraintFact, ownRules: ReadonlySet<string>): Rule {
  const [constraint, ...more] = constraintClassesOf(fact)
  const isOwn = constraint !== undefined && more.length === 0 && fact.name !== undefined && ownRules.has(fact.name)
  if (!isOwn) return { fact, constraints: constraint ? [constraint, ...more] : [], isForeign: true }
  return { fact, constraints: [new OwnConstraint(constraint)], isForeign: false }
}

/**
 * The library searches all rules of the program each time one is asked; its own keep nothing between calls, so each is
 * looked up once, and not before it is needed.
 */
class OwnConstraint implements ConstraintClass {
  readonly #constraint: ConstraintClass
  #instance: ConstraintClass['instance'] | undefined

  constructor(constraint: ConstraintClass) {
    this.#constraint = constraint
  }

  get name(): string | undefined {
    return this.#constraint.name
  }

  get instance(): ConstraintClass['instance'] {
    return (this.#instance ??= this.#constraint.instance)
  }
}
