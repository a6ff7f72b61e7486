/** Classes as data: what fast-check makes and shrinks, and the class that is made of it. */
import fc from 'fast-check'

import type { Class } from '../../../../decorators/index.ts'
import {
  Exclude,
  Expose,
  IsOptional,
  Transform,
  Type,
  ValidateIf,
  ValidateNested,
} from '../../../../src/validation/index.ts'
import { EACH_RULES, RULES, type GeneratedRule } from './rules.ts'

type Shape = 'one' | 'list' | 'set' | 'map' | 'variants'

export interface FieldSpec {
  readonly name: string
  readonly rule: number
  /** The rule is said for each element of a list. */
  readonly each: boolean
  readonly presence: 'required' | 'optional' | 'conditional'
  readonly groups: readonly string[]
  readonly message: boolean
  readonly typed: boolean
  readonly transform: 'none' | 'trim' | 'unset' | 'whole' | 'plainOnly' | 'grouped'
  readonly expose: 'no' | 'yes' | 'name' | 'group' | 'outward'
  readonly exclude: 'no' | 'yes' | 'outward'
  readonly initial: 'none' | 'value' | 'undefined'
  readonly nested?: {
    readonly model: ModelSpec
    readonly shape: Shape
    readonly isChecked: boolean
    readonly keepsKind: boolean
  }
}

export interface ModelSpec {
  readonly fields: readonly FieldSpec[]
  readonly strategy: 'none' | 'exclude' | 'expose'
  /** So many fields stand in a base class. */
  readonly inherited: number
}

const NAMES = ['a', 'b', 'c', 'odd name', 'it\'s "quoted"\\', '0', 'zażółć', '$x', 'length', 'then', 'kind']

const mostly = <const T>(usual: T, ...others: readonly T[]): fc.Arbitrary<T> =>
  fc.oneof({ weight: 8, arbitrary: fc.constant(usual) }, { weight: 2, arbitrary: fc.constantFrom(...others) })

function fieldSpecs(depth: number): fc.Arbitrary<FieldSpec> {
  const plain = {
    name: fc.constantFrom(...NAMES),
    rule: fc.nat(RULES.length - 1),
    each: mostly(false, true),
    presence: mostly('required', 'optional', 'conditional'),
    groups: mostly<readonly string[]>([], ['a'], ['b'], ['a', 'b']),
    message: mostly(false, true),
    typed: mostly(false, true),
    transform: mostly('none', 'trim', 'unset', 'whole', 'plainOnly', 'grouped'),
    expose: mostly('no', 'yes', 'name', 'group', 'outward'),
    exclude: mostly('no', 'yes', 'outward'),
    initial: mostly('none', 'value', 'undefined'),
  } as const
  if (depth === 0) return fc.record(plain)
  const nested = fc.record({
    model: modelSpecs(depth - 1),
    shape: fc.constantFrom<Shape>('one', 'list', 'set', 'map', 'variants'),
    isChecked: mostly(true, false),
    keepsKind: mostly(false, true),
  })
  return fc.oneof({ weight: 3, arbitrary: fc.record(plain) }, { weight: 1, arbitrary: fc.record({ ...plain, nested }) })
}

/** Models that nest others, so deep. */
export function modelSpecs(depth: number): fc.Arbitrary<ModelSpec> {
  return fc.record({
    fields: fc.uniqueArray(fieldSpecs(depth), { selector: ({ name }) => name, minLength: 1, maxLength: 4 }),
    strategy: mostly('none', 'exclude', 'expose'),
    inherited: mostly(0, 1, 2),
  })
}

/** What callers call the field. */
export function keyOf({ name, expose }: FieldSpec): string {
  return expose === 'name' ? `${name}_key` : name
}

export function ruleOf({ rule, each }: FieldSpec): GeneratedRule {
  return each ? EACH_RULES[rule % EACH_RULES.length]! : RULES[rule]!
}

