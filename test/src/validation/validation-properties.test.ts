/** Validators against anything, and against class-validator itself. */
import { plainToInstance } from 'class-transformer'
import { validate as libraryValidate } from 'class-validator'
import fc from 'fast-check'

import type { Class } from '../../../decorators/index.ts'
import {
  Allow,
  ArrayMaxSize,
  IsArray,
  IsBoolean,
  IsEmail,
  IsIn,
  IsInt,
  IsNumber,
  IsObject,
  IsOptional,
  IsString,
  IsUrl,
  IsUUID,
  Length,
  Matches,
  Max,
  Min,
  Type,
  ValidateIf,
  ValidateNested,
} from '../../../src/validation/index.ts'
import { compileSerializer } from '../../../src/validation/compile-serializer.ts'
import { compileValidator } from '../../../src/validation/compile-validator.ts'
import { errorsOf } from './validation-outcome.ts'

class Leaf {
  @IsString() a!: string
  @IsOptional() @IsInt() b?: number
}
class Tree {
  @IsString() a!: string
  @IsOptional() @IsArray() @IsInt({ each: true }) b?: number[]
  @IsOptional() @IsObject() @ValidateNested() @Type(() => Leaf) leaf?: Leaf
  @IsOptional() @IsArray() @ValidateNested({ each: true }) @Type(() => Tree) trees?: Tree[]
  @IsOptional() @Allow() free?: unknown
  @IsOptional() @Type(() => Date) at?: Date
  @IsOptional() @Type(() => Leaf) map?: Map<string, Leaf>
}

const KEYS = [
  'a',
  'b',
  'leaf',
  'trees',
  'free',
  'at',
  'map',
  '__proto__',
  'constructor',
  'prototype',
  'toString',
  'then',
  'x',
]
const anyJson = fc.letrec((tie) => ({
  value: fc.oneof(
    { maxDepth: 6, depthSize: 'medium' },
    fc.constantFrom<unknown>(null, true, 0, 1.5, -1, 1e300, '', 'x', '1', '2024-01-01', '__proto__'),
    fc.string(),
    fc.array(tie('value'), { maxLength: 4 }),
    tie('object'),
  ),
  // JSON text, so that __proto__ is an own property, as a parser makes it.
  object: fc
    .uniqueArray(
      fc.tuple(
        fc.oneof({ weight: 6, arbitrary: fc.constantFrom(...KEYS) }, { weight: 1, arbitrary: fc.string() }),
        tie('value'),
      ),
      {
        selector: ([key]) => key,
        maxLength: 6,
      },
    )
    .map(
      (entries) =>
        JSON.parse(
          `{${entries.map(([key, value]) => `${JSON.stringify(key)}:${JSON.stringify(value)}`).join(',')}}`,
        ) as unknown,
    ),
})).value

/** Mostly what Tree declares, so that something is accepted. */
const treeLike = fc.letrec<{ tree: unknown }>((tie) => ({
  tree: fc.record(
    {
      a: fc.string(),
      b: fc.array(fc.integer(), { maxLength: 3 }),
      leaf: fc.record({ a: fc.string(), b: fc.integer() }, { requiredKeys: ['a'], noNullPrototype: true }),
      trees: fc.array(tie('tree'), { maxLength: 2, depthIdentifier: 'tree' }),
      free: anyJson,
      at: fc.constantFrom('2024-01-01', '2024-01-01T10:00:00Z'),
      map: fc.dictionary(fc.constantFrom('a', 'b', '__proto__'), fc.record({ a: fc.string() }), { maxKeys: 2 }),
    },
    { requiredKeys: ['a'], noNullPrototype: true },
  ),
})).tree

const declared = new Map<unknown, readonly string[]>([
  [Leaf, ['a', 'b']],
  [Tree, ['a', 'b', 'leaf', 'trees', 'free', 'at', 'map']],
])

/** Own keys of an instance and of the instances in it that its class does not declare. */
function undeclaredKeys(value: unknown): readonly string[] {
  if (Array.isArray(value)) return value.flatMap(undeclaredKeys)
  if (value instanceof Map) return [...value.values()].flatMap(undeclaredKeys)
  if (typeof value !== 'object' || value === null) return []
  const keys = declared.get(value.constructor)
  if (!keys) return []
  return Object.entries(value).flatMap(([key, member]) => (keys.includes(key) ? undeclaredKeys(member) : [key]))
}

