/**
 * The rules of class-validator in JSON Schema. `same` accepts exactly what the rule accepts; `near` is the closest that a
 * schema can say, and the page of the module lists these rules by name.
 */
import type { DescribedRule } from 'tenon'

import { both } from './combine-schemas.ts'
import { jsonTypeOf, type JsonSchema } from './json-schema.ts'

type FromArguments = (...args: readonly any[]) => JsonSchema | undefined

interface RuleEntry {
  readonly isSame: boolean
  readonly schema: FromArguments
}

const same = (schema: JsonSchema | FromArguments): RuleEntry => entry(true, schema)
const near = (schema: JsonSchema | FromArguments): RuleEntry => entry(false, schema)
const text = (keywords: JsonSchema = {}): JsonSchema => ({ type: 'string', ...keywords })
const pattern = (source: string): RuleEntry => same(text({ pattern: source }))

function entry(isSame: boolean, schema: JsonSchema | FromArguments): RuleEntry {
  return { isSame, schema: typeof schema === 'function' ? schema : () => schema }
}

/** 0 to 65535, with a sign and without needless zeros. */
const PORT = '^(?:-0|\\+?(?:0|[1-9]\\d{0,3}|[1-5]\\d{4}|6[0-4]\\d{3}|65[0-4]\\d{2}|655[0-2]\\d|6553[0-5]))$'

const HEX = '[0-9A-Fa-f]'
/** Of 48 or 64 bits: pairs between which one separator stands, or fours between dots. */
const MAC_ADDRESS = `^(?:${HEX}{2}([-:\\s])(?:${HEX}{2}\\1){4}${HEX}{2}|${HEX}{2}([-:\\s])(?:${HEX}{2}\\2){6}${HEX}{2}|(?:${HEX}{4}\\.){2,3}${HEX}{4})$`

const VERSION_NUMBER = '(?:0|[1-9]\\d*)'
const PRERELEASE = `(?:${VERSION_NUMBER}|\\d*[A-Za-z-][0-9A-Za-z-]*)`
/** https://semver.org, 2.0.0 */
const SEMANTIC_VERSION = `^${VERSION_NUMBER}\\.${VERSION_NUMBER}\\.${VERSION_NUMBER}(?:-${PRERELEASE}(?:\\.${PRERELEASE})*)?(?:\\+[0-9A-Za-z-]+(?:\\.[0-9A-Za-z-]+)*)?$`

/** How many hexadecimal digits each algorithm makes. */
const HASH_DIGITS: Readonly<Record<string, number>> = {
  md4: 32,
  md5: 32,
  ripemd128: 32,
  tiger128: 32,
  sha1: 40,
  ripemd160: 40,
  tiger160: 40,
  tiger192: 48,
  sha256: 64,
  sha384: 96,
  sha512: 128,
  crc32: 8,
  crc32b: 8,
}

