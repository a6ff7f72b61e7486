/** Every rule of class-validator, compiled and called, over one pool of values: the same verdict, the same message. */
import * as library from 'class-validator'

import type { Class } from '../../../decorators/index.ts'
import { compileValidator, type Validator } from '../../../src/validation/compile-validator.ts'
import { keepLibraryQuick } from './oracle/keep-library-quick.ts'
import { errorsOf } from './validation-outcome.ts'

class Thing {}

/** Arguments of the decorators that take some; a decorator may stand here more than once. */
const ARGUMENTS: Readonly<Record<string, readonly (readonly unknown[])[]>> = {
  ArrayContains: [[['a']], [[1, 'a']]],
  ArrayNotContains: [[['a']]],
  ArrayMinSize: [[1], [0]],
  ArrayMaxSize: [[1], [0]],
  Contains: [['a']],
  NotContains: [['a']],
  Equals: [['a'], [1], [null], [Number.NaN], [undefined]],
  NotEquals: [['a'], [null]],
  IsByteLength: [[1, 3]],
  IsDivisibleBy: [[2]],
  IsEmail: [[], [{}], [{ allow_display_name: true }], [{ require_tld: false }]],
  IsEnum: [[{ A: 'a', B: 1 }], [{ 0: 'Off', Off: 0 }], [{ N: Number.NaN }], [{}]],
  IsHash: [['md5']],
  IsIdentityCard: [['any']],
  IsIn: [[['a', 1, true]], [[]], [[Number.NaN, null]], [[1, 2, 3, 4, 5, 6, 7, 8, 9, 'a']]],
  IsNotIn: [[['a', 1]], [[]]],
  IsInstance: [[Thing], [Object]],
  IsIP: [[], [4], ['6']],
  IsISO8601: [[], [{ strict: true }]],
  IsMobilePhone: [['en-US']],
  IsNumber: [[], [{}], [{ allowNaN: true }], [{ allowInfinity: true }], [{ maxDecimalPlaces: 1 }]],
  IsPassportNumber: [['DE']],
  IsPhoneNumber: [['DE']],
  IsPostalCode: [['DE']],
  IsTaxId: [['en-US']],
  IsUUID: [[], ['4'], ['all']],
  Length: [[1], [1, 3], [0, 0], [2, 3]],
  MinLength: [[0], [2], [-1]],
  MaxLength: [[0], [2]],
  Matches: [[/^a/], [/a/g], [/A/i], ['^a', 'i']],
  Max: [[1], [-1.5]],
  Min: [[1], [-1.5], [Number.NaN]],
  MaxDate: [[new Date(0)]],
  MinDate: [[new Date(0)]],
}

/** These decide nothing themselves. */
const WITHOUT_VERDICT = new Set([
  'Allow',
  'IsOptional',
  'Validate',
  'ValidateBy',
  'ValidateIf',
  'ValidateNested',
  'ValidatePromise',
  'ValidatorConstraint',
  'ValidationError',
  'MetadataStorage',
  'ValidationTypes',
  'Validator',
])

const VALUES: readonly unknown[] = (
  [
    [undefined, null, true, false, 0, 1, 2, -1, 1.5, 1.25, -1.5, 1e21, 1e-7, 90, 91],
    ['', ' ', 'a', 'A', 'ab', 'abc', 'abcd', 'ba', '0', '1', '1.5', '12', 'true', 'null', '{}', '[1]', '#fff'],
    ['😀', '😀😀', '☁️', '☁️☁️☁️', 'é', 'ｱ', 'Ａ', '\uD83D', 'a\u0000'],
    ['a@b', 'a@example.org', 'a.b+c-d@x-y.example.org', '.a@example.org', 'a..b@example.org', 'a@-x.org', 'a@x-.org'],
    ['a@x--y.org', 'a@example.o1', '"a b"@example.org', 'A <a@example.org>', `${'a'.repeat(65)}@example.org`],
    [`a@${'b'.repeat(64)}.org`, 'ä@example.org', 'a@exämple.org', 'a@[127.0.0.1]', 'a_@example.org', '-a@example.org'],
    ['https://example.org', 'ftp://x', 'example.org', '127.0.0.1', '::1', '00:1b:44:11:3a:b7', '8080', '65536'],
    ['6f1f1f0e-7a0c-4c1e-9d7e-0d8f1f2a3b4c', '507f1f77bcf86cd799439011', 'd41d8cd98f00b204e9800998ecf8427e'],
    ['2024-02-29', '2023-02-29', '2024-02-29T10:00:00Z', '2024-W01', '10:30', '25:00', 'P1D'],
    ['4111111111111111', 'CH9300762011623852957', 'DEUTDEFF', 'US0378331005', '978-3-16-148410-0', '0378-5955'],
    ['CH', 'CHE', '756', 'CHF', 'de', 'de-DE', 'en_US', '+4915123456789', '12345', '12,5', '$1.00', '47.1,8.5'],
    ['aGk=', 'aGk', 'data:text/plain,a', 'text/plain', 'magnet:?xt=urn:btih:abc', '1.2.3', 'aB3!aB3!', 'rgb(1,2,3)'],
    ['Europe/Zurich', '0x52908400098527886E0F7030069857D2E4169EE7', 'a.b.c', 'MFRGG===', '-MJ4AfCV7hZ-bPQpVxbn'],
    [[], ['a'], ['a', 1], ['a', 'a'], [1, 2], [null], [[]], {}, { a: 1 }, { a: null }, { deep: [{ a: 1 }] }],
  ] as unknown[][]
).flat()

