import {
  Exclude,
  Expose,
  IsInt,
  IsObject,
  IsOptional,
  IsString,
  Transform,
  Type,
  ValidateNested,
} from '../../../src/validation/index.ts'
import { annotate, MetadataKey, type Class } from '../../../decorators/index.ts'
import { problemOf } from '../../../src/errors/problem.ts'
import { compileSerializer as compile, type SerializerOptions } from '../../../src/validation/compile-serializer.ts'

/** Any decorator makes the compiler emit a type, as those of an ORM do. */
const Column = (): PropertyDecorator => () => undefined

class Team {
  @IsString() name!: string
}

class User {
  @IsInt() id!: number
  @Expose({ name: 'full_name' }) name!: string
  @Exclude() password?: string
  @Expose({ groups: ['admin'] }) salary?: number
  @Type(() => Team) team?: Team
  @Type(() => Team) teams?: Team[]
  @Transform(({ value }: { value?: string }) => value?.toUpperCase(), { toPlainOnly: true }) code?: string
  @IsOptional() born?: Date
  @Column() note?: string
  undeclared?: string

  @Expose() get initial(): string {
    return this.name.charAt(0)
  }
}

const data = {
  id: 1,
  name: 'Ada',
  password: 'secret',
  salary: 5,
  team: { name: 'A', secret: 1 },
  teams: [{ name: 'B', secret: 1 }],
  code: 'x',
  born: new Date(0),
  note: 'n',
  undeclared: 'u',
  extra: 'e',
}
const expected = {
  id: 1,
  full_name: 'Ada',
  team: { name: 'A' },
  teams: [{ name: 'B' }],
  code: 'X',
  born: '1970-01-01T00:00:00.000Z',
  note: 'n',
  initial: 'A',
}
const codeOf = (act: () => unknown): string => {
  try {
    act()
    return 'nothing was thrown'
  } catch (error) {
    return (error as { code: string }).code
  }
}