const RULES: Readonly<Record<string, RuleEntry>> = {
  isDefined: same({ not: { type: 'null' } }),
  isEmpty: same({ enum: ['', null] }),
  isNotEmpty: same({ not: { enum: ['', null] } }),
  equals: same((expected) => (isScalar(expected) ? { const: expected } : undefined)),
  notEquals: same((other) => (isScalar(other) ? { not: { const: other } } : undefined)),
  isIn: same((values) => listed(values)),
  isNotIn: same((values) => (isScalars(values) ? { not: { enum: values } } : undefined)),
  isEnum: near((values) => enumeration(values)),

  isString: same(text()),
  isBoolean: same({ type: 'boolean' }),
  isArray: same({ type: 'array' }),
  isObject: same({ type: 'object' }),
  isNotEmptyObject: same({ type: 'object', minProperties: 1 }),
  isInstance: near({}),
  isDate: near(text({ format: 'date-time' })),
  minDate: near({}),
  maxDate: near({}),

  isNumber: same({ type: 'number' }),
  isInt: same({ type: 'integer' }),
  isPositive: same({ type: 'number', exclusiveMinimum: 0 }),
  isNegative: same({ type: 'number', exclusiveMaximum: 0 }),
  min: same((minimum) => ({ type: 'number', minimum })),
  max: same((maximum) => ({ type: 'number', maximum })),
  isDivisibleBy: same((divisor) =>
    Number.isInteger(divisor) && divisor > 0 ? { type: 'number', multipleOf: divisor } : { type: 'number' },
  ),

  minLength: same((minLength) => text({ minLength })),
  maxLength: same((maxLength) => text({ maxLength })),
  isLength: same((minLength, maxLength) => text({ minLength, ...(maxLength === undefined ? {} : { maxLength }) })),
  matches: same((expression, modifiers) => text(patternOf(expression, modifiers))),
  contains: same((part) => text({ pattern: literally(part) })),
  notContains: same((part) => text({ not: { pattern: literally(part) } })),
  isAlpha: same((locale) => (isDefaultLocale(locale) ? text({ pattern: '^[A-Za-z]+$' }) : undefined)),
  isAlphanumeric: same((locale) => (isDefaultLocale(locale) ? text({ pattern: '^[0-9A-Za-z]+$' }) : undefined)),
  isAscii: pattern('^[\\x00-\\x7F]+$'),
  isBooleanString: same(text({ enum: ['true', 'false', '1', '0'] })),
  isNumberString: same((options) =>
    options === undefined ? text({ pattern: '^[+-]?(?:[0-9]*[.])?[0-9]+$' }) : undefined,
  ),
  isHexadecimal: pattern('^(?:0[xXhH])?[0-9A-Fa-f]+$'),
  isOctal: pattern('^(?:0[oO])?[0-7]+$'),
  isHexColor: pattern('^#?(?:[0-9A-Fa-f]{3}|[0-9A-Fa-f]{4}|[0-9A-Fa-f]{6}|[0-9A-Fa-f]{8})$'),
  isMongoId: pattern('^(?:0[xXhH][0-9A-Fa-f]{22}|[0-9A-Fa-f]{24})$'),
  isMilitaryTime: pattern('^(?:[01]\\d|2[0-3]):?[0-5]\\d$'),
  isJwt: pattern('^[\\w-]*\\.[\\w-]*\\.[\\w-]*$'),
  isBase64: same((options) =>
    options === undefined ? text({ pattern: BASE64, contentEncoding: 'base64' }) : undefined,
  ),

  isPort: pattern(PORT),
  isMacAddress: same((options) => (options === undefined ? text({ pattern: MAC_ADDRESS }) : undefined)),
  isHash: same((algorithm) => text(hashOf(algorithm))),
  isSemVer: pattern(SEMANTIC_VERSION),
  isEthereumAddress: pattern('^0[xX][0-9A-Fa-f]{40}$'),
  isBase32: pattern('^(?=(?:.{8})+$)[A-Z2-7]+=*$'),
  isBase58: pattern('^[A-HJ-NP-Za-km-z1-9]*$'),
  isISRC: pattern('^[A-Z]{2}[0-9A-Z]{3}\\d{7}$'),
  IsFirebasePushId: pattern('^[\\w-]{20}$'),
  isMultibyte: pattern('[^\\x00-\\x7F]'),

  isEmail: near(text({ format: 'email' })),
  isUrl: near(text({ format: 'uri' })),
  isFqdn: near(text({ format: 'hostname' })),
  isIp: near((version) => addressOf(version)),
  isUuid: near((version) => text({ format: 'uuid', ...uuidOf(version) })),
  isDateString: near(text({ anyOf: [{ format: 'date-time' }, { format: 'date' }] })),
  isIso8601: near(text({ anyOf: [{ format: 'date-time' }, { format: 'date' }] })),
  isRFC3339: near(text({ format: 'date-time' })),
  isJson: near(text({ contentMediaType: 'application/json' })),

  arrayNotEmpty: same({ type: 'array', minItems: 1 }),
  arrayMinSize: same((minItems) => ({ type: 'array', minItems })),
  arrayMaxSize: same((maxItems) => ({ type: 'array', maxItems })),
  arrayUnique: near({ type: 'array', uniqueItems: true }),
  arrayContains: same((values) => containing(values)),
  arrayNotContains: same((values) =>
    isScalars(values)
      ? { type: 'array', ...(values.length > 0 ? { items: { not: { enum: values } } } : {}) }
      : undefined,
  ),
}

