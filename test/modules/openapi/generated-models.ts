/** DTO classes made by chance: fields of every form, with rules that fit each other more often than not. */
import fc from 'fast-check'

import type { Class } from 'tenon'
import {
  Allow,
  ArrayContains,
  ArrayMaxSize,
  ArrayMinSize,
  ArrayNotContains,
  ArrayNotEmpty,
  ArrayUnique,
  Contains,
  Equals,
  Expose,
  IsAlpha,
  IsAlphanumeric,
  IsArray,
  IsAscii,
  IsBase32,
  IsBase58,
  IsBase64,
  IsBoolean,
  IsBooleanString,
  IsDate,
  IsDefined,
  IsDivisibleBy,
  IsEmpty,
  IsEnum,
  IsEthereumAddress,
  IsFirebasePushId,
  IsHash,
  IsHexadecimal,
  IsHexColor,
  IsIn,
  IsInt,
  IsISRC,
  IsJWT,
  IsMACAddress,
  IsMilitaryTime,
  IsMongoId,
  IsMultibyte,
  IsNegative,
  IsNotEmpty,
  IsNotEmptyObject,
  IsNotIn,
  IsNumber,
  IsNumberString,
  IsObject,
  IsOctal,
  IsOptional,
  IsPort,
  IsPositive,
  IsSemVer,
  IsString,
  IsUUID,
  Length,
  Matches,
  Max,
  MaxLength,
  Min,
  MinLength,
  NotContains,
  NotEquals,
  Type,
  ValidateIf,
  ValidateNested,
} from 'tenon/validation'

/** A rule with its arguments, and how it was written. */
interface RuleChoice {
  readonly name: string
  readonly decorate: (each: boolean) => PropertyDecorator
}

export interface FieldChoice {
  readonly kind:
    | 'text'
    | 'number'
    | 'flag'
    | 'any'
    | 'list'
    | 'date'
    | 'bigint'
    | 'model'
    | 'models'
    | 'map'
    | 'set'
    | 'union'
  readonly emitted: unknown
  readonly rules: readonly RuleChoice[]
  readonly isEach: boolean
  readonly unless: 'never' | 'optional' | 'null' | 'undefined'
  readonly initial: unknown
  readonly key: string | undefined
  /** Of a list or map: what its elements are. */
  readonly element: 'text' | 'number' | undefined
  readonly model: ModelChoice | undefined
  readonly isChecked: boolean
}

export interface ModelChoice {
  readonly fields: readonly FieldChoice[]
}

/** What the compiler emits for a field that holds a model. */
class Shape {}

enum Colour {
  Red = 'red',
  Blue = 'blue',
}

const rule = (name: string, decorate: (each: boolean) => PropertyDecorator): RuleChoice => ({ name, decorate })
const size = fc.integer({ min: 0, max: 4 })
const amount = fc.integer({ min: -3, max: 5 })
const scalar = fc.constantFrom<unknown>('a', 'ab', '', 'x-1', 1, 2, 0, true, false)
const scalars = fc.uniqueArray(scalar, { minLength: 1, maxLength: 4 })

const ANY_RULES: readonly fc.Arbitrary<RuleChoice>[] = [
  fc.constant(rule('IsDefined', (each) => IsDefined({ each }))),
  fc.constant(rule('IsNotEmpty', (each) => IsNotEmpty({ each }))),
  fc.constant(rule('IsEmpty', (each) => IsEmpty({ each }))),
  fc.constant(rule('Allow', () => Allow())),
  scalars.map((values) => rule(`IsIn ${JSON.stringify(values)}`, (each) => IsIn(values, { each }))),
  scalars.map((values) => rule(`IsNotIn ${JSON.stringify(values)}`, (each) => IsNotIn(values, { each }))),
  scalar.map((value) => rule(`Equals ${String(value)}`, (each) => Equals(value, { each }))),
  scalar.map((value) => rule(`NotEquals ${String(value)}`, (each) => NotEquals(value, { each }))),
]