/** Makes the class. */
export function modelClass(spec: ModelSpec): Class<object> {
  const own = spec.fields.slice(spec.inherited)
  const base = withInitial(class Base {}, spec.fields.slice(0, spec.inherited))
  const type = withInitial(class Generated extends base {}, own)
  if (spec.strategy === 'exclude') Exclude()(type)
  if (spec.strategy === 'expose') Expose()(type)
  for (const field of spec.fields) decorate((own.includes(field) ? type : base).prototype as object, field)
  return type
}

function withInitial(base: Class<object>, fields: readonly FieldSpec[]): Class<object> {
  const initial = fields.filter((field) => field.initial !== 'none')
  if (initial.length === 0) return base
  return class Initial extends base {
    constructor() {
      super()
      for (const { name, initial: kind } of initial) {
        const value = kind === 'value' ? 'x' : undefined
        Object.defineProperty(this, name, { value, enumerable: true, configurable: true, writable: true })
      }
    }
  }
}

function decorate(prototype: object, field: FieldSpec): void {
  const { name, presence, groups, message, each } = field
  const options = {
    ...(groups.length > 0 ? { groups: [...groups] } : {}),
    ...(message ? { message: '$property of $target: $value is not $constraint1' } : {}),
    ...(each ? { each } : {}),
  }
  const decorators: PropertyDecorator[] = []
  if (presence === 'optional') decorators.push(IsOptional())
  if (presence === 'conditional') decorators.push(ValidateIf((_object, value) => value !== 'skip'))
  decorators.push(...transformers(field))

  if (field.nested) decorators.push(...nestedDecorators(field.nested, options))
  else {
    const { emitted, decorators: rules } = ruleOf(field)
    Reflect.defineMetadata('design:type', each ? Array : emitted, prototype, name)
    if (field.typed || emitted === Date) decorators.push(Type(() => emitted as () => void))
    decorators.push(...rules(options))
  }
  if (field.nested) Reflect.defineMetadata('design:type', EMITTED[field.nested.shape], prototype, name)
  for (const each of decorators.toReversed()) each(prototype, name)
}

const EMITTED: Readonly<Record<Shape, unknown>> = { one: Object, list: Array, set: Set, map: Map, variants: Object }

function nestedDecorators(
  { model, shape, isChecked, keepsKind }: NonNullable<FieldSpec['nested']>,
  options: object,
): PropertyDecorator[] {
  const type = modelClass(model)
  const checks = isChecked ? [ValidateNested(options)] : []
  if (shape !== 'variants') return [...checks, Type(() => type)]
  const subTypes = [
    { name: 'first', value: type },
    { name: 'second', value: modelClass({ ...model, fields: model.fields.slice(1) }) },
  ]
  return [
    ...checks,
    Type(() => type, { keepDiscriminatorProperty: keepsKind, discriminator: { property: 'kind', subTypes } }),
  ]
}

function transformers({ transform, expose, exclude, name }: FieldSpec): PropertyDecorator[] {
  const made: PropertyDecorator[] = []
  if (transform === 'trim') made.push(Transform(({ value }: { value: string }) => value?.trim()))
  if (transform === 'unset') made.push(Transform(({ value }: { value: unknown }) => value ?? 'x'))
  if (transform === 'whole')
    made.push(Transform(({ obj, key, options }) => [Object.keys(obj as object).toSorted(), key, options]))
  if (transform === 'plainOnly') made.push(Transform(() => 'never', { toPlainOnly: true }))
  if (transform === 'grouped') made.push(Transform(({ value }) => [value], { groups: ['a'] }))
  if (expose === 'yes') made.push(Expose())
  if (expose === 'name') made.push(Expose({ name: `${name}_key` }))
  if (expose === 'group') made.push(Expose({ groups: ['a'] }))
  if (expose === 'outward') made.push(Expose({ toPlainOnly: true }))
  if (exclude === 'yes') made.push(Exclude())
  if (exclude === 'outward') made.push(Exclude({ toPlainOnly: true }))
  return made
}
