/** From the text of a variable to the type its field declares. Strict: what is not clearly such a value is refused. */

/** A converted value, or why the text is none: a verb phrase that follows the variable's name. */
export type Conversion = { readonly value: unknown } | { readonly reason: string }

export type TextConverter = (text: string) => Conversion

const NUMBER = /^[+-]?(?:\d+(?:\.\d+)?|\.\d+)(?:e[+-]?\d+)?$/i
const DATE = /^(\d{4}-\d{2}-\d{2})(?:T\d{2}:\d{2}(?::\d{2}(?:\.\d+)?)?(?:Z|[+-]\d{2}:\d{2}))?$/
const BOOLEANS: ReadonlyMap<string, boolean> = new Map([
  ...['true', '1', 'yes', 'on'].map((word) => [word, true] as const),
  ...['false', '0', 'no', 'off'].map((word) => [word, false] as const),
])

const CONVERTERS: ReadonlyMap<unknown, TextConverter> = new Map<unknown, TextConverter>([
  [String, (text) => ({ value: text })],
  [Number, toNumber],
  [Boolean, toBoolean],
  [Date, toDate],
  [URL, toUrl],
  [Array, toList],
])

/** How text becomes a value of an emitted type; `undefined` when the type cannot be read from text. */
export function converterFor(type: unknown): TextConverter | undefined {
  return CONVERTERS.get(type)
}

function toNumber(text: string): Conversion {
  const value = Number(text)
  return NUMBER.test(text.trim()) && Number.isFinite(value) ? { value } : { reason: 'is not a number' }
}

function toBoolean(text: string): Conversion {
  const value = BOOLEANS.get(text.trim().toLowerCase())
  return value === undefined ? { reason: 'is neither true nor false (also 1/0, yes/no, on/off)' } : { value }
}

/** A time without an offset would mean another moment on another machine, so it is refused. */
function toDate(text: string): Conversion {
  const day = DATE.exec(text.trim())?.[1]
  const value = new Date(text.trim())
  return day !== undefined && !Number.isNaN(value.getTime()) && isDay(day)
    ? { value }
    : { reason: 'is not a date (write 2026-01-31 or 2026-01-31T12:00:00Z)' }
}

/** `Date` rolls 31 February over into March. */
function isDay(day: string): boolean {
  const date = new Date(day)
  return !Number.isNaN(date.getTime()) && date.toISOString().startsWith(day)
}

function toUrl(text: string): Conversion {
  const value = URL.parse(text.trim())
  return value === null ? { reason: 'is not an absolute URL' } : { value }
}

function toList(text: string): Conversion {
  return {
    value: text
      .split(',')
      .map((item) => item.trim())
      .filter((item) => item !== ''),
  }
}
