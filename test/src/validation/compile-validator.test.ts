import {
  Allow,
  ArrayMinSize,
  Contains,
  Exclude,
  Expose,
  IsArray,
  IsDate,
  IsEmail,
  IsIn,
  IsInt,
  IsNumber,
  IsObject,
  IsOptional,
  IsString,
  Max,
  Min,
  MinLength,
  registerDecorator,
  Transform,
  Type,
  ValidateIf,
  ValidateNested,
  ValidationFailed,
} from '../../../src/validation/index.ts'
import type { Class } from '../../../decorators/index.ts'
import { problemOf } from '../../../src/errors/problem.ts'
import { compileValidator as compile, type ValidatorOptions } from '../../../src/validation/compile-validator.ts'
import { errorsOf, rulesOf } from './validation-outcome.ts'

class Address {
  @IsString() street!: string
  @IsOptional() @IsString() zip?: string
}

class Item {
  @IsString() name!: string
  @IsInt() @Min(1) amount!: number
}

class Order {
  @IsEmail() email!: string
  @IsOptional() @IsInt() age?: number
  @IsOptional() @ValidateNested() @Type(() => Address) address?: Address
  @IsOptional() @IsArray() @ValidateNested({ each: true }) @Type(() => Item) items?: Item[]
  @IsOptional() @IsArray() @IsString({ each: true }) tags?: string[]
  @IsOptional() @Type(() => Date) @IsDate() at?: Date
  @IsOptional() @IsObject() meta?: Record<string, unknown>
}

