/**
 * What the compiled validators accept, as data: for documents, clients and forms, which must say the same as what runs.
 * Whether a field may be missing or `null` is not read off the names of rules but asked of the rules themselves.
 */
import type { AbstractClass, Class } from '../../decorators/index.ts'
import { InputShapes, type InputField } from './input-shape.ts'
import { ownRuleNames } from './own-rule-names.ts'
import { RuleBook, type PropertyRules, type Rule } from './rule-book.ts'
import { ruleMessage } from './rule-message.ts'
import { argumentsOf } from './run-rules.ts'
import { keyFates } from './transformed-keys.ts'
import { isBuiltIn, type ConstraintFact, type TypeFact } from './validation-metadata.ts'

/** How a class is taken in. */
export interface InputUse {
  readonly groups?: readonly string[]
  /** Default: `strict`. */
  readonly mode?: 'strict' | 'strip'
  /** `false`: nested without `@ValidateNested`, so its fields are read and its rules not asked. Default: `true`. */
  readonly isChecked?: boolean
}

export interface InputDescription {
  readonly type: AbstractClass
  /** Undeclared fields are refused; else they are left out. */
  readonly isStrict: boolean
  /** A nested value of this class is refused whatever it is: the class has no rule. */
  readonly isRefused: boolean
  readonly fields: readonly DescribedField[]
}

/** One field that callers may send. */
export interface DescribedField {
  /** What callers call it. */
  readonly key: string
  /** The property of the class. */
  readonly property: string
  /** What the compiler emitted: `Array`, `Number`, a class, `Object` for what it cannot name, ... */
  readonly emitted: unknown
  /** `list`: nothing else; `either`: a list or one value; `map`: an object with any keys. */
  readonly form: 'one' | 'list' | 'either' | 'map'
  /** Elements of the list may be lists of the same. */
  readonly hasListElements: boolean
  /** What `@Type` says a value, or each element, is; `undefined` without it or where it depends on the value. */
  readonly type: unknown
  /** Named by a property of the value. */
  readonly variants: DescribedVariants | undefined
  /** Nested objects are checked by the rules of their class. */
  readonly isNested: boolean
  /** A `@Transform` takes part: what is sent may differ from what the rules speak of. */
  readonly isTransformed: boolean
  /** Something must be sent. */
  readonly isRequired: boolean
  /** `@IsOptional()` stands above it. */
  readonly isOptional: boolean
  /** `null` is accepted. */
  readonly acceptsNull: boolean
  /** The rules hold only where a function of the whole object says so. */
  readonly isConditional: boolean
  /** What the field is when nothing is sent. */
  readonly initial: unknown
  readonly rules: readonly DescribedRule[]
}

export interface DescribedVariants {
  readonly property: string
  /** Handed on to the variant, so it may have rules of its own for it. */
  readonly isKept: boolean
  readonly types: readonly { readonly name: string; readonly type: AbstractClass }[]
}

export interface DescribedRule {
  /** `isEmail`. */
  readonly name: string
  /** What the decorator was given. */
  readonly arguments: readonly unknown[]
  /** It speaks of each element. */
  readonly isEach: boolean
  /** Not one of class-validator's own. */
  readonly isForeign: boolean
  /** Asks the rule about one value; `undefined` for foreign ones, which may wait or have effects. */
  readonly accepts: ((value: unknown) => boolean) | undefined
  /** What callers read when a value breaks the rule; `undefined` for foreign ones, whose words may need the object. */
  readonly message: ((value: unknown) => string | undefined) | undefined
}

/** Makes the describer of classes; class-validator is loaded for the names of its rules, where any of them has a rule. */
export async function describeInputs(types: readonly AbstractClass[]): Promise<InputDescriber> {
  for (const type of types) {
    const names = await ownRuleNames(type as Class)
    if (names.size > 0) return new InputDescriber(names)
  }
  return new InputDescriber(new Set())
}

export class InputDescriber {
  readonly #shapes = new InputShapes()
  readonly #books = new Map<string, RuleBook>()
  readonly #asked = new Map<string, boolean>()
  readonly #ownRules: ReadonlySet<string>

  constructor(ownRules: ReadonlySet<string>) {
    this.#ownRules = ownRules
  }