describe.each(['code', 'closures'] as const)('by %s:', (backEnd) => {
  const compileSerializer = (type: Class, options: SerializerOptions = {}) => compile(type, { ...options, backEnd })
  describe('a compiled serializer', () => {
    it.each([
      ['plain objects', { ...data }],
      ['instances of the model', Object.assign(new User(), { ...data })],
      ['instances of another class', Object.assign(new (class Row {})(), { ...data })],
      ['objects without a prototype', Object.assign(Object.create(null) as object, data)],
    ])('lets only declared fields out of %s', async (_from, value) => {
      const serialize = await compileSerializer(User)

      expect(serialize(value)).toEqual(expected)
    })

    it('lets fields of a group out to that group alone', async () => {
      const serialize = await compileSerializer(User, { groups: ['admin'] })

      expect(serialize(data)).toEqual({ ...expected, salary: 5 })
    })

    it('writes lists where they are declared', async () => {
      const serialize = await compileSerializer(Team, { array: true })

      expect(serialize([{ name: 'a', x: 1 }, Object.assign(new Team(), { name: 'b' })])).toEqual([
        { name: 'a' },
        { name: 'b' },
      ])
      expect(serialize(new Set([{ name: 'a' }]))).toEqual([{ name: 'a' }])
      expect(serialize([])).toEqual([])
    })

    it.each([
      ['nothing', undefined],
      ['null', null],
      ['a list', [data]],
      ['text', 'x'],
      ['a date', new Date()],
      ['a promise', Promise.resolve(data)],
    ])('names the model when the handler answers %s', async (_what, value) => {
      const serialize = await compileSerializer(User)

      expect(() => serialize(value)).toThrow(/^The declared answer is User, and the handler gave /)
      expect(codeOf(() => serialize(value))).toBe('SERIALIZE_MODEL_MISMATCH')
    })

    it('keeps a mismatch internal, and names the element of a list', async () => {
      const serialize = await compileSerializer(Team, { array: true })
      let error: unknown
      try {
        serialize([{ name: 'a' }, null])
      } catch (caught) {
        error = caught
      }

      expect(error).toMatchObject({ message: 'The declared answer is a list of Team, and the handler gave null at 1.' })
      expect(problemOf(error).toBody()).toEqual({
        type: 'urn:tenon:problem:SERIALIZE_MODEL_MISMATCH',
        title: 'Internal Server Error',
        status: 500,
        code: 'SERIALIZE_MODEL_MISMATCH',
      })
      expect(codeOf(() => serialize({ name: 'a' }))).toBe('SERIALIZE_MODEL_MISMATCH')
    })

    it('says where an answer contains itself, and allows the same object twice', async () => {
      class Person {
        @IsString() name!: string
        @Type(() => Person) friends?: Person[]
        @IsOptional() @IsObject() meta?: object
      }
      const serialize = await compileSerializer(Person)
      const ada: Person = { name: 'Ada' }
      const bob: Person = { name: 'Bob', friends: [ada] }
      const shared = { x: 1 }

      expect(serialize({ name: 'C', friends: [ada, ada], meta: { a: shared, b: shared } })).toEqual({
        name: 'C',
        friends: [{ name: 'Ada' }, { name: 'Ada' }],
        meta: { a: { x: 1 }, b: { x: 1 } },
      })
      ada.friends = [bob]
      expect(() => serialize(ada)).toThrow('The answer Person contains itself at friends.0.friends.0.')
      const meta: Record<string, unknown> = {}
      meta['self'] = [meta]
      expect(() => serialize({ name: 'D', meta })).toThrow('The answer Person contains itself at meta.self.0.')
      expect(codeOf(() => serialize(ada))).toBe('SERIALIZE_CIRCULAR')
    })

    it('writes what JSON has no word for', async () => {
      class Values {
        @IsOptional() big?: bigint
        @IsOptional() bytes?: Buffer
        @IsOptional() map?: Map<string, unknown>
        @IsOptional() set?: Set<number>
        @IsOptional() invalid?: Date
        @IsOptional() free?: unknown
        @Type(() => Number) decimal?: unknown
        @Type(() => Team) byName?: Map<string, Team>
        @IsOptional() call?: () => void
      }
      const serialize = await compileSerializer(Values)
      const money = { toJSON: () => '1.00 EUR' }

      const plain = serialize({
        big: 12345678901234567890n,
        bytes: Buffer.from('hi'),
        map: new Map<string, unknown>([
          ['a', 1n],
          ['__proto__', { x: 1 }],
        ]),
        set: new Set([1, 2]),
        invalid: new Date(Number.NaN),
        free: { at: new Date(0), money, list: [1n, undefined], gone: undefined, user: Object.assign(new User(), data) },
        decimal: '12.50',
        byName: new Map([['a', { name: 'A', secret: 1 }]]),
        call: () => undefined,
      })

      expect(JSON.parse(JSON.stringify(plain))).toEqual({
        big: '12345678901234567890',
        bytes: 'aGk=',
        map: JSON.parse('{"a":"1","__proto__":{"x":1}}') as unknown,
        set: [1, 2],
        invalid: null,
        free: { at: '1970-01-01T00:00:00.000Z', money: '1.00 EUR', list: ['1', null], user: expected },
        decimal: 12.5,
        byName: { a: { name: 'A' } },
      })
    })

    it('writes a nested model by its emitted type, and a nested value object by itself', async () => {
      class Decimal {
        readonly #value: string
        constructor(value: string) {
          this.#value = value
        }
        toJSON(): string {
          return this.#value
        }
      }
      class Row {
        @Column() id!: number
        secret?: string
      }
      class Invoice {
        @IsOptional() team?: Team
        @IsOptional() total?: Decimal
        @IsOptional() row?: Row
      }
      const serialize = await compileSerializer(Invoice)

      expect(
        serialize({
          team: { name: 'A', secret: 1 },
          total: new Decimal('9.99'),
          row: Object.assign(new Row(), { id: 1, secret: 's' }),
        }),
      ).toEqual({ team: { name: 'A' }, total: '9.99', row: { id: 1 } })
      expect(serialize({ team: null })).toEqual({ team: null })
    })

    it('lets only exposed fields out of a class that excludes all, and of its subclasses', async () => {
      @Exclude()
      class Account {
        @Expose() id!: number
        @IsString() hash!: string
        @Column() pin!: string
      }
      class Premium extends Account {
        @Expose() level!: number
      }

      expect((await compileSerializer(Account))({ id: 1, hash: 'h', pin: 'p' })).toEqual({ id: 1 })
      expect((await compileSerializer(Premium))({ id: 1, hash: 'h', pin: 'p', level: 2 })).toEqual({ id: 1, level: 2 })
    })

    it('writes each variant by its own model, and leaves what it was given alone', async () => {
      class Shape {}
      class Circle extends Shape {
        @IsInt() radius!: number
      }
      class Drawing {
        @ValidateNested()
        @Type(() => Shape, { discriminator: { property: 'kind', subTypes: [{ name: 'circle', value: Circle }] } })
        shapes!: Shape[]
      }
      const serialize = await compileSerializer(Drawing)
      const circle = Object.freeze(Object.assign(new Circle(), { radius: 1, x: 1 }))

      expect(serialize({ shapes: [circle, { kind: 'circle', radius: 2, x: 1 }, { kind: 'blob', x: 1 }] })).toEqual({
        shapes: [{ radius: 1, kind: 'circle' }, { radius: 2, kind: 'circle' }, {}],
      })
    })

    it('takes properties with decorators of our own for declared, and methods for none', async () => {
      const MARK = new MetadataKey<boolean>('test.mark')
      const Mark = () => annotate(MARK, true)
      class Marked {
        @Mark() name!: string
        @Mark() run(): void {}
      }

      const serialize = await compileSerializer(Marked)

      expect(serialize(Object.assign(new Marked(), { name: 'a', other: 1 }))).toEqual({ name: 'a' })
      expect(serialize({ name: 'a', run: 'x' })).toEqual({ name: 'a' })
    })
  })
})