describe.each(['code', 'closures'] as const)('by %s:', (backEnd) => {
  const compileValidator = (type: Class, options: ValidatorOptions) => compile(type, { ...options, backEnd })
  const strict = (type: Class, options: Partial<ValidatorOptions> = {}) =>
    compileValidator(type, { mode: 'strict', ...options })
  const fromText = (type: Class, options: Partial<ValidatorOptions> = {}) =>
    strict(type, { fromText: true, ...options })
  const valid = { email: 'a@example.org' }

  describe('a compiled validator', () => {
    it('makes an instance with nested instances, dates and no unset fields', async () => {
      const validate = await strict(Order)

      const order = (await validate({
        ...valid,
        address: { street: 'Main' },
        items: [{ name: 'Pen', amount: 2 }],
        at: '2024-05-01T00:00:00Z',
      })) as Order

      expect(order).toBeInstanceOf(Order)
      expect(order.address).toBeInstanceOf(Address)
      expect(order.items?.[0]).toBeInstanceOf(Item)
      expect(order.at).toEqual(new Date('2024-05-01T00:00:00Z'))
      expect(Object.keys(order).toSorted()).toEqual(['address', 'at', 'email', 'items'])
      expect(Object.keys(order.address ?? {})).toEqual(['street'])
    })

    it.each([
      [
        'an undeclared field',
        { ...valid, admin: true, root: 1 },
        ['/admin whitelistValidation', '/root whitelistValidation'],
      ],
      [
        'one inside a nested object',
        { ...valid, address: { street: 'x', owner: 1 } },
        ['/address/owner whitelistValidation'],
      ],
      [
        'one inside a list element',
        { ...valid, items: [{ name: 'a', amount: 1, x: 1 }] },
        ['/items/0/x whitelistValidation'],
      ],
      ['slashes and tildes in names', { ...valid, 'a/b~c': 1 }, ['/a~1b~0c whitelistValidation']],
      [
        'inherited names',
        { ...valid, toString: 1, hasOwnProperty: 1, constructor: 1 },
        ['/toString whitelistValidation', '/hasOwnProperty whitelistValidation', '/constructor whitelistValidation'],
      ],
      ['a list for the root', [valid], [' isObject']],
      ['text for the root', 'x', [' isObject']],
      ['null for the root', null, [' isObject']],
      ['a missing field', {}, ['/email isEmail']],
      ['text for a number', { ...valid, age: '1' }, ['/age isInt']],
      ['a list for an object', { ...valid, address: [{ street: 'x' }] }, ['/address isObject']],
      ['text for an object', { ...valid, address: 'x' }, ['/address nestedValidation']],
      ['an object for a list', { ...valid, items: { name: 'a', amount: 1 } }, ['/items isArray']],
      ['text for a list', { ...valid, tags: 'x' }, ['/tags isArray']],
      ['null in a list of objects', { ...valid, items: [null] }, ['/items/0 isObject']],
      ['a list in a list of objects', { ...valid, items: [[]] }, ['/items/0 isObject']],
      [
        'several rules of one field, and a good neighbour',
        {
          ...valid,
          items: [
            { name: 'a', amount: 1 },
            { name: 1, amount: 0.5 },
          ],
        },
        ['/items/1/name isString', '/items/1/amount min', '/items/1/amount isInt'],
      ],
      ['a date that is none', { ...valid, at: '2024-02-30' }, ['/at isDate']],
      ['a date that is a number', { ...valid, at: 0 }, ['/at isDate']],
      ['a date that is a list', { ...valid, at: ['2024-01-01'] }, ['/at isDate']],
      [
        'prototype names in free-form values',
        { ...valid, meta: { a: [{ constructor: { prototype: 1 } }] } },
        ['/meta/a/0/constructor whitelistValidation'],
      ],
    ])('refuses %s', async (_case, value, expected) => {
      expect(await rulesOf(await strict(Order), value)).toEqual(expected)
    })

    it('refuses __proto__ wherever it stands, and pollutes nothing', async () => {
      const validate = await strict(Order)
      const hostile: unknown = JSON.parse(
        '{"email":"a@example.org","__proto__":{"admin":true},"address":{"street":"x","__proto__":{"admin":true}},"meta":{"__proto__":{"admin":true}}}',
      )

      expect(await rulesOf(validate, hostile)).toEqual([
        '/__proto__ whitelistValidation',
        '/address/__proto__ whitelistValidation',
        '/meta/__proto__ whitelistValidation',
      ])
      const stripped = (await (
        await compileValidator(Order, { mode: 'strip' })
      )(hostile)) as { admin?: unknown; meta: { admin?: unknown } }
      expect(stripped.admin).toBeUndefined()
      expect(stripped.meta.admin).toBeUndefined()
      expect(({} as { admin?: unknown }).admin).toBeUndefined()
    })

    it('drops undeclared fields silently in strip mode, at every depth', async () => {
      const validate = await compileValidator(Order, { mode: 'strip' })

      const order = await validate({ ...valid, admin: true, address: { street: 'x', owner: 1 }, toString: 1 })

      expect(order).toEqual(
        Object.assign(new Order(), valid, { address: Object.assign(new Address(), { street: 'x' }) }),
      )
    })

    it('leaves the value it was given as it was', async () => {
      const value = Object.freeze({ ...valid, address: Object.freeze({ street: 'x' }), admin: 1 })

      await (
        await compileValidator(Order, { mode: 'strip' })
      )(value)

      expect(value).toEqual({ ...valid, address: { street: 'x' }, admin: 1 })
    })

    it('answers deep nesting with a clean refusal', async () => {
      class Tree {
        @IsOptional() @ValidateNested() @Type(() => Tree) child?: Tree
        @IsOptional() @Allow() free?: unknown
      }
      const validate = await strict(Tree)
      const nest = (depth: number, key: string) => {
        let value: unknown = {}
        for (let i = 0; i < depth; i++) value = key === '' ? [value] : { [key]: value }
        return value
      }

      expect(await rulesOf(validate, nest(60, 'child'))).toEqual([])
      expect((await rulesOf(validate, nest(100_000, 'child')))[0]).toMatch(/maxDepth$/)
      expect((await rulesOf(validate, { free: nest(100_000, 'x') }))[0]).toMatch(/maxDepth$/)
      expect((await rulesOf(validate, { free: nest(100_000, '') }))[0]).toMatch(/maxDepth$/)
    })

    it('lists no more than 200 errors and counts the rest', async () => {
      const errors = await errorsOf(
        await strict(Order),
        Object.fromEntries(Array.from({ length: 1000 }, (_, i) => [`x${i}`, 1])),
      )

      expect(errors).toHaveLength(201)
      expect(errors.at(-1)?.detail).toBe('801 further errors are not listed')
    })

    it('becomes a problem with the code, the status and the pointers', async () => {
      const validate = await strict(Order, { pointer: '#/query' })
      const error: unknown = await Promise.resolve({ email: 'x' })
        .then(validate)
        .catch((caught: unknown) => caught)

      expect(error).toBeInstanceOf(ValidationFailed)
      expect(problemOf(error).toBody()).toMatchObject({
        status: 400,
        code: 'VALIDATION_FAILED',
        detail: 'The input is not valid: email must be an email.',
        errors: [{ pointer: '#/query/email', code: 'isEmail', detail: 'email must be an email' }],
      })
    })

    it('does not coerce JSON, even where @Type names a primitive', async () => {
      class Typed {
        @IsOptional() @Type(() => Number) @IsNumber() count?: number
        @IsOptional() @Type(() => Boolean) @Allow() flag?: boolean
        @IsOptional() @Type(() => String) @Allow() text?: string
        @IsOptional() @Type(() => Number) @IsArray() @IsInt({ each: true }) ids?: number[]
      }
      const validate = await strict(Typed)

      expect(await rulesOf(validate, { count: '1', flag: 'false', text: 1, ids: [1, '2'] })).toEqual([
        '/count isNumber',
        '/flag isBoolean',
        '/text isString',
        '/ids/1 isNumber',
      ])
      expect(await validate({ count: 1, flag: false, text: 'x', ids: [1] })).toEqual({
        count: 1,
        flag: false,
        text: 'x',
        ids: [1],
      })
    })
  })

  describe('a validator of text', () => {
    class Search {
      @IsOptional() @IsInt() page?: number
      @IsOptional() @Allow() open?: boolean
      @IsOptional() @IsDate() since?: Date
      @IsOptional() @Allow() after?: bigint
      @IsOptional() @IsIn(['asc', 'desc']) order?: 'asc' | 'desc'
      @IsOptional() @IsArray() @IsString({ each: true }) tags?: string[]
      @IsOptional() @IsArray() @Type(() => Number) @IsInt({ each: true }) ids?: number[]
      @IsOptional() @Transform(({ value }: { value: string }) => value.split(',')) @IsArray() fields?: string[]
    }

    it('converts by the declared types', async () => {
      const validate = await fromText(Search)

      expect(
        await validate({
          page: '2',
          open: '1',
          since: '2024-01-01',
          after: '9',
          order: 'asc',
          tags: 'a',
          ids: ['1', '2'],
          fields: 'a,b',
        }),
      ).toEqual({
        page: 2,
        open: true,
        since: new Date('2024-01-01'),
        after: 9n,
        order: 'asc',
        tags: ['a'],
        ids: [1, 2],
        fields: ['a', 'b'],
      })
      expect(await validate({ ids: '7', tags: ['a', 'b'] })).toEqual({ ids: [7], tags: ['a', 'b'] })
    })

    it('says once what could not be converted', async () => {
      const validate = await fromText(Search, { pointer: '#/query' })

      expect(
        await errorsOf(validate, { page: 'x', open: 'on', since: 'now', after: '1.5', order: 'up', ids: ['1', 'b'] }),
      ).toEqual([
        { pointer: '#/query/page', code: 'isNumber', detail: "page must be a number, got 'x'" },
        { pointer: '#/query/open', code: 'isBoolean', detail: "open must be true or false, got 'on'" },
        { pointer: '#/query/since', code: 'isDate', detail: "since must be an ISO 8601 date, got 'now'" },
        { pointer: '#/query/after', code: 'isBigInt', detail: "after must be a whole number, got '1.5'" },
        { pointer: '#/query/ids/1', code: 'isNumber', detail: "ids[1] must be a number, got 'b'" },
        { pointer: '#/query/order', code: 'isIn', detail: 'order must be one of the following values: asc, desc' },
      ])
      expect(await rulesOf(validate, { page: ['1', '2'] })).toEqual(['#/query/page isSingle'])
    })

    it('reads single values and lists of them without a DTO', async () => {
      const one = await fromText(Number, { pointer: '#/path/id' })
      const many = await fromText(Array, { array: Number as unknown as Class, pointer: '#/query/ids' })

      expect(await one('5')).toBe(5)
      expect(await errorsOf(one, 'abc')).toEqual([
        { pointer: '#/path/id', code: 'isNumber', detail: "id must be a number, got 'abc'" },
      ])
      expect(await many('5')).toEqual([5])
      expect(await many(['5', '6'])).toEqual([5, 6])
      expect(await rulesOf(many, ['5', 'x'])).toEqual(['#/query/ids/1 isNumber'])
    })
  })

  describe('what the libraries offer', () => {
    it('validates lists of DTOs with an index in each pointer', async () => {
      const validate = await strict(Array, { array: Item })

      const items = (await validate([{ name: 'a', amount: 1 }])) as Item[]

      expect(items[0]).toBeInstanceOf(Item)
      expect(await rulesOf(validate, [{ name: 'a', amount: 1 }, { amount: 0 }, 5])).toEqual([
        '/1/name isString',
        '/1/amount min',
        '/2 isObject',
      ])
      expect(await rulesOf(validate, {})).toEqual([' isArray'])
    })

    it('awaits asynchronous validators', async () => {
      const isFree = () => (target: object, propertyName: string) =>
        registerDecorator({
          name: 'isFree',
          target: target.constructor,
          propertyName,
          validator: {
            validate: async (value: unknown) => (await Promise.resolve(value)) !== 'taken',
            defaultMessage: () => '$property is taken',
          },
        })
      class SignUp {
        @isFree() name!: string
      }
      const validate = await strict(SignUp)

      expect(await errorsOf(validate, { name: 'taken' })).toEqual([
        { pointer: '/name', code: 'isFree', detail: 'name is taken' },
      ])
      expect(await validate({ name: 'new' })).toEqual({ name: 'new' })
    })

    it('checks the groups that are asked for', async () => {
      class Account {
        @IsString({ always: true }) name!: string
        @IsInt({ groups: ['admin'] }) level!: number
        @MinLength(3, { groups: ['user'] }) nick!: string
      }

      expect(await rulesOf(await strict(Account, { groups: ['admin'] }), { name: 'a', level: 'x', nick: 'n' })).toEqual(
        ['/nick whitelistValidation', '/level isInt'],
      )
      expect(await rulesOf(await strict(Account), { name: 'a', level: 1, nick: 'n' })).toEqual(['/nick minLength'])
    })

    it('honours ValidateIf and inheritance', async () => {
      class Contact {
        @ValidateIf((contact: Contact) => contact.kind === 'mail') @IsEmail() to!: string
        @IsString() kind!: string
      }
      class Urgent extends Contact {
        @Max(3) priority!: number
      }
      const validate = await strict(Urgent)

      expect(await rulesOf(validate, { kind: 'mail', to: 'x', priority: 9 })).toEqual(['/priority max', '/to isEmail'])
      expect(await validate({ kind: 'phone', to: 'x', priority: 1 })).toBeInstanceOf(Urgent)
    })

    it('makes maps and sets, and points into maps by key', async () => {
      class Shelf {
        @IsOptional() @ValidateNested() @Type(() => Item) byName?: Map<string, Item>
        @IsOptional() @ValidateNested() @Type(() => Item) unique?: Set<Item>
      }
      const validate = await strict(Shelf)

      const shelf = (await validate({
        byName: { a: { name: 'a', amount: 1 } },
        unique: [{ name: 'b', amount: 1 }],
      })) as Shelf

      expect(shelf.byName?.get('a')).toBeInstanceOf(Item)
      expect([...(shelf.unique ?? [])][0]).toBeInstanceOf(Item)
      expect(
        await rulesOf(validate, { byName: { 'a/b': { name: 'a', amount: 0 }, c: { name: 'c', amount: 1, x: 1 } } }),
      ).toEqual(['/byName/c/x whitelistValidation', '/byName/a~1b/amount min'])
      expect(await rulesOf(validate, { byName: [] })).toEqual(['/byName isObject'])
    })

    it('chooses by the discriminator, and refuses an unknown one', async () => {
      class Shape {
        @IsOptional() @IsString() label?: string
      }
      class Circle extends Shape {
        @IsNumber() radius!: number
      }
      class Square extends Shape {
        @IsNumber() side!: number
      }
      const discriminator = {
        property: 'kind',
        subTypes: [
          { name: 'circle', value: Circle },
          { name: 'square', value: Square },
        ],
      }
      class Drawing {
        @IsOptional() @ValidateNested() @Type(() => Shape, { discriminator }) main?: Shape
        @IsOptional() @IsArray() @ValidateNested({ each: true }) @Type(() => Shape, { discriminator }) shapes?: Shape[]
      }
      const validate = await strict(Drawing)

      const drawing = (await validate({
        main: { kind: 'circle', radius: 1 },
        shapes: [{ kind: 'square', side: 1 }],
      })) as Drawing

      expect(drawing.main).toBeInstanceOf(Circle)
      expect(drawing.shapes?.[0]).toBeInstanceOf(Square)
      expect(await rulesOf(validate, { main: { kind: 'circle', side: 1 } })).toEqual([
        '/main/side whitelistValidation',
        '/main/radius isNumber',
      ])
      expect(await rulesOf(validate, { main: { kind: 'blob' }, shapes: [{}, null, 5] })).toEqual([
        '/main/kind isIn',
        '/shapes/0/kind isIn',
        '/shapes/1 isObject',
        '/shapes/2 nestedValidation',
      ])
    })

    it('uses the exposed name for input, pointers and unknown fields', async () => {
      class Person {
        @Expose({ name: 'first_name' }) @IsString() firstName!: string
      }
      const validate = await strict(Person)

      expect(await validate({ first_name: 'Ada' })).toEqual({ firstName: 'Ada' })
      expect(await rulesOf(validate, { firstName: 'Ada' })).toEqual([
        '/firstName whitelistValidation',
        '/first_name isString',
      ])
    })

    it('keeps excluded fields out of the instance', async () => {
      class Record {
        @IsString() title!: string
        @Exclude({ toClassOnly: true }) @IsOptional() @IsInt() id?: number
      }

      expect(await (await strict(Record))({ title: 'a', id: 7 })).toEqual({ title: 'a' })
    })

    it('turns a transform that trips over a value into a refusal of that field', async () => {
      class Trimmed {
        @Transform(({ value }: { value: string }) => value.trim()) @IsString() name!: string
        @IsString() other!: string
      }
      const validate = await strict(Trimmed)

      expect(await validate({ name: ' a ', other: 'b' })).toEqual({ name: 'a', other: 'b' })
      expect(await errorsOf(validate, { name: 5, other: 'b' })).toEqual([
        { pointer: '/name', code: 'transform', detail: 'name could not be read' },
      ])
    })

    it('holds instances that a transform made to the same rules', async () => {
      const make = ({ value }: { value: object }): Address => Object.assign(new Address(), value)
      class Sender {
        @ValidateNested() @Transform(make) address!: Address
      }
      const value = { address: { street: 'x', admin: true } }

      expect(await rulesOf(await strict(Sender), value)).toEqual(['/address/admin whitelistValidation'])
      expect(await (await compileValidator(Sender, { mode: 'strip' }))(value)).toEqual({ address: { street: 'x' } })
    })

    it('allows lists of lists where a rule says so', async () => {
      class Grid {
        @IsArray({ each: true }) @ValidateNested({ each: true }) @Type(() => Item) rows!: Item[][]
      }
      const validate = await strict(Grid)

      const grid = (await validate({ rows: [[{ name: 'a', amount: 1 }]] })) as Grid

      expect(grid.rows[0]?.[0]).toBeInstanceOf(Item)
      expect(await rulesOf(validate, { rows: [[{ name: 'a', amount: 0 }]] })).toEqual(['/rows/0/0/amount min'])
    })

    it('refuses what a nested class without @Type would let through', async () => {
      class Loose {
        @ValidateNested() address!: Address
      }

      expect(await rulesOf(await strict(Loose), { address: { street: 'x' } })).toEqual(['/address unknownValue'])
    })

    it('keeps initial values of fields without rules, and lets nobody set them', async () => {
      class Paged {
        @IsOptional() @IsInt() size = 20
        source = 'web'
      }
      const validate = await strict(Paged)

      expect(await validate({})).toEqual({ size: 20, source: 'web' })
      expect(await rulesOf(validate, { source: 'x' })).toEqual(['/source whitelistValidation'])
    })

    it('drops fields that the compiler defined and nobody sent', async () => {
      class Defined {
        declare name: string
        declare note?: string
        constructor() {
          Object.defineProperty(this, 'note', {
            value: undefined,
            enumerable: true,
            configurable: true,
            writable: true,
          })
          Object.defineProperty(this, 'undeclared', {
            value: undefined,
            enumerable: true,
            configurable: true,
            writable: true,
          })
        }
      }
      IsString()(Defined.prototype, 'name')
      IsOptional()(Defined.prototype, 'note')

      expect(Object.keys((await (await strict(Defined))({ name: 'a' })) as object)).toEqual(['name'])
    })

    it('takes nothing for a class that declares nothing', async () => {
      class Empty {}

      expect(await (await strict(Empty))({})).toBeInstanceOf(Empty)
      expect(await rulesOf(await strict(Empty), { a: 1 })).toEqual(['/a whitelistValidation'])
    })

    it('keeps list rules and custom messages', async () => {
      class Basket {
        @ArrayMinSize(1, { message: 'choose something' }) @Contains('x', { each: true }) names!: string[]
      }

      expect(await errorsOf(await strict(Basket), { names: [] })).toEqual([
        { pointer: '/names', code: 'arrayMinSize', detail: 'choose something' },
      ])
    })
  })
})