describe('a validator, given any JSON', () => {
  it.each([
    ['strict', false],
    ['strip', false],
    ['strict', true],
    ['strip', true],
  ] as const)('in %s mode (from text: %p) answers instances of declared fields or refuses', async (mode, fromText) => {
    const validate = await compileValidator(Tree, { mode, fromText })
    let accepted = 0
    await fc.assert(
      fc.asyncProperty(fc.oneof(anyJson, treeLike), async (value) => {
        const before = JSON.stringify(value)
        const errors = await errorsOf(validate, value)
        expect(JSON.stringify(value)).toBe(before)
        for (const { pointer, code, detail } of errors) {
          expect(pointer === '' || pointer.startsWith('/')).toBe(true)
          expect(code !== '' && detail !== '').toBe(true)
        }
        if (errors.length > 0) return
        const instance = await validate(value)
        accepted++
        expect(instance).toBeInstanceOf(Tree)
        expect(undeclaredKeys(instance)).toEqual([])
        expect(Object.getPrototypeOf(instance)).toBe(Tree.prototype)
      }),
      { numRuns: 300 },
    )
    expect(accepted).toBeGreaterThan(10)
    expect(Object.keys(Object.prototype)).toEqual([])
  })
})

describe('a serializer, given any JSON', () => {
  it('lets nothing undeclared out', async () => {
    const serialize = await compileSerializer(Tree)
    fc.assert(
      fc.property(fc.oneof(anyJson, treeLike), (value) => {
        fc.pre(typeof value === 'object' && value !== null && !Array.isArray(value))
        const plain = serialize(value) as object
        const keys = declared.get(Tree) ?? []
        expect(Object.keys(plain).filter((key) => !keys.includes(key))).toEqual([])
        const leaf = (plain as { leaf?: unknown }).leaf
        if (typeof leaf === 'object' && leaf !== null && !Array.isArray(leaf)) {
          expect(Object.keys(leaf).every((key) => key === 'a' || key === 'b')).toBe(true)
        }
        expect(JSON.parse(JSON.stringify(plain))).toEqual(plain)
      }),
      { numRuns: 300 },
    )
  })
})

/** Rules to choose from for a generated field, the type that the compiler would emit for it, and values that fit. */
const RULES: readonly (readonly [() => PropertyDecorator[], unknown, readonly unknown[]])[] = [
  [() => [IsString()], String, ['', 'x']],
  [() => [IsString(), Length(1, 3)], String, ['x', 'xyz']],
  [() => [IsInt(), Min(0), Max(9)], Number, [0, 9]],
  [() => [IsNumber()], Number, [1.5, -1]],
  [() => [IsBoolean()], Boolean, [true, false]],
  [() => [IsEmail()], String, ['a@example.org']],
  [() => [IsUrl()], String, ['https://example.org']],
  [() => [IsUUID()], String, ['6f1f1f0e-7a0c-4c1e-9d7e-0d8f1f2a3b4c']],
  [() => [Matches(/^x/)], String, ['xyzw']],
  [() => [IsIn(['x', 1])], Object, ['x', 1]],
  [() => [IsOptional(), IsInt()], Number, [1, null]],
  [() => [ValidateIf((_object, value) => value !== 'x'), IsInt()], Object, ['x', 1]],
  [() => [IsArray(), IsString({ each: true }), ArrayMaxSize(2)], Array, [[], ['x', 'y']]],
  [() => [IsOptional(), IsArray(), IsString({ each: true })], Array, [null, ['x', 'y', 'z']]],
  [() => [IsObject()], Object, [{}, { deep: [{ a: 1 }] }]],
  [() => [IsObject(), ValidateNested(), Type(() => Leaf)], Leaf, [{ a: 'x' }, { a: 'x', b: 1 }]],
  [() => [IsOptional(), IsObject(), ValidateNested(), Type(() => Leaf)], Leaf, [null, { a: 'x', b: null }]],
  [
    () => [IsArray(), IsObject({ each: true }), ValidateNested({ each: true }), Type(() => Leaf)],
    Array,
    [[], [{ a: 'x' }]],
  ],
]