/** Rules whose schema accepts exactly what they accept. */
export const SAME_RULES: readonly string[] = Object.keys(RULES).filter((name) => RULES[name]!.isSame)

/** The schema of a rule; `undefined` when no schema says anything of it. */
export function ruleSchema({ name, arguments: args, isForeign }: DescribedRule): JsonSchema | undefined {
  return isForeign ? undefined : RULES[name]?.schema(...args)
}

function hashOf(algorithm: unknown): JsonSchema {
  const digits = typeof algorithm === 'string' ? HASH_DIGITS[algorithm] : undefined
  // Of an algorithm that it does not know, the rule never holds.
  return digits === undefined ? { not: {} } : { pattern: `^${HEX}{${digits}}$` }
}

const BASE64 = '^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$'

function isScalar(value: unknown): boolean {
  return value === null || ['string', 'number', 'boolean'].includes(typeof value)
}

function isScalars(values: unknown): values is readonly unknown[] {
  return Array.isArray(values) && values.every(isScalar)
}

function listed(values: unknown): JsonSchema | undefined {
  if (!isScalars(values)) return undefined
  if (values.length === 0) return { not: {} }
  const unique = [...new Set(values)]
  const types = [...new Set(unique.map(jsonTypeOf))]
  const isWhole = !types.includes('number')
  const named = isWhole ? types : types.filter((type) => type !== 'integer')
  return { type: named.length === 1 ? named[0]! : named, enum: unique }
}

/** The values; the names that a numeric enum also has at run time are an accident of the compiler. */
function enumeration(values: Readonly<Record<string, unknown>>): JsonSchema | undefined {
  const names = Object.keys(values).filter((name) => typeof values[values[name] as string] !== 'number')
  const schema = listed(names.map((name) => values[name]))
  const isNumeric = names.some((name) => typeof values[name] === 'number')
  return schema && (isNumeric ? { ...schema, 'x-enum-varnames': names } : schema)
}

function containing(values: unknown): JsonSchema | undefined {
  if (!isScalars(values)) return undefined
  return values
    .map((value): JsonSchema => ({ type: 'array', contains: { const: value } }))
    .reduce(both, { type: 'array' })
}

/** A schema's pattern has no flags and is read with `u`; one with others cannot be said. */
function patternOf(expression: unknown, modifiers: unknown): JsonSchema {
  if (!(expression instanceof RegExp) || modifiers !== undefined || /[^udgv]/.test(expression.flags)) return {}
  try {
    return { pattern: new RegExp(expression.source, 'u').source }
  } catch {
    return {}
  }
}

function literally(part: unknown): string {
  return String(part).replaceAll(/[\\^$.*+?()[\]{}|/]/g, String.raw`\$&`)
}

function isDefaultLocale(locale: unknown): boolean {
  return locale === undefined || locale === 'en-US'
}

function addressOf(version: unknown): JsonSchema {
  if (version === '4' || version === 4) return text({ format: 'ipv4' })
  if (version === '6' || version === 6) return text({ format: 'ipv6' })
  return text({ anyOf: [{ format: 'ipv4' }, { format: 'ipv6' }] })
}

function uuidOf(version: unknown): JsonSchema {
  if (typeof version !== 'string' || !/^[1-8]$/.test(version)) return {}
  return { pattern: `^[0-9A-Fa-f]{8}-[0-9A-Fa-f]{4}-${version}[0-9A-Fa-f]{3}-[89ABab][0-9A-Fa-f]{3}-[0-9A-Fa-f]{12}$` }
}
