/**
 * Rules of class-validator that cost less than being called: the same decisions as expressions and as closures.
 *
 * A rule is known by its name and its default message, and only if it then answers the same as the form below on
 * samples: whoever registers another rule under one of these names, or changes the library, gets the call.
 */
import { argumentsOf } from './run-rules.ts'
import type { Rule } from './rule-book.ts'

/** Two forms of one decision. */
export interface KnownRule {
  test(value: unknown): boolean
  /** An expression over the name of a variable. `refer` makes a value known to the code and answers its name. */
  write(value: string, refer: (value: unknown) => string): string
}

/** From the arguments of the decorator; `undefined` where they are of an unusual form. */
type KnownForm = (this: Asked, ...args: readonly unknown[]) => KnownRule | undefined

/** The rule itself, for a form that decides the usual cases alone. */
interface Asked {
  ask(value: unknown): unknown
}

/** The cheap form of a rule, if it has one. */
export function knownRule({ fact, constraints }: Rule): KnownRule | undefined {
  const [constraint, ...more] = constraints
  const entry = KNOWN.get(constraint?.name ?? '')
  if (!entry || !constraint || more.length > 0) return undefined

  const { instance } = constraint
  const args = argumentsOf(fact, {}, undefined)
  const expected = `${fact.each === true ? 'each value in ' : ''}${entry.message}`
  if (instance.defaultMessage?.(args) !== expected) return undefined
  const asked: Asked = { ask: (value) => instance.validate(value, { ...args, value }) }
  const known = entry.form.apply(asked, [...(fact.constraints ?? [])])
  const agrees = (value: unknown): boolean => asked.ask(value) === known?.test(value)
  return known && samplesFor(fact.constraints ?? []).every(agrees) ? known : undefined
}

const KNOWN = new Map<string, { readonly message: string; readonly form: KnownForm }>()

function know(name: string, message: string, form: KnownForm): void {
  KNOWN.set(name, { message, form })
}

function plain(test: (value: unknown) => boolean, write: (value: string) => string): KnownForm {
  return () => ({ test, write })
}

know(
  'isString',
  '$property must be a string',
  plain(
    (v) => typeof v === 'string' || v instanceof String,
    (v) => `(typeof ${v} === 'string' || ${v} instanceof String)`,
  ),
)
know(
  'isBoolean',
  '$property must be a boolean value',
  plain(
    (v) => typeof v === 'boolean' || v instanceof Boolean,
    (v) => `(typeof ${v} === 'boolean' || ${v} instanceof Boolean)`,
  ),
)
know(
  'isInt',
  '$property must be an integer number',
  plain(Number.isInteger, (v) => `Number.isInteger(${v})`),
)
know('isNumber', '$property must be a number conforming to the specified constraints', (options) =>
  isEmptyObject(options) ? { test: Number.isFinite, write: (v) => `Number.isFinite(${v})` } : undefined,
)
know(
  'isDate',
  '$property must be a Date instance',
  plain(
    (v) => v instanceof Date && !Number.isNaN(v.getTime()),
    (v) => `(${v} instanceof Date && !Number.isNaN(${v}.getTime()))`,
  ),
)
know(
  'isArray',
  '$property must be an array',
  plain(Array.isArray, (v) => `Array.isArray(${v})`),
)
know(
  'isObject',
  '$property must be an object',
  plain(
    (v) => v != null && (typeof v === 'object' || typeof v === 'function') && !Array.isArray(v),
    (v) => `(${v} != null && (typeof ${v} === 'object' || typeof ${v} === 'function') && !Array.isArray(${v}))`,
  ),
)
know(
  'isDefined',
  '$property should not be null or undefined',
  plain(
    (v) => v !== undefined && v !== null,
    (v) => `(${v} !== undefined && ${v} !== null)`,
  ),
)
know(
  'isNotEmpty',
  '$property should not be empty',
  plain(
    (v) => v !== '' && v !== null && v !== undefined,
    (v) => `(${v} !== '' && ${v} !== null && ${v} !== undefined)`,
  ),
)
know('isPositive', '$property must be a positive number', compared('>', 0))
know('isNegative', '$property must be a negative number', compared('<', 0))
know('min', '$property must not be less than $constraint1', compared('>='))
know('max', '$property must not be greater than $constraint1', compared('<='))
know('arrayNotEmpty', '$property should not be empty', sized('>', 0))
know('arrayMinSize', '$property must contain at least $constraint1 elements', sized('>='))
know('arrayMaxSize', '$property must contain no more than $constraint1 elements', sized('<='))
know('minLength', '$property must be longer than or equal to $constraint1 characters', (min) =>
  measured(min, undefined),
)
know('maxLength', '$property must be shorter than or equal to $constraint1 characters', (max) => measured(0, max))
know('isLength', '$property must be longer than or equal to $constraint1 characters', measured)
know('isIn', '$property must be one of the following values: $constraint1', (values) =>
  Array.isArray(values) ? among(values) : undefined,
)
know('isEnum', '$property must be one of the following values: $constraint2', (values) =>
  // `isEnum` alone finds NaN.
  isRecord(values) && !Object.values(values).some(Number.isNaN) ? among(Object.values(values)) : undefined,
)
know('equals', '$property must be equal to $constraint1', (expected) => ({
  test: (v) => v === expected,
  write: (v, refer) => `${v} === ${literal(expected, refer)}`,
}))
know('matches', '$property must match $constraint1 regular expression', (pattern, modifiers) => {
  // A global or sticky one remembers where it stopped.
  if (!(pattern instanceof RegExp) || modifiers !== undefined || /[gy]/.test(pattern.flags)) return undefined
  return {
    test: (v) => typeof v === 'string' && pattern.test(v),
    write: (v, refer) => `(typeof ${v} === 'string' && ${refer(pattern)}.test(${v}))`,
  }
})