type Fields = readonly (readonly [string, number])[]

function generatedClass(fields: Fields): Class<object> {
  const type = class {}
  for (const [name, index] of fields) {
    const [decorators, emitted] = RULES[index] ?? RULES[0]!
    Reflect.defineMetadata('design:type', emitted, type.prototype, name)
    for (const decorate of decorators()) decorate(type.prototype, name)
  }
  return type
}

const FIELDS = ['f', 'g', 'h']
const classes = fc.uniqueArray(fc.tuple(fc.constantFrom(...FIELDS), fc.nat(RULES.length - 1)), {
  selector: ([name]) => name,
  minLength: 1,
})
const leaf = fc.record(
  { a: fc.constantFrom<unknown>('x', 1), b: fc.constantFrom<unknown>(1, 'x', null), z: fc.constant(1) },
  { requiredKeys: [] },
)
const misfit = fc.oneof(
  fc.constantFrom<unknown>(...RULES.flatMap(([, , fitting]) => fitting), 1, 10, -1, 'a\u0000', undefined),
  fc.array(fc.constantFrom<unknown>('x', 1, true), { maxLength: 3 }),
  leaf,
  fc.array(leaf, { maxLength: 2 }),
)

/** A value for a generated class: mostly what fits, so that acceptance is compared as often as refusal. */
function inputFor(fields: Fields): fc.Arbitrary<Record<string, unknown>> {
  const members = fields.map(([name, index]): [string, fc.Arbitrary<unknown>] => {
    const fitting = fc.constantFrom(...RULES[index]![2])
    return [name, fc.oneof({ weight: 5, arbitrary: fitting }, { weight: 1, arbitrary: misfit })]
  })
  const unknownField = fc.oneof(
    { weight: 5, arbitrary: fc.constant({}) },
    { weight: 1, arbitrary: fc.constant({ unknown: 1 }) },
  )
  return fc
    .tuple(fc.record(Object.fromEntries(members), { noNullPrototype: true }), unknownField)
    .map(([known, unknown]) => JSON.parse(JSON.stringify({ ...known, ...unknown })) as Record<string, unknown>)
}

const cases = classes.chain((fields) => fc.tuple(fc.constant(fields), inputFor(fields)))

describe('a strict validator beside class-validator with whitelist and forbidNonWhitelisted', () => {
  it('accepts the same values and names the same rules', async () => {
    let accepted = 0
    await fc.assert(
      fc.asyncProperty(cases, async ([fields, value]) => {
        const type = generatedClass(fields)
        const instance = plainToInstance(type, structuredClone(value), { exposeUnsetFields: false })
        const theirs = flatten(await libraryValidate(instance, { whitelist: true, forbidNonWhitelisted: true }))

        const ours = (await errorsOf(await compileValidator(type, { mode: 'strict' }), value)).map(
          ({ pointer, code }) => `${pointer} ${code}`,
        )

        expect(ours.length === 0).toBe(theirs.length === 0)
        if (ours.length === 0) {
          accepted++
          expect(await (await compileValidator(type, { mode: 'strict' }))(value)).toEqual(instance)
        }
        const unlike = ours.filter((rule) => !theirs.includes(rule) && !STRUCTURE.test(rule))
        expect(unlike).toEqual([])
      }),
      { numRuns: 1500 },
    )
    expect(accepted).toBeGreaterThan(300)
    expect(accepted).toBeLessThan(1200)
  })
})

/** Where the form is wrong, ours says that alone. */
const STRUCTURE = / (?:isObject|isArray)$/

interface LibraryError {
  readonly property: string
  readonly constraints?: Record<string, string>
  readonly children?: readonly LibraryError[]
}

function flatten(errors: readonly LibraryError[], pointer = ''): readonly string[] {
  return errors.flatMap((error) => {
    const at = `${pointer}/${error.property}`
    return [
      ...Object.keys(error.constraints ?? {}).map((code) => `${at} ${code}`),
      ...flatten(error.children ?? [], at),
    ]
  })
}
