/**
 * Text to values: path, query, headers and forms carry nothing but text, and the declared type says what is meant.
 * Only one spelling of each value is taken: what `Number('')` or `Boolean('false')` make of it helps nobody.
 */

/** Longest text quoted back, and longest integer read as a `bigint` (reading takes quadratic time). */
const QUOTED_LENGTH = 50
const BIGINT_DIGITS = 1000

const DECIMAL = /^-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?$/
const INTEGER = /^-?\d+$/
const ISO_DATE = /^(\d{4})-(\d\d)-(\d\d)(?:T\d\d:\d\d(?::\d\d(?:\.\d{1,9})?)?(?:Z|[+-]\d\d:?\d\d)?)?$/

/** Why a text is no value of the declared type. */
export class ConversionFailure {
  /** Which rule, such as `isNumber`. */
  readonly code: string
  readonly #expected: string
  readonly #text: string

  constructor(code: string, expected: string, text: string) {
    this.code = code
    this.#expected = expected
    this.#text = text
  }

  /** In words: `id must be a number, got 'abc'`. */
  detail(name: string): string {
    return `${name} must be ${this.#expected}, got '${cut(this.#text)}'`
  }
}

/** At most 50 characters of a text, for messages. */
export function cut(text: string): string {
  return text.length > QUOTED_LENGTH ? `${text.slice(0, QUOTED_LENGTH)}…` : text
}

/** What can be read from text. */
export const TEXT_TYPES: ReadonlySet<unknown> = new Set([String, Number, Boolean, Date, BigInt])

/**
 * Reads a text as a value of an emitted type; types that have no text form (`Object`, classes) leave it a text.
 * @param type - What the compiler emitted: `Number`, `Boolean`, `Date`, `BigInt`, `String`, ...
 */
export function convertText(text: string, type: unknown): unknown {
  switch (type) {
    case Number:
      return toNumber(text)
    case Boolean:
      return toBoolean(text)
    case Date:
      return toDate(text)
    case BigInt:
      return toBigInt(text)
    default:
      return text
  }
}

function toNumber(text: string): number | ConversionFailure {
  const value = DECIMAL.test(text) ? Number(text) : Number.NaN
  if (!Number.isFinite(value)) return new ConversionFailure('isNumber', 'a number', text)
  // Two different ids must not become the same number.
  if (INTEGER.test(text) && !Number.isSafeInteger(value)) {
    return new ConversionFailure('isNumber', 'a number within ±9007199254740991', text)
  }
  return value
}

function toBoolean(text: string): boolean | ConversionFailure {
  if (text === 'true' || text === '1') return true
  if (text === 'false' || text === '0') return false
  return new ConversionFailure('isBoolean', 'true or false', text)
}

function toDate(text: string): Date | ConversionFailure {
  const parts = ISO_DATE.exec(text)
  const value = new Date(parts ? text : Number.NaN)
  if (!parts || Number.isNaN(value.getTime()) || !isCalendarDay(Number(parts[1]), Number(parts[2]), Number(parts[3]))) {
    return new ConversionFailure('isDate', 'an ISO 8601 date', text)
  }
  return value
}

/** JavaScript reads February 30 as March 1. */
function isCalendarDay(year: number, month: number, day: number): boolean {
  const date = new Date(0)
  date.setUTCFullYear(year, month - 1, day)
  return date.getUTCMonth() === month - 1 && date.getUTCDate() === day
}

function toBigInt(text: string): bigint | ConversionFailure {
  return INTEGER.test(text) && text.length <= BIGINT_DIGITS
    ? BigInt(text)
    : new ConversionFailure('isBigInt', 'a whole number', text)
}
