/**
 * How to accept a value of a DTO quickly, decided once: what each field becomes and what must then hold. Only what is
 * certain is planned; a class with anything unusual has no plan and is read the slower way, which knows everything.
 */
import type { AbstractClass, Class } from '../../decorators/index.ts'
import { fieldReading, type ModelLookup } from './field-reading.ts'
import type { InputField, InputShapes } from './input-shape.ts'
import { type ModelBuilder, type Reading } from './reading.ts'
import type { PropertyRules, RuleBook } from './rule-book.ts'
import { ruleTest, type RuleTest } from './rule-test.ts'
import { isInGroups, keyFates, type KeyFate } from './transformed-keys.ts'
import { PLAIN_TO_CLASS, transformerStorage, type TransformFact } from './validation-metadata.ts'

/** What becomes of one field. */
export interface FieldPlan {
  readonly key: string
  readonly property: string
  readonly reading: Reading
  /** What happens to a value that was sent: it is set, left out, or not accepted. */
  readonly fate: 'set' | 'drop' | 'refuse'
  readonly transforms: readonly TransformFact['transformFn'][]
  /** Transforms run although nothing was sent. */
  readonly isVisitedUnsent: boolean
  readonly check: FieldCheck | undefined
}

/** What must hold for the value that a field has in the end. */
export interface FieldCheck {
  readonly isOptional: boolean
  readonly conditions: readonly ((object: object, value: unknown) => unknown)[]
  readonly tests: readonly RuleTest[]
  /** The value must be what was read: instances that were checked when they were made. */
  readonly isNested: boolean
}

/** How an instance is made and checked. */
export interface ModelPlan extends ModelBuilder {
  readonly type: Class<object>
  readonly fields: readonly FieldPlan[]
  /** Undeclared fields are not accepted; else they are left out. */
  readonly isStrict: boolean
  /** The property that chose this model and is no field of it. */
  readonly discriminator: string | undefined
  /** The constructor sets properties: what is not sent may be there all the same, or be there and unset. */
  readonly hasInitialValues: boolean
  readonly transformOptions: object
}

export interface PlanOptions {
  readonly shapes: InputShapes
  readonly book: RuleBook
  readonly groups: readonly string[]
  readonly isStrict: boolean
  readonly fromText: boolean
}

/** The plan of a DTO and of the DTOs it nests. */
export interface AcceptancePlan {
  readonly root: ModelPlan
  /** All of them, for a back end to fill in. */
  readonly models: readonly ModelPlan[]
  /** Transforms see the whole input object, so it is read into a copy before anything is made of it. */
  readonly readsFirst: boolean
  /** Rules of others, which are left to be asked: they may take long or wait. */
  readonly asksLater: boolean
}

/** Thrown while planning, caught where it began. */
class NotPlannable extends Error {}

/**
 * The plan, or `undefined` when the class is not plannable.
 * @param isChecked - `false`: for instances only, without asking any rule; errors are told in the order of their properties.
 */
export function planAcceptance(type: Class, options: PlanOptions, isChecked = true): AcceptancePlan | undefined {
  const planner = new Planner(options, !isChecked)
  try {
    const root = planner.model(type, isChecked)
    return { root, models: planner.models, readsFirst: planner.readsFirst, asksLater: planner.asksLater }
  } catch {
    // A type function or a constructor may throw too: the slower way meets the same and says so.
    return undefined
  }
}

interface FieldSituation {
  readonly isChecked: boolean
  /** A discriminator chose the model, and is taken out of the input. */
  readonly isVariant: boolean
  /** The field is that discriminator. */
  readonly isRemoved: boolean
  /** Properties that the constructor sets. */
  readonly initial: readonly string[]
}

class Planner implements ModelLookup {
  readonly #options: PlanOptions
  readonly #known = new Map<string, ModelPlan>()
  readonly #ids = new Map<AbstractClass, number>()
  readonly #transformOptions: object
  readonly #keepsOrder: boolean
  readsFirst = false
  asksLater = false

  /** @param keepsOrder - Properties must stand in the order in which class-transformer sets them. */
  constructor(options: PlanOptions, keepsOrder: boolean) {
    this.#options = options
    this.#keepsOrder = keepsOrder
    this.#transformOptions = transformOptions(options.groups)
  }