/** Addresses that are valid beyond doubt: validator.js splits, decodes and measures all of them, at a cost of 2 us. */
const USUAL_EMAIL = /^[\w+-]+(?:\.[\w+-]+)*@(?:[a-z\d](?:-?[a-z\d])*\.)+[a-z]{2,}$/i

know('isEmail', '$property must be an email', function (options) {
  if (options !== undefined && !isEmptyObject(options)) return undefined
  // In 64 characters no part is too long.
  const isEmail = (v: unknown): boolean =>
    typeof v === 'string' && ((v.length <= 64 && USUAL_EMAIL.test(v)) || this.ask(v) === true)
  return { test: isEmail, write: (v, refer) => `${refer(isEmail)}(${v})` }
})

type Comparison = '<' | '>' | '<=' | '>='

const COMPARED: Readonly<Record<Comparison, (value: number, bound: number) => boolean>> = {
  '<': (value, bound) => value < bound,
  '>': (value, bound) => value > bound,
  '<=': (value, bound) => value <= bound,
  '>=': (value, bound) => value >= bound,
}

function compared(comparison: Comparison, fixed?: number): KnownForm {
  return (given) => {
    const bound = fixed ?? given
    if (typeof bound !== 'number') return undefined
    const holds = COMPARED[comparison]
    return {
      test: (v) => typeof v === 'number' && holds(v, bound),
      write: (v) => `(typeof ${v} === 'number' && ${v} ${comparison} ${bound})`,
    }
  }
}

function sized(comparison: Comparison, fixed?: number): KnownForm {
  return (given) => {
    const bound = fixed ?? given
    if (typeof bound !== 'number') return undefined
    const holds = COMPARED[comparison]
    return {
      test: (v) => Array.isArray(v) && holds(v.length, bound),
      write: (v) => `(Array.isArray(${v}) && ${v}.length ${comparison} ${bound})`,
    }
  }
}

/** `length` counts code units; validator.js counts characters, and a unit is a third of one at least. */
function measured(min: unknown, max: unknown): KnownRule | undefined {
  if (typeof min !== 'number' || (max !== undefined && typeof max !== 'number')) return undefined
  const most = max ?? Number.POSITIVE_INFINITY
  const isWithin = (text: string): boolean => {
    const length = characters(text)
    return length >= min && length <= most
  }
  return {
    test: (v) => typeof v === 'string' && ((v.length >= 3 * min && v.length <= most) || isWithin(v)),
    write: (v, refer) =>
      `(typeof ${v} === 'string' && ((${v}.length >= ${3 * min} && ${v}.length <= ${most}) || ${refer(isWithin)}(${v})))`,
  }
}

/** As validator.js counts: a surrogate pair is one, and so is a character with its presentation selector. */
function characters(text: string): number {
  const pairs = text.match(/[\uD800-\uDBFF][\uDC00-\uDFFF]/g)?.length ?? 0
  const presentations = text.match(/[^\uFE0F\uFE0E][\uFE0F\uFE0E]/g)?.length ?? 0
  return text.length - pairs - presentations
}

function among(values: readonly unknown[]): KnownRule {
  return {
    // Strict equality, so NaN is in no list.
    test: (v) => values.indexOf(v) !== -1,
    write: (v, refer) =>
      values.length > 0 && values.length <= 8
        ? `(${values.map((each) => `${v} === ${literal(each, refer)}`).join(' || ')})`
        : `(${refer(values)}.indexOf(${v}) !== -1)`,
  }
}

function literal(value: unknown, refer: (value: unknown) => string): string {
  const isSpellable =
    typeof value === 'string' || typeof value === 'boolean' || value === null || Number.isInteger(value)
  return isSpellable ? JSON.stringify(value) : refer(value)
}

/** Values at which rules part; those of the decorator's own arguments among them. */
function samplesFor(constraints: readonly unknown[]): readonly unknown[] {
  const numbers = constraints.flatMap((each) => (typeof each === 'number' ? [each - 1, each, each + 1] : []))
  const sizes = numbers.filter((size) => Number.isInteger(size) && size >= 0 && size <= 300)
  const members = constraints.flatMap((each) => (isRecord(each) ? Object.values(each) : [each]))
  return [
    ...SAMPLES,
    ...numbers,
    ...sizes.flatMap((size) => ['x'.repeat(size), '😀'.repeat(size), Array.from({ length: size }, () => 1)]),
    ...members,
  ]
}

const SAMPLES: readonly unknown[] = [
  undefined,
  null,
  true,
  false,
  0,
  1,
  -1,
  1.5,
  1e21,
  Number.NaN,
  Number.POSITIVE_INFINITY,
  '',
  ' ',
  'a',
  'abc',
  'A b',
  '1',
  '☁️☁️',
  'a@b',
  'a.b+c@x-y.example.org',
  'a@-x.org',
  '.a@example.org',
  'a@example.o1',
  [],
  [1, 'a'],
  {},
  new Date(0),
  new Date(Number.NaN),
  Object('text') as unknown,
  Object(true) as unknown,
  10n,
]

function isEmptyObject(value: unknown): boolean {
  return isRecord(value) && Object.keys(value).length === 0
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null
}