const TEXT_RULES: readonly fc.Arbitrary<RuleChoice>[] = [
  fc.constant(rule('IsString', (each) => IsString({ each }))),
  fc.constant(rule('IsNotEmpty', (each) => IsNotEmpty({ each }))),
  size.map((min) => rule(`MinLength ${min}`, (each) => MinLength(min, { each }))),
  size.map((max) => rule(`MaxLength ${max}`, (each) => MaxLength(max, { each }))),
  fc
    .tuple(size, size)
    .map(([min, more]) => rule(`Length ${min} ${min + more}`, (each) => Length(min, min + more, { each }))),
  fc
    .constantFrom(/^[a-z]+$/, /\d/, /^(?:a|b)/, /^.{0,3}$/u, /[-_]/)
    .map((pattern) => rule(`Matches ${String(pattern)}`, (each) => Matches(pattern, { each }))),
  fc.constantFrom('a', '-', '.', '/', '(').map((part) => rule(`Contains ${part}`, (each) => Contains(part, { each }))),
  fc.constantFrom('a', '-', '.', '$').map((part) => rule(`NotContains ${part}`, (each) => NotContains(part, { each }))),
  fc.constant(rule('IsAlpha', (each) => IsAlpha(undefined, { each }))),
  fc.constant(rule('IsAlphanumeric', (each) => IsAlphanumeric(undefined, { each }))),
  fc.constant(rule('IsAscii', (each) => IsAscii({ each }))),
  fc.constant(rule('IsBooleanString', (each) => IsBooleanString({ each }))),
  fc.constant(rule('IsNumberString', (each) => IsNumberString(undefined, { each }))),
  fc.constant(rule('IsHexadecimal', (each) => IsHexadecimal({ each }))),
  fc.constant(rule('IsOctal', (each) => IsOctal({ each }))),
  fc.constant(rule('IsHexColor', (each) => IsHexColor({ each }))),
  fc.constant(rule('IsMongoId', (each) => IsMongoId({ each }))),
  fc.constant(rule('IsMilitaryTime', (each) => IsMilitaryTime({ each }))),
  fc.constant(rule('IsJWT', (each) => IsJWT({ each }))),
  fc.constant(rule('IsBase64', (each) => IsBase64(undefined, { each }))),
  fc.constant(rule('IsPort', (each) => IsPort({ each }))),
  fc.constant(rule('IsMACAddress', (each) => IsMACAddress({ each }))),
  fc.constantFrom('md5', 'crc32').map((kind) => rule(`IsHash ${kind}`, (each) => IsHash(kind, { each }))),
  fc.constant(rule('IsSemVer', (each) => IsSemVer({ each }))),
  fc.constant(rule('IsEthereumAddress', (each) => IsEthereumAddress({ each }))),
  fc.constant(rule('IsBase32', (each) => IsBase32({ each }))),
  fc.constant(rule('IsBase58', (each) => IsBase58({ each }))),
  fc.constant(rule('IsISRC', (each) => IsISRC({ each }))),
  fc.constant(rule('IsFirebasePushId', (each) => IsFirebasePushId({ each }))),
  fc.constant(rule('IsMultibyte', (each) => IsMultibyte({ each }))),
  fc.constant(rule('IsUUID', (each) => IsUUID(undefined, { each }))),
  fc
    .constantFrom('4' as const, '7' as const)
    .map((version) => rule(`IsUUID ${version}`, (each) => IsUUID(version, { each }))),
  fc.constant(rule('IsEnum', (each) => IsEnum(Colour, { each }))),
]

const NUMBER_RULES: readonly fc.Arbitrary<RuleChoice>[] = [
  fc.constant(rule('IsNumber', (each) => IsNumber({}, { each }))),
  fc.constant(rule('IsInt', (each) => IsInt({ each }))),
  fc.constant(rule('IsPositive', (each) => IsPositive({ each }))),
  fc.constant(rule('IsNegative', (each) => IsNegative({ each }))),
  amount.map((min) => rule(`Min ${min}`, (each) => Min(min, { each }))),
  amount.map((max) => rule(`Max ${max}`, (each) => Max(max, { each }))),
  fc.integer({ min: 1, max: 4 }).map((by) => rule(`IsDivisibleBy ${by}`, (each) => IsDivisibleBy(by, { each }))),
]

