/** Values for models made by chance: mostly of the right kind, around the places where rules decide. */
import fc from 'fast-check'

import { keyOf, type FieldChoice, type ModelChoice } from './generated-models.ts'

const TEXTS = [
  '',
  'a',
  'ab',
  'abc',
  'abcd',
  'abcde',
  'x-1',
  'A b',
  'red',
  'blue',
  '12',
  '-1.5',
  '.5',
  'true',
  '1',
  '7',
  '0o7',
  '0x1F',
  'ff',
  '#fff',
  '#abcd',
  '😀',
  '😀😀😀',
  'é',
  '/',
  '(a)',
  '$1',
  'aGk=',
  'a.b-c.d_',
  'ä.b',
  '23:59',
  '24:00',
  '2359',
  '507f1f77bcf86cd799439011',
  '3f2504e0-4f89-41d3-9a0c-0305e82c3301',
  '018f2504-4f89-7cd3-9a0c-0305e82c3301',
  'not-a-uuid',
  'line\nbreak',
  ' ',
  'null',
]
const DATES = ['2026-01-31T12:00:00Z', '2026-01-31T12:00:00.250+02:00', 'yesterday', '2026-13-01T00:00:00Z', '', 'a']
const BIG = ['1', '-20', '123456789012345678901234567890', '1.5', '', 'x']
const NUMBERS = [0, 1, -1, 2, 3, 4, 5, 6, -2, 1.5, -0.5, 12, 1e15]

/** What rules about one shape take, and what they only just refuse. */
const SHAPES = [
  '65535',
  '65536',
  '+80',
  '-0',
  '007',
  '01:23:45:67:89:ab',
  '01:23-45:67:89:ab',
  '0123.4567.89ab.cdef',
  '01-23-45-67-89-ab-cd-ef',
  'd41d8cd98f00b204e9800998ecf8427e',
  'cbf43926',
  '1.0.0-rc.1+b.7',
  '1.0.0-01',
  '1.02.3',
  '0xde0b295669a9fd93d5f28d9ec85e40f4cb697bae',
  'MZXW6===',
  'USS1Z9900001',
  '-JhLeOlGIEjaIOFHR0xd',
  'Ünï',
]

/** Single values of all kinds, and lists of them. */
export const EVERY_VALUE: readonly unknown[] = [
  ...TEXTS,
  ...NUMBERS,
  true,
  false,
  null,
  {},
  { a: 1 },
  [],
  [1],
  [1, 2],
  [1, 1],
  ['a', 'ab'],
  ['', 'x-1'],
  [0, 2, 4, 6],
  [true, false, 'a'],
  ['abcd', 'abc', 'ab', 'a', ''],
  ...SHAPES,
  ...TEXTS.map((each) => [each]),
  ...NUMBERS.map((each) => [each]),
]

const text = fc.constantFrom(...TEXTS)
const number = fc.constantFrom(...NUMBERS)
const flag = fc.boolean()
const free = fc.oneof(
  { weight: 3, arbitrary: text },
  { weight: 2, arbitrary: number },
  flag,
  fc.constant(null),
  fc.constant({}),
  fc.constant({ a: 1 }),
  fc.array(fc.oneof(text, number), { maxLength: 4 }),
)
const list = (each: fc.Arbitrary<unknown>): fc.Arbitrary<unknown> =>
  fc.array(fc.oneof({ weight: 12, arbitrary: each }, fc.constant(null), text), { maxLength: 5 })

const MISSING = Symbol('missing')

/** A body for the model; sometimes with a field that it does not have. */
export function bodyFor({ fields }: ModelChoice): fc.Arbitrary<Record<string, unknown>> {
  const members = fields.map((field, index) => fc.tuple(fc.constant(keyOf(field, index)), valueFor(field)))
  const stranger = fc.option(fc.constant(['stranger', 1] as const), { nil: undefined, freq: 12 })
  return fc
    .tuple(fc.tuple(...members), stranger)
    .map(([known, extra]) =>
      Object.fromEntries([...known.filter(([, value]) => value !== MISSING), ...(extra ? [extra] : [])]),
    )
}

function valueFor(field: FieldChoice): fc.Arbitrary<unknown> {
  return fc.oneof(
    { weight: 14, arbitrary: fitting(field) },
    { weight: 2, arbitrary: fc.constant<unknown>(MISSING) },
    { weight: 1, arbitrary: fc.constant(null) },
    { weight: 1, arbitrary: free },
  )
}

function fitting({ kind, element, model }: FieldChoice): fc.Arbitrary<unknown> {
  switch (kind) {
    case 'text':
      return text
    case 'number':
      return number
    case 'flag':
      return flag
    case 'any':
      return free
    case 'list':
      return fc.oneof(list(text), list(number), ...(element ? [] : [list(free)]))
    case 'date':
      return fc.constantFrom(...DATES)
    case 'bigint':
      return fc.constantFrom(...BIG)
    case 'set':
      return list(text)
    case 'map':
      return fc.dictionary(fc.constantFrom('a', 'b', 'long key'), fc.oneof({ weight: 9, arbitrary: number }, text), {
        maxKeys: 3,
      })
    case 'model':
      return bodyFor(model!)
    case 'models':
      return list(bodyFor(model!))
    case 'union':
      return fc.oneof(
        { weight: 5, arbitrary: withKind(bodyFor(model!), 'first') },
        { weight: 3, arbitrary: withKind(bodyFor({ fields: model!.fields.slice(0, 1) }), 'second') },
        { weight: 1, arbitrary: withKind(bodyFor(model!), 'third') },
        { weight: 1, arbitrary: bodyFor(model!) },
      )
  }
}

function withKind(body: fc.Arbitrary<Record<string, unknown>>, kind: string): fc.Arbitrary<unknown> {
  return body.map((fields) => ({ ...fields, kind }))
}