type Decorator = (...args: readonly unknown[]) => PropertyDecorator

const rules = Object.entries(library).flatMap(([name, decorator]): [string, readonly unknown[], Decorator][] => {
  if (!/^[A-Z][a-z]/.test(name) && !/^Is[A-Z]/.test(name)) return []
  if (WITHOUT_VERDICT.has(name) || typeof decorator !== 'function') return []
  return (ARGUMENTS[name] ?? [[]]).map((args) => [name, args, decorator as unknown as Decorator])
})

/** How many parameters come before the options of every rule; those that are left out must be kept open. */
function withOptions(decorator: Decorator, args: readonly unknown[], options: object): PropertyDecorator {
  const parameters = decorator.toString().slice(0, decorator.toString().indexOf(') {')).split(',').length
  return decorator(...Array.from({ length: Math.max(parameters - 1, 0) }, (_, index) => args[index]), options)
}

function classWith(...decorators: readonly PropertyDecorator[]): Class<object> {
  const type = class Subject {}
  Reflect.defineMetadata('design:type', Object, type.prototype, 'it')
  for (const decorate of decorators) decorate(type.prototype, 'it')
  return type
}

/** What class-validator says, in one line for each broken rule. */
function verdict(type: Class<object>, value: unknown): readonly string[] {
  const instance = Object.assign(new type(), value === undefined ? {} : { it: structuredClone(value) })
  let broken: library.ValidationError[]
  try {
    broken = library.validateSync(instance, { whitelist: true, forbidNonWhitelisted: true })
  } catch (error) {
    return [String(error)]
  }
  return broken.flatMap(({ constraints = {} }) => Object.entries(constraints).map((entry) => entry.join(': ')))
}

/** What a validator says; a rule that trips over a value says why. */
async function verdictOf(validate: Validator, value: unknown): Promise<readonly string[]> {
  try {
    return (await errorsOf(validate, value)).map(({ code, detail }) => `${code}: ${detail}`)
  } catch (error) {
    return [String(error)]
  }
}

const saidOfEach = new Set<string>()

describe('a compiled rule', () => {
  beforeAll(keepLibraryQuick)

  it.each(rules)(
    '%s(%j) decides as class-validator does, for one value and for each',
    async (name, args, decorator) => {
      const unlike: object[] = []
      for (const type of [classWith(decorator(...args)), classWith(withOptions(decorator, args, { each: true }))]) {
        const code = await compileValidator(type, { mode: 'strict', backEnd: 'code' })
        const closures = await compileValidator(type, { mode: 'strict', backEnd: 'closures' })
        for (const value of [...VALUES, ['a', 1, true]]) {
          const expected = verdict(type, value)
          if (expected[0]?.includes('each value in')) saidOfEach.add(name)
          const input = value === undefined ? {} : { it: value }
          const verdicts = [await verdictOf(code, input), await verdictOf(closures, input)]
          for (const actual of verdicts) {
            if (actual.join('\n') !== expected.join('\n')) unlike.push({ value, actual, expected })
          }
        }
      }
      expect(unlike).toEqual([])
    },
  )

  it('is compared for all the rules there are', () => {
    expect(new Set(rules.map(([name]) => name)).size).toBeGreaterThanOrEqual(95)
    expect(saidOfEach.size).toBeGreaterThanOrEqual(85)
  })
})