const LIST_RULES: readonly fc.Arbitrary<RuleChoice>[] = [
  fc.constant(rule('IsArray', () => IsArray())),
  fc.constant(rule('ArrayNotEmpty', () => ArrayNotEmpty())),
  fc.constant(rule('ArrayUnique', () => ArrayUnique())),
  size.map((min) => rule(`ArrayMinSize ${min}`, () => ArrayMinSize(min))),
  size.map((max) => rule(`ArrayMaxSize ${max}`, () => ArrayMaxSize(max))),
  scalars.map((values) => rule(`ArrayContains ${JSON.stringify(values)}`, () => ArrayContains(values))),
  scalars.map((values) => rule(`ArrayNotContains ${JSON.stringify(values)}`, () => ArrayNotContains(values))),
]

const OBJECT_RULES: readonly fc.Arbitrary<RuleChoice>[] = [
  fc.constant(rule('IsObject', () => IsObject())),
  fc.constant(rule('IsNotEmptyObject', () => IsNotEmptyObject())),
  fc.constant(rule('IsDefined', () => IsDefined())),
]

const some = (rules: readonly fc.Arbitrary<RuleChoice>[], min = 1): fc.Arbitrary<readonly RuleChoice[]> =>
  fc.oneof(
    { weight: 3, arbitrary: fc.array(fc.oneof(...rules), { minLength: min, maxLength: 1 }) },
    { weight: 2, arbitrary: fc.array(fc.oneof(...rules), { minLength: min, maxLength: 3 }) },
  )

const unless = fc.constantFrom<FieldChoice['unless']>(
  'never',
  'never',
  'never',
  'optional',
  'optional',
  'null',
  'undefined',
)
const key = fc.option(fc.constantFrom('renamed', 'other-name'), { nil: undefined, freq: 8 })

function fieldOf(
  kind: FieldChoice['kind'],
  emitted: fc.Arbitrary<unknown>,
  rules: fc.Arbitrary<readonly RuleChoice[]>,
  more: Partial<{ [K in keyof FieldChoice]: fc.Arbitrary<FieldChoice[K]> }> = {},
): fc.Arbitrary<FieldChoice> {
  return fc.record({
    kind: fc.constant(kind),
    emitted,
    rules,
    isEach: more.isEach ?? fc.constant(false),
    unless,
    initial: more.initial ?? fc.constant(undefined),
    key,
    element: more.element ?? fc.constant(undefined),
    model: more.model ?? fc.constant(undefined),
    isChecked: more.isChecked ?? fc.constant(true),
  })
}

const element = fc.constantFrom<'text' | 'number' | undefined>('text', 'number', undefined)

/** @param depth - How many models may still be inside of each other. */
function model(depth: number): fc.Arbitrary<ModelChoice> {
  const plain: readonly fc.Arbitrary<FieldChoice>[] = [
    fieldOf('text', fc.constantFrom<unknown>(String, Object), some(TEXT_RULES), {
      initial: fc.constantFrom<unknown>(undefined, undefined, undefined, 'a'),
    }),
    fieldOf('number', fc.constantFrom<unknown>(Number, Object), some(NUMBER_RULES), {
      initial: fc.constantFrom<unknown>(undefined, undefined, undefined, 1),
    }),
    fieldOf('flag', fc.constant(Boolean), fc.constant([rule('IsBoolean', () => IsBoolean())])),
    fieldOf('any', fc.constant(Object), some(ANY_RULES)),
    fieldOf('any', fc.constant(Object), some(OBJECT_RULES)),
    fieldOf('list', fc.constant(Array), some(LIST_RULES), { element }),
    fieldOf('list', fc.constant(Array), some([...TEXT_RULES, ...ANY_RULES]), { isEach: fc.constant(true) }),
    fieldOf('list', fc.constant(Array), some(NUMBER_RULES), { isEach: fc.constant(true) }),
    fieldOf('date', fc.constant(Date), fc.constant([rule('IsDate', () => IsDate())])),
    fieldOf('bigint', fc.constant(BigInt), fc.constant([rule('IsDefined', () => IsDefined())])),
    fieldOf('set', fc.constant(Set), some(TEXT_RULES), { isEach: fc.constant(true), element: fc.constant('text') }),
    fieldOf('map', fc.constant(Map), some(NUMBER_RULES), { isEach: fc.constant(true), element: fc.constant('number') }),
  ]
  const nested = (kind: 'model' | 'models' | 'union', emitted: unknown): fc.Arbitrary<FieldChoice> =>
    fieldOf(kind, fc.constant(emitted), some([fc.constant(rule('IsDefined', () => IsDefined()))], 0), {
      model: model(depth - 1),
      isChecked: fc.constantFrom(true, true, true, false),
    })
  const inside = depth > 0 ? [nested('model', Shape), nested('models', Array), nested('union', Shape)] : []
  return fc.record({ fields: fc.array(fc.oneof(...plain, ...inside), { minLength: 1, maxLength: 3 }) })
}

