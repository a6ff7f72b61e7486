/** Rules that a generated field can have, the type that the compiler would emit for it, and values that fit. */
import {
  Allow,
  ArrayContains,
  ArrayMaxSize,
  ArrayMinSize,
  ArrayNotEmpty,
  ArrayUnique,
  Contains,
  Equals,
  IsAlpha,
  IsAlphanumeric,
  IsArray,
  IsBase64,
  IsBoolean,
  IsBooleanString,
  IsCreditCard,
  IsDate,
  IsDateString,
  IsDefined,
  IsDivisibleBy,
  IsEmail,
  IsEmpty,
  IsEnum,
  IsHexColor,
  IsIBAN,
  IsIn,
  IsInstance,
  IsInt,
  IsIP,
  IsISO8601,
  IsJSON,
  IsLatitude,
  IsMobilePhone,
  IsNegative,
  IsNotEmpty,
  IsNotEmptyObject,
  IsNotIn,
  IsNumber,
  IsNumberString,
  IsObject,
  IsPositive,
  IsSemVer,
  IsString,
  IsStrongPassword,
  IsUppercase,
  IsUrl,
  IsUUID,
  Length,
  Matches,
  Max,
  MaxDate,
  MaxLength,
  Min,
  MinDate,
  MinLength,
  NotContains,
  NotEquals,
  registerDecorator,
  Validate,
  ValidateBy,
  ValidatorConstraint,
  type ValidationOptions,
  type ValidatorConstraintInterface,
} from '../../../../src/validation/index.ts'

/** Decorators of one field. */
export interface GeneratedRule {
  readonly emitted: unknown
  readonly decorators: (options: ValidationOptions) => readonly PropertyDecorator[]
  readonly fitting: readonly unknown[]
}

@ValidatorConstraint({ name: 'isEven' })
class Even implements ValidatorConstraintInterface {
  validate(value: unknown): boolean {
    return typeof value === 'number' && value % 2 === 0
  }
  defaultMessage(): string {
    return '$value of $property in $target is not even'
  }
}

/** Not the library's own rule, in spite of its name and of what it says. */
const impostor = (options: ValidationOptions): PropertyDecorator =>
  ValidateBy(
    {
      name: 'isInt',
      validator: {
        validate: (value) => Number.isInteger(Number(value)),
        defaultMessage: () => '$property must be an integer number',
      },
    },
    options,
  )

const isFree = (options: ValidationOptions) => (target: object, propertyName: string | symbol) =>
  registerDecorator({
    name: 'isFree',
    target: target.constructor,
    propertyName: String(propertyName),
    options,
    validator: {
      validate: async (value: unknown) => (await Promise.resolve(value)) !== 'taken',
      defaultMessage: () => '$property is taken',
    },
  })

const rule = (
  emitted: unknown,
  decorators: (options: ValidationOptions) => readonly PropertyDecorator[],
  ...fitting: readonly unknown[]
): GeneratedRule => ({ emitted, decorators, fitting })

const DAY = new Date('2024-01-01')