  get models(): readonly ModelPlan[] {
    return [...this.#known.values()]
  }

  get fromText(): boolean {
    return this.#options.fromText
  }

  refuse(): never {
    throw new NotPlannable()
  }

  /** @param isChecked - Whether rules are asked: without `@ValidateNested`, a nested instance is only made. */
  model(type: AbstractClass, isChecked: boolean, discriminator?: { property: string; isKept: boolean }): ModelPlan {
    const id = this.#ids.get(type) ?? this.#ids.size
    this.#ids.set(type, id)
    const key = `${id} ${isChecked} ${discriminator?.isKept} ${discriminator?.property}`
    const known = this.#known.get(key)
    if (known) return known

    const { shapes, groups, isStrict } = this.#options
    const fields: FieldPlan[] = []
    const { byKey, byProperty } = shapes.of(type)
    const chosenBy = discriminator && byKey.get(discriminator.property)
    if (discriminator?.isKept && !chosenBy) this.refuse()
    // Read as anything but the text it is, it would choose no variant any more.
    if (chosenBy && (chosenBy.typed || chosenBy.isTransformed || chosenBy.emitted !== String)) this.refuse()
    if (byKey.size !== byProperty.size) this.refuse()
    // A nested object whose class has no rule, or none in these groups, is always refused.
    if (isChecked && this.#known.size > 0 && this.#options.book.of(type).size === 0) this.refuse()
    const initial = Object.keys(new (type as Class<object>)())
    const plan: ModelPlan = {
      type: type as Class<object>,
      fields,
      isStrict,
      discriminator: chosenBy ? undefined : discriminator?.property,
      hasInitialValues: initial.length > 0,
      transformOptions: this.#transformOptions,
      build: () => this.refuse(),
    }
    this.#known.set(key, plan)

    const fates = keyFates(type, groups)
    if (fates.isExposedOnly && this.#keepsOrder) this.refuse()
    const rank = ({ key: name }: InputField): number =>
      fates.exposed.includes(name) ? fates.exposed.indexOf(name) : Infinity
    for (const field of [...byKey.values()].toSorted((a, b) => (rank(a) < rank(b) ? -1 : Number(rank(a) > rank(b))))) {
      const isVariant = discriminator?.isKept === false
      const isRemoved = isVariant && discriminator.property === field.key
      fields.push(this.#field(type, field, fates.of(field.key), { isChecked, isVariant, isRemoved, initial }))
    }
    return plan
  }

  #field(
    type: AbstractClass,
    field: InputField,
    fate: KeyFate,
    { isChecked, isVariant, isRemoved, initial }: FieldSituation,
  ): FieldPlan {
    const { key, property } = field
    if (fate.property !== property) this.refuse()
    // Accessors and methods of the class, and what every object has.
    if (property in (type.prototype as object) || key in Object.prototype) this.refuse()

    const rules = isChecked ? this.#options.book.of(type).get(property) : undefined
    const transforms = this.#transforms(type, property)
    const isUnlisted = isChecked && !rules
    // class-transformer takes the discriminator out of the object that transforms see.
    if (isVariant && transforms.length > 0) this.refuse()
    if (isUnlisted && (transforms.length > 0 || initial.includes(property))) this.refuse()
    if (rules?.awaitsValue) this.refuse()
    const isNested = rules !== undefined && rules.nested.length > 0
    if (field.isTransformed) this.readsFirst = true
    return {
      key,
      property,
      reading: fieldReading(field, isNested, this),
      fate: this.#fate(isUnlisted, fate.isTaken && !isRemoved),
      transforms,
      isVisitedUnsent: fate.isVisitedUnsent,
      check: rules && this.#check(rules, isNested),
    }
  }

  #fate(isUnlisted: boolean, isTaken: boolean): FieldPlan['fate'] {
    if (!isTaken) return 'drop'
    // A field without a rule, or with none in these groups, is unknown to class-validator.
    if (!isUnlisted) return 'set'
    return this.#options.isStrict ? 'refuse' : 'drop'
  }

  #transforms(type: AbstractClass, property: string): readonly TransformFact['transformFn'][] {
    const facts = transformerStorage()?.findTransformMetadatas(type, property, PLAIN_TO_CLASS) ?? []
    return facts.filter((fact) => isInGroups(fact, this.#options.groups)).map((fact) => fact.transformFn)
  }

  #check({ conditions, rules }: PropertyRules, isNested: boolean): FieldCheck {
    const isOptional = conditions.some((fact) => fact.name === 'isOptional')
    const asked = rules.filter((rule) => {
      if (rule.isForeign) this.asksLater = true
      return !rule.isForeign
    })
    return {
      isOptional,
      conditions: conditions
        .filter((fact) => fact.name !== 'isOptional')
        .map((fact) => fact.constraints?.[0] as FieldCheck['conditions'][number]),
      tests: asked.map(ruleTest),
      isNested,
    }
  }
}

/** What `plainToInstance` hands to transforms. */
function transformOptions(groups: readonly string[]): object {
  return {
    enableCircularCheck: false,
    enableImplicitConversion: false,
    excludeExtraneousValues: false,
    excludePrefixes: undefined,
    exposeDefaultValues: false,
    exposeUnsetFields: false,
    groups: groups.length > 0 ? [...groups] : undefined,
    ignoreDecorators: false,
    strategy: undefined,
    targetMaps: undefined,
    version: undefined,
  }
}