export const modelChoice = model(2)

/** Models of one field with one rule: each rule about one value and, where it can, about each element of a list. */
export const singleRules: readonly fc.Arbitrary<ModelChoice>[] = [
  ...[...ANY_RULES, ...TEXT_RULES, ...NUMBER_RULES].flatMap((each) => [
    alone(each, 'any', Object, false),
    alone(each, 'list', Array, true),
  ]),
  ...LIST_RULES.map((each) => alone(each, 'list', Array, false)),
  ...[...LIST_RULES, ...OBJECT_RULES].map((each) => alone(each, 'any', Object, false)),
]

function alone(
  choice: fc.Arbitrary<RuleChoice>,
  kind: FieldChoice['kind'],
  emitted: unknown,
  isEach: boolean,
): fc.Arbitrary<ModelChoice> {
  const nothing = { initial: undefined, key: undefined, element: undefined, model: undefined }
  return choice.map((only) => ({
    fields: [{ kind, emitted, rules: [only], isEach, unless: 'never', isChecked: true, ...nothing }],
  }))
}

/** The class that the choice describes. */
export function classOf({ fields }: ModelChoice, name: string): Class<object> {
  const type = class {
    constructor() {
      for (const [index, { initial }] of fields.entries()) {
        if (initial !== undefined) (this as Record<string, unknown>)[`f${index}`] = initial
      }
    }
  }
  Object.defineProperty(type, 'name', { value: name })
  for (const [index, field] of fields.entries()) decorate(type, `f${index}`, field, name)
  return type
}

/** What callers call a field; two fields of one model never share a name. */
export function keyOf({ key: given }: FieldChoice, index: number): string {
  return given === undefined ? `f${index}` : `${given}${index}`
}

function decorate(type: Class, property: string, field: FieldChoice, name: string): void {
  const { rules, isEach, unless: condition, key: given, emitted } = field
  const apply = (decorator: PropertyDecorator): void => decorator(type.prototype as object, property)
  for (const { decorate: make } of rules) apply(make(isEach))
  if (condition === 'optional') apply(IsOptional())
  if (condition === 'null') apply(ValidateIf((_object, value) => value !== null))
  if (condition === 'undefined') apply(ValidateIf((_object, value) => value !== undefined))
  if (given !== undefined) apply(Expose({ name: `${given}${property.slice(1)}` }))
  Reflect.defineMetadata('design:type', emitted, type.prototype as object, property)
  declareType(apply, property, field, name)
}

function declareType(
  apply: (decorator: PropertyDecorator) => void,
  property: string,
  { kind, element: each, model: inner, isChecked }: FieldChoice,
  name: string,
): void {
  if (each) apply(Type(() => (each === 'text' ? String : Number)))
  if (kind === 'date') apply(Type(() => Date))
  if (kind === 'bigint') apply(Type(() => BigInt))
  if (!inner) return
  const first = classOf(inner, `${name}_${property}`)
  if (isChecked) apply(ValidateNested())
  if (kind !== 'union') return apply(Type(() => first))
  const second = classOf({ fields: inner.fields.slice(0, 1) }, `${name}_${property}_other`)
  const subTypes = [
    { name: 'first', value: first },
    { name: 'second', value: second },
  ]
  apply(Type(() => first, { discriminator: { property: 'kind', subTypes } }))
}

/** In words, for failures. */
export function describeModel({ fields }: ModelChoice): unknown {
  return fields.map(
    ({
      kind,
      emitted,
      rules,
      isEach,
      unless: condition,
      initial,
      key: given,
      element: each,
      model: inner,
      isChecked,
    }) => ({
      kind,
      emitted: (emitted as { name: string }).name,
      rules: rules.map((each) => each.name).join(', '),
      isEach,
      condition,
      initial,
      key: given,
      element: each,
      isChecked,
      model: inner && describeModel(inner),
    }),
  )
}