export const RULES: readonly GeneratedRule[] = [
  rule(String, (o) => [IsString(o)], '', 'x', '☁️'),
  rule(String, (o) => [IsString(o), Length(1, 3, o)], 'x', 'xyz', '😀😀', '☁️'),
  rule(String, (o) => [MinLength(2, o)], 'xy', '😀😀'),
  rule(String, (o) => [MaxLength(2, o)], '', 'xy', '😀😀'),
  rule(Number, (o) => [IsInt(o), Min(0, o), Max(9, o)], 0, 9),
  rule(Number, (o) => [IsNumber({}, o)], 1.5, -1),
  rule(Number, (o) => [IsNumber({ maxDecimalPlaces: 1 }, o)], 1.5),
  rule(Number, (o) => [IsPositive(o), IsDivisibleBy(3, o)], 3, 6),
  rule(Number, (o) => [IsNegative(o)], -1),
  rule(Number, (o) => [Validate(Even, o)], 2, 4),
  rule(Number, (o) => [impostor(o)], 2),
  rule(Boolean, (o) => [IsBoolean(o)], true, false),
  rule(String, (o) => [IsEmail({}, o)], 'a@example.org', 'a.b-c@x-y.example.org', '"a b"@example.org'),
  rule(String, (o) => [IsEmail({ allow_display_name: true }, o)], 'A <a@example.org>'),
  rule(String, (o) => [IsUrl({}, o)], 'https://example.org'),
  rule(String, (o) => [IsUUID(undefined, o)], '6f1f1f0e-7a0c-4c1e-9d7e-0d8f1f2a3b4c'),
  rule(String, (o) => [Matches(/^x/, o)], 'xyzw'),
  rule(String, (o) => [Matches(/x/g, o)], 'axa'),
  rule(Object, (o) => [IsIn(['x', 1, Number.NaN], o)], 'x', 1),
  rule(Object, (o) => [IsIn([1, 2, 3, 4, 5, 6, 7, 8, 9, 'x'], o)], 'x', 1),
  rule(Object, (o) => [IsNotIn(['x', 1], o)], 'y', 2),
  rule(String, (o) => [IsEnum({ A: 'a', B: 'b' }, o)], 'a', 'b'),
  rule(Number, (o) => [IsEnum({ 0: 'Off', 1: 'On', Off: 0, On: 1 }, o)], 0, 1, 'On'),
  rule(String, (o) => [Equals('x', o)], 'x'),
  rule(Number, (o) => [Equals(1, o)], 1),
  rule(String, (o) => [NotEquals('x', o)], 'y'),
  rule(Object, (o) => [IsNotEmpty(o)], 0, 'x', false),
  rule(Object, (o) => [IsEmpty(o)], '', null),
  rule(Object, (o) => [IsDefined(o)], 0, 'x'),
  rule(String, (o) => [Contains('x', o), NotContains('y', o)], 'axa'),
  rule(String, (o) => [IsAlpha('en-US', o)], 'abc'),
  rule(String, (o) => [IsAlphanumeric('en-US', o)], 'a1'),
  rule(String, (o) => [IsBase64({}, o)], 'aGk='),
  rule(String, (o) => [IsBooleanString(o)], 'true'),
  rule(String, (o) => [IsNumberString({}, o)], '12'),
  rule(String, (o) => [IsCreditCard(o)], '4111111111111111'),
  rule(String, (o) => [IsDateString({}, o)], '2024-01-01'),
  rule(String, (o) => [IsISO8601({ strict: true }, o)], '2024-01-01'),
  rule(String, (o) => [IsHexColor(o)], '#abc'),
  rule(String, (o) => [IsIBAN({}, o)], 'CH9300762011623852957'),
  rule(String, (o) => [IsIP(4, o)], '127.0.0.1'),
  rule(String, (o) => [IsJSON(o)], '{}'),
  rule(Object, (o) => [IsLatitude(o)], 12, '12.5'),
  rule(String, (o) => [IsMobilePhone('de-DE', {}, o)], '+4915123456789'),
  rule(String, (o) => [IsSemVer(o)], '1.2.3'),
  rule(String, (o) => [IsStrongPassword({}, o)], 'aB3!aB3!'),
  rule(String, (o) => [IsUppercase(o)], 'ABC'),
  rule(Object, (o) => [IsObject(o)], {}, { deep: [{ a: 1 }] }),
  rule(Object, (o) => [IsNotEmptyObject({}, o)], { a: 1 }),
  rule(Object, () => [Allow()], 1, 'x', [1, { a: [] }], { a: { b: null } }),
  rule(String, (o) => [isFree(o)], 'free', 'taken'),
  rule(Date, (o) => [IsDate(o), MinDate(DAY, o)], '2024-02-29', '2024-01-01T00:00:00Z'),
  rule(Date, (o) => [MaxDate(() => DAY, o)], '2023-02-28'),
  rule(Date, (o) => [IsInstance(Date, o)], '2023-02-28'),
  rule(Array, (o) => [IsArray(o), ArrayMaxSize(2, o), ArrayMinSize(1, o)], [1], ['x', 2]),
  rule(Array, (o) => [ArrayUnique(o), ArrayNotEmpty(o), ArrayContains(['x'], o)], ['x'], ['x', 'y']),
]

/** Of those, the ones that the `each` of a list can be said for. */
export const EACH_RULES: readonly GeneratedRule[] = RULES.filter(({ emitted }) => emitted !== Array && emitted !== Date)
