/** What class-validator and class-transformer promise beyond single rules, said of compiled validators. */
import type { Class } from '../../../decorators/index.ts'
import {
  Contains,
  Exclude,
  Expose,
  IsDefined,
  IsInt,
  IsNotEmpty,
  IsOptional,
  IsString,
  Matches,
  MinLength,
  registerDecorator,
  Transform,
  Type,
  Validate,
  ValidateIf,
  ValidateNested,
  ValidatePromise,
  ValidatorConstraint,
  type ValidationArguments,
  type ValidationOptions,
  type ValidatorConstraintInterface,
} from '../../../src/validation/index.ts'
import { compileValidator, type ValidatorOptions } from '../../../src/validation/compile-validator.ts'
import { errorsOf, rulesOf } from './validation-outcome.ts'

/** A rule of an application; the answer may be promised. */
const Asked = (answer: (value: unknown, about: ValidationArguments) => unknown, options?: ValidationOptions) =>
  ((target: object, propertyName: string) =>
    registerDecorator({
      name: 'asked',
      target: target.constructor,
      propertyName,
      options,
      validator: {
        validate: (value: unknown, about: ValidationArguments) => answer(value, about) as boolean,
        defaultMessage: () => '$property was asked in vain',
      },
    })) as PropertyDecorator

@ValidatorConstraint({ name: 'isShort' })
class Short implements ValidatorConstraintInterface {
  validate(value: unknown, { constraints }: ValidationArguments): boolean {
    return typeof value === 'string' && value.length < (constraints[0] as number)
  }
  defaultMessage({ value }: ValidationArguments): string {
    return `$property of $target is too long at $constraint1: ${String(value)} ($value)`
  }
}