  of(type: AbstractClass, { groups = [], mode = 'strict', isChecked = true }: InputUse = {}): InputDescription {
    const rules = this.#bookOf(groups).of(type)
    const fates = keyFates(type, groups)
    const initial = initialValues(type)
    const fields = [...this.#shapes.of(type).byKey.values()]
    return {
      type,
      isStrict: mode === 'strict',
      isRefused: isChecked && rules.size === 0,
      fields: fields
        // What has no rule is unknown to class-validator, and what is not taken over is not read by anybody.
        .filter(({ key, property }) => fates.of(key).isTaken && (!isChecked || rules.has(property)))
        .map((field) => describeField(field, isChecked ? rules.get(field.property) : undefined, initial, this.#asked)),
    }
  }

  #bookOf(groups: readonly string[]): RuleBook {
    const key = groups.join('\n')
    let book = this.#books.get(key)
    if (!book) this.#books.set(key, (book = new RuleBook(groups, this.#ownRules)))
    return book
  }
}

function describeField(
  field: InputField,
  rules: PropertyRules | undefined,
  initial: Readonly<Record<string, unknown>>,
  asked: Map<string, boolean>,
): DescribedField {
  const { key, property, emitted, typed, hasListElements, isTransformed } = field
  const described = rules?.rules.map((rule) => describeRule(rule, asked)) ?? []
  const isNested = (rules?.nested.length ?? 0) > 0
  const conditions = (rules?.conditions ?? []).map(askCondition)
  const passes = (value: unknown): boolean =>
    conditions.some((condition) => condition.skips(value)) ||
    (described.every((rule) => holdsFor(rule, value)) && !(isNested && value === null))
  const value = initial[property]
  return {
    key,
    property,
    emitted,
    form: formOf(field),
    hasListElements,
    type: typeNamed(typed),
    variants: variantsOf(typed),
    isNested,
    isTransformed,
    // What the class sets by itself is checked like what was sent.
    isRequired: !passes(value),
    isOptional: rules?.conditions.some((fact) => fact.name === 'isOptional') ?? false,
    acceptsNull: passes(null),
    isConditional: conditions.some(({ looksAround }) => looksAround),
    initial: value,
    rules: described,
  }
}

function formOf({ typed, emitted, isTransformed }: InputField): DescribedField['form'] {
  if (typed?.reflectedType === Map) return 'map'
  if (isTransformed) return 'either'
  if (emitted === Array || emitted === Set) return 'list'
  return emitted === Object || emitted === undefined ? 'either' : 'one'
}

/** A type that depends on the value cannot be told in advance. */
function typeNamed(typed: TypeFact | undefined): unknown {
  if (!typed || typed.typeFunction.length > 0) return undefined
  return typed.typeFunction({ newObject: {}, object: {}, property: typed.propertyName })
}

function variantsOf(typed: TypeFact | undefined): DescribedVariants | undefined {
  const { discriminator, keepDiscriminatorProperty = false } = typed?.options ?? {}
  if (!discriminator) return undefined
  const seen = new Set<string>()
  // The first of two with one name counts.
  const types = discriminator.subTypes.filter(({ name }) => !seen.has(name) && seen.add(name))
  return {
    property: discriminator.property,
    isKept: keepDiscriminatorProperty,
    types: types.map(({ name, value }) => ({ name, type: value })),
  }
}

function describeRule(rule: Rule, asked: Map<string, boolean>): DescribedRule {
  const { fact, constraints, isForeign } = rule
  return {
    name: fact.type === 'isDefined' ? 'isDefined' : (fact.name ?? constraints[0]?.name ?? fact.type),
    arguments: fact.constraints ?? [],
    isEach: fact.each === true,
    isForeign,
    accepts: isForeign ? undefined : (value) => acceptsOnce(rule, value, asked),
    message: isForeign ? undefined : (value) => messageOf(rule, value),
  }
}

/** Authors may write messages as functions that look at the object, and there is none. */
function messageOf({ fact, constraints }: Rule, value: unknown): string | undefined {
  try {
    return ruleMessage(fact, constraints[0], argumentsOf(fact, {}, value))
  } catch {
    return undefined
  }
}

/** What a foreign rule answers is not known: it hardly accepts nothing, and hardly refuses what its own class sets. */
function holdsFor({ accepts: asks, isEach }: DescribedRule, value: unknown): boolean {
  if (!asks) return value !== undefined && value !== null
  if (!isEach || !(Array.isArray(value) || value instanceof Set || value instanceof Map)) return asks(value)
  return [...(value as unknown[] | Set<unknown>).values()].every(asks)
}

/** The same rule stands above many fields, and what it says of nothing is asked of every one. */
function acceptsOnce(rule: Rule, value: unknown, asked: Map<string, boolean>): boolean {
  const { name, constraints = [], validateIf } = rule.fact
  const isPlain = constraints.every((each) => typeof each === 'string' || typeof each === 'number')
  if ((value !== undefined && value !== null) || validateIf || !isPlain) return accepts(rule, value)
  const key = `${String(value)} ${name} ${JSON.stringify(constraints)}`
  let answer = asked.get(key)
  if (answer === undefined) asked.set(key, (answer = accepts(rule, value)))
  return answer
}

function accepts({ fact, constraints }: Rule, value: unknown): boolean {
  if (fact.validateIf && !fact.validateIf({}, value)) return true
  try {
    return constraints.every(({ instance }) => instance.validate(value, argumentsOf(fact, {}, value)) === true)
  } catch {
    return false
  }
}

interface AskedCondition {
  /** Whether nothing else is asked about this value, as far as the value alone decides. */
  readonly skips: (value: unknown) => boolean
  readonly looksAround: boolean
}

/** `@IsOptional` and `@ValidateIf` are functions: one that never looks at the object decides by the value alone. */
function askCondition(fact: ConstraintFact): AskedCondition {
  const condition = fact.constraints?.[0] as (object: object, value: unknown) => unknown
  if (fact.name === 'isOptional') return { skips: (value) => value === undefined || value === null, looksAround: false }
  const seen = { looked: false }
  const look = (): undefined => void (seen.looked = true)
  const stranger = new Proxy({}, { get: look, has: () => Boolean(look()), ownKeys: () => (look(), []) })
  const holds = (value: unknown): boolean => {
    try {
      return Boolean(condition(stranger, value))
    } catch {
      return !(seen.looked = true)
    }
  }
  for (const value of [undefined, null]) holds(value)
  // Whether the rules of what is left out are asked is then the object's matter.
  return {
    skips: (value) => (seen.looked ? value === undefined : !holds(value)),
    looksAround: seen.looked,
  }
}

function initialValues(type: AbstractClass): Readonly<Record<string, unknown>> {
  if (isBuiltIn(type)) return {}
  try {
    return { ...(new (type as new () => object)() as Record<string, unknown>) }
  } catch {
    return {} // A constructor that needs arguments has no values of its own to give.
  }
}