describe.each(['code', 'closures'] as const)('by %s:', (backEnd) => {
  const strict = (type: Class, options: Partial<ValidatorOptions> = {}) =>
    compileValidator(type, { mode: 'strict', backEnd, ...options })

  describe('a validator', () => {
    it('answers at once when no rule waits, and a promise when one does', async () => {
      class Quick {
        @IsString() name!: string
        @Asked((value) => value !== 1) number?: number
      }
      class Slow {
        @Asked(async () => Promise.resolve(true)) name!: string
      }

      expect((await strict(Quick))({ name: 'a' })).toEqual({ name: 'a' })
      const promised = (await strict(Slow))({ name: 'a' })
      expect(promised).toBeInstanceOf(Promise)
      expect(await promised).toEqual({ name: 'a' })
      const quickly = await strict(Quick)
      expect(() => quickly({ name: 1 })).toThrow('name must be a string')
    })

    it('asks a rule of the application once for a value, whether it holds or not', async () => {
      const asked: unknown[] = []
      class SignUp {
        @IsString() @Asked((value) => (asked.push(value), value !== 'taken')) name!: string
        @IsInt() age!: number
      }
      const validate = await strict(SignUp)

      await validate({ name: 'new', age: 1 })
      expect(await rulesOf(validate, { name: 'taken', age: 2 })).toEqual(['/name asked'])
      expect(await rulesOf(validate, { name: 'taken', age: 'x' })).toEqual(['/name asked', '/age isInt'])
      expect(asked).toEqual(['new', 'taken', 'taken'])
    })

    it('waits for all asynchronous rules together', async () => {
      const waiting: (() => void)[] = []
      const wait = async (): Promise<boolean> => {
        await new Promise<void>((resolve) => {
          waiting.push(resolve)
          // The last one to come frees all of them.
          if (waiting.length === 3) for (const free of waiting) free()
        })
        return false
      }
      class Inner {
        @Asked(wait) deep!: string
      }
      class Outer {
        @Asked(wait) a!: string
        @Asked(wait) b!: string
        @ValidateNested() @Type(() => Inner) inner!: Inner
      }

      expect(await rulesOf(await strict(Outer), { a: '', b: '', inner: { deep: '' } })).toEqual([
        '/a asked',
        '/b asked',
        '/inner/deep asked',
      ])
    })

    it('hands on what a rule throws or rejects with', async () => {
      class Throwing {
        @Asked(() => {
          throw new RangeError('rule')
        })
        a!: string
      }
      class Rejecting {
        @Asked(async () => Promise.reject(new RangeError('late'))) a!: string
        @Asked((value) => {
          if (value === 'x') throw new RangeError('at once')
          return true
        })
        b!: string
      }

      await expect(errorsOf(await strict(Throwing), { a: '' })).rejects.toThrow('rule')
      await expect(errorsOf(await strict(Rejecting), { a: '', b: '' })).rejects.toThrow('late')
      await expect(errorsOf(await strict(Rejecting), { a: '', b: 'x' })).rejects.toThrow('at once')
    })

    it('tells a rule what it is asked about', async () => {
      let told: ValidationArguments | undefined
      class Pair {
        @IsString() first!: string
        @Asked((_value, about) => ((told = about), true)) second!: string
      }

      await (
        await strict(Pair)
      )({ first: 'a', second: 'b' })

      expect(told).toMatchObject({ targetName: 'Pair', property: 'second', value: 'b' })
      expect(told?.object).toBeInstanceOf(Pair)
      expect(told?.object).toEqual({ first: 'a', second: 'b' })
    })

    it('takes a rule for its own only when it decides as its own does', async () => {
      const lenient = (target: object, propertyName: string): void =>
        registerDecorator({
          name: 'isString',
          target: target.constructor,
          propertyName,
          validator: { validate: () => true, defaultMessage: () => '$property must be a string' },
        })
      class Free {
        @lenient name!: unknown
      }

      expect((await strict(Free))({ name: 1 })).toEqual({ name: 1 })
    })
  })

  describe('messages', () => {
    it.each([
      ['$value', 'x', 'x'],
      ['$property in $target', 'x', 'text in Message'],
      ['$constraint1 of $value', 'x', '20 of x'],
      ['$value and $value', 'x', 'x and x'],
      ['$value', {}, '$value'],
      ['$value', true, 'true'],
      ['$value', 12, '12'],
      ['$value', null, '$value'],
      ['$value', '$property', 'text'],
    ])('fill %p in for %p', async (message, value, expected) => {
      class Message {
        @MinLength(20, { message }) text!: unknown
      }

      expect((await errorsOf(await strict(Message), { text: value }))[0]?.detail).toBe(expected)
    })

    it('may be functions, and list what a rule was given', async () => {
      const symbol = Symbol('mark')
      class Message {
        @MinLength(5, { message: ({ value, property }) => `${property}: ${String(value)} < $constraint1` }) a!: string
        @Validate(Short, [3]) b!: string
        @Validate(Short, [symbol as never, [1, 2]], { message: '$constraint1 $constraint2' }) c!: string
      }

      const errors = await errorsOf(await strict(Message), { a: 'x', b: 'long', c: 1 })

      expect(errors.map(({ detail }) => detail)).toEqual([
        'a: x < 5',
        'b of Message is too long at 3: long (long)',
        'mark 1, 2',
      ])
    })
  })

  describe('each', () => {
    const isA = (value: unknown): boolean => value === 'a'
    const mixed = (value: unknown): unknown => (value === 'a' ? true : Promise.resolve(value === 'b'))
    const typed: readonly (readonly [string, unknown, (...values: string[]) => unknown])[] = [
      ['array', Array, (...values) => values],
      ['set', Set, (...values) => values],
      ['map', Map, (...values) => Object.fromEntries(values.map((value, index) => [`k${index}`, value]))],
    ]

    it.each(typed)('asks every element of a %s', async (_kind, collection, made) => {
      class Letters {
        @Contains('a', { each: true })
        @Asked(isA, { each: true })
        @Asked(mixed, { each: true })
        @Asked(async (value) => Promise.resolve(value !== 'd'), { each: true })
        letters!: unknown
      }
      Reflect.defineMetadata('design:type', collection, Letters.prototype, 'letters')
      Type(() => String)(Letters.prototype, 'letters')
      const validate = await strict(Letters)

      expect(await rulesOf(validate, { letters: made('a', 'a') })).toEqual([])
      expect(await rulesOf(validate, { letters: made() })).toEqual([])
      expect(await rulesOf(validate, { letters: made('a', 'c') })).toEqual(['/letters asked', '/letters contains'])
      expect((await errorsOf(validate, { letters: made('x') })).map(({ detail }) => detail)).toEqual([
        'letters was asked in vain',
        'each value in letters must contain a a string',
      ])
    })

    it('asks a value that is no collection itself', async () => {
      class Letters {
        @Contains('a', { each: true }) letters!: unknown
      }
      const validate = await strict(Letters)

      expect(await rulesOf(validate, { letters: 'abc' })).toEqual([])
      expect(await rulesOf(validate, { letters: 'xyz' })).toEqual(['/letters contains'])
    })
  })

  describe('conditions', () => {
    it('see the whole instance, and all must hold', async () => {
      class Message {
        @ValidateIf((message: Message) => message.kind === 'b')
        @ValidateIf((_message, value) => value !== 'skip')
        @IsInt()
        value!: unknown
        @IsString() kind!: string
      }
      const validate = await strict(Message)

      expect(await rulesOf(validate, { value: 'x', kind: 'a' })).toEqual([])
      expect(await rulesOf(validate, { value: 'skip', kind: 'b' })).toEqual([])
      expect(await rulesOf(validate, { value: 'x', kind: 'b' })).toEqual(['/value isInt'])
    })

    it('of one rule concern that rule alone', async () => {
      class Message {
        @IsInt({ validateIf: (message: Message) => message.kind === 'b' }) @IsDefined() value?: unknown
        @IsString() kind!: string
      }
      const validate = await strict(Message)

      expect(await rulesOf(validate, { kind: 'a' })).toEqual(['/value isDefined'])
      expect(await rulesOf(validate, { kind: 'a', value: 'x' })).toEqual([])
      expect(await rulesOf(validate, { kind: 'b', value: 'x' })).toEqual(['/value isInt'])
    })

    it('let an optional field be left out or null, and nothing else', async () => {
      class Message {
        @IsOptional() @IsNotEmpty() value?: unknown
      }
      const validate = await strict(Message)

      expect((await validate({ value: null })) as object).toEqual({ value: null })
      expect(await rulesOf(validate, {})).toEqual([])
      expect(await rulesOf(validate, { value: '' })).toEqual(['/value isNotEmpty'])
    })

    it('keep what is nested unasked as well', async () => {
      class Inner {
        @IsString() name!: string
      }
      class Outer {
        @ValidateIf((outer: Outer) => outer.kind === 'b') @ValidateNested() @Type(() => Inner) inner?: Inner
        @IsString() kind!: string
      }
      const validate = await strict(Outer)

      expect(await rulesOf(validate, { inner: { name: 1 }, kind: 'a' })).toEqual([])
      expect(await rulesOf(validate, { inner: { name: 1 }, kind: 'b' })).toEqual(['/inner/name isString'])
    })
  })

  describe('groups', () => {
    class Post {
      @Contains('hello', { groups: ['title'] }) title!: string
      @Contains('bye', { groups: ['text'] }) text!: string
      @Contains('a', { groups: ['title'] }) @Matches(/b/, { groups: ['text'] }) both!: string
    }
    const good = { title: 'hello', text: 'bye', both: 'ab' }
    const bad = { title: 'x', text: 'x', both: 'x' }

    it.each([
      [['title'], ['/title contains', '/both contains']],
      [['text'], ['/text contains', '/both matches']],
      [
        ['title', 'text'],
        ['/title contains', '/text contains', '/both matches', '/both contains'],
      ],
      [[], ['/title contains', '/text contains', '/both matches', '/both contains']],
    ])('%j ask for their rules', async (groups, expected) => {
      const validate = await strict(Post, { groups, mode: 'strip' })

      expect(await rulesOf(validate, good)).toEqual([])
      expect(await rulesOf(validate, bad)).toEqual(expected)
    })

    it('hold for what is nested, and a rule may be for always', async () => {
      class Child {
        @IsString({ groups: ['a'] }) a!: string
        @IsString({ groups: ['b'] }) b!: string
        @IsString({ always: true }) always!: string
      }
      class Parent {
        @ValidateNested({ always: true }) @Type(() => Child) child!: Child
      }
      const child = { a: 1, b: 1, always: 1 }

      expect(await rulesOf(await strict(Parent, { groups: ['a'], mode: 'strip' }), { child })).toEqual([
        '/child/a isString',
        '/child/always isString',
      ])
      expect(await rulesOf(await strict(Parent), { child })).toEqual([
        '/child/a isString',
        '/child/b isString',
        '/child/always isString',
      ])
    })
  })

  describe('inheritance', () => {
    it('adds rules to those of the base, of which those of one kind are replaced', async () => {
      class Base {
        @MinLength(3) title!: string
        @IsInt() rank!: number
      }
      class Special extends Base {
        @Contains('x') override title!: string
      }
      const validate = await strict(Special)

      expect(await rulesOf(validate, { title: 'a', rank: 'x' })).toEqual(['/title contains', '/rank isInt'])
      expect((await validate({ title: 'x', rank: 1 })) as object).toBeInstanceOf(Special)
    })
  })

  describe('instances', () => {
    it('await promises that a transform made, where @ValidatePromise says so', async () => {
      class Later {
        @ValidatePromise()
        @IsInt()
        @Transform(({ value }) => Promise.resolve(value))
        value!: Promise<number>
      }
      const validate = await strict(Later)

      expect(await rulesOf(validate, { value: 'x' })).toEqual(['/value isInt'])
      expect(await (((await validate({ value: 1 })) as Later).value as unknown)).toBe(1)
    })

    it('get what several transforms make, in the order in which they are written', async () => {
      class Steps {
        @Transform(({ value }) => `${String(value)}1`)
        @Transform(({ value }) => `${String(value)}2`)
        @Transform(({ value }) => `${String(value)}3`, { toPlainOnly: true })
        @IsString()
        text!: string
      }
      const validate = await strict(Steps)

      expect(validate({ text: '0' })).toEqual({ text: '012' })
      expect(validate({ text: '0' })).toEqual({ text: '012' })
    })

    it('let a transform see the object, the key and the options', async () => {
      class Seen {
        @IsString({ always: true }) first!: string
        @Expose({ name: 'renamed' })
        @Transform(({ obj, key, type, options }) => ({ obj, key, type, groups: options.groups }), { groups: ['a'] })
        @IsDefined({ always: true })
        second!: unknown
      }
      const validate = await strict(Seen, { groups: ['a'], mode: 'strip' })

      expect(validate({ first: 'x', renamed: 1, more: 2 })).toEqual({
        first: 'x',
        second: { obj: { first: 'x', renamed: 1 }, key: 'second', type: 0, groups: ['a'] },
      })
    })

    it('take over only what is exposed when the class is excluded, by the names callers use', async () => {
      @Exclude()
      class User {
        @Expose({ name: 'user_name' }) @IsString() name!: string
        @IsOptional() @IsString() role?: string
        @Expose({ toPlainOnly: true }) @IsOptional() @IsInt() id?: number
        @Expose({ groups: ['x'] }) @IsOptional() @IsInt() rank?: number
      }

      expect((await strict(User))({ user_name: 'a', role: 'admin', id: 1, rank: 1 })).toEqual({ name: 'a' })
    })

    it('have fields of any name', async () => {
      const names = ['a b', `it's "x"\\`, '\n', '${a}', '0', 'valueOf2', '日本', 'then', 'input', 'REFUSED']
      class Odd {}
      for (const name of names) {
        Reflect.defineMetadata('design:type', String, Odd.prototype, name)
        IsString()(Odd.prototype, name)
      }
      const value = Object.fromEntries(names.map((name) => [name, 'x']))
      const validate = await strict(Odd)

      expect(validate(value)).toEqual(value)
      expect(await rulesOf(validate, { ...value, '\n': 1 })).toEqual(['/\n isString'])
    })

    it('keep accessors and methods as the class wrote them', async () => {
      class Person {
        @IsString() name!: string
        @IsOptional() @IsString() get upper(): string {
          return this.name.toUpperCase()
        }
        @IsOptional() @IsString() set alias(value: string) {
          this.name = value
        }
        @IsOptional() greet(): string {
          return 'hello'
        }
      }
      const validate = await strict(Person)

      const person = (await validate({ name: 'a', upper: 'no', greet: 'no' })) as Person
      expect([person.upper, person.greet()]).toEqual(['A', 'hello'])
      expect(await validate({ name: 'a', alias: 'b' })).toEqual({ name: 'b' })
    })
  })
})
