/** JSON Schema as a type of TypeScript. */
import { referredName, type JsonSchema } from 'tenon/openapi'

import { pascalCase } from '../model/names.ts'

/** Names of the client's own, and of the platform, that a model must not hide. */
const TAKEN: ReadonlySet<string> = new Set(
  `Array Blob Call CallOptions Client ClientOptions Date Download Error EventStream Failure FormData Headers Infinity Map
  Object Operation PagedOperation Problem ProblemError ProblemOf Promise Record Request Response Result Set StepUp String
  StreamOperation ServerEvent Symbol URL Unexpected ApiError`.split(/\s+/),
)

/** How bigints are written in documents: as text, because the numbers of JSON are too small. */
export const BIGINT_PATTERN = String.raw`^-?\d+$`

export function modelName(name: string): string {
  const pascal = pascalCase(name)
  return TAKEN.has(pascal) ? `${pascal}Model` : pascal
}

/** @param indent - Of the line the type begins in. */
export function printType(schema: JsonSchema, indent = ''): string {
  if (schema.$ref !== undefined) return modelName(referredName(schema.$ref))
  if (schema.const !== undefined) return printLiteral(schema.const)
  if (schema.enum) return union(schema.enum.map(printLiteral))
  const several = schema.oneOf ?? schema.anyOf
  // A choice between formats of one text is a text.
  if (several && schema.type === undefined) return union(several.map((each) => printType(each, indent)))
  if (schema.allOf && schema.type === undefined) {
    return schema.allOf.map((each) => parenthesized(printType(each, indent))).join(' & ')
  }
  if (isNothing(schema)) return 'never'
  const types = typeof schema.type === 'string' ? [schema.type] : schema.type
  if (types) return union(types.map((type) => printOne(type, schema, indent)))
  if (schema['contentMediaType'] !== undefined) return 'Blob'
  return schema.properties ? printObject(schema, indent) : 'unknown'
}

function printOne(type: string, schema: JsonSchema, indent: string): string {
  switch (type) {
    case 'string':
      if (schema.format === 'date-time') return 'Date'
      return schema['pattern'] === BIGINT_PATTERN ? 'bigint' : 'string'
    case 'integer':
    case 'number':
      return 'number'
    case 'boolean':
      return 'boolean'
    case 'null':
      return 'null'
    case 'array':
      return `readonly ${parenthesized(printType(schema.items ?? {}, indent))}[]`
    default:
      return printObject(schema, indent)
  }
}

function printObject({ properties, required = [], additionalProperties }: JsonSchema, indent: string): string {
  const inner = `${indent}  `
  if (!properties) {
    const values = typeof additionalProperties === 'object' ? printType(additionalProperties, indent) : 'unknown'
    return `Readonly<Record<string, ${values}>>`
  }
  const lines = Object.entries(properties).map(([name, property]) =>
    printProperty(name, property, { isRequired: required.includes(name), indent: inner }),
  )
  return `{\n${lines.join('\n')}\n${indent}}`
}

export interface PropertyOptions {
  readonly isRequired: boolean
  readonly indent: string
  readonly description?: string | undefined
}

export function printProperty(name: string, schema: JsonSchema, options: PropertyOptions): string {
  const { isRequired, indent, description = schema['description'] as string | undefined } = options
  const key = /^[\p{L}_$][\p{L}\p{N}_$]*$/u.test(name) ? name : JSON.stringify(name)
  const type = printType(schema, indent)
  const words = printComment([description, defaultOf(schema)], indent)
  return `${words}${indent}readonly ${key}${isRequired ? `: ${type}` : `?: ${type} | undefined`}`
}

function defaultOf(schema: JsonSchema): string | undefined {
  return schema['default'] === undefined ? undefined : `Default: \`${JSON.stringify(schema['default'])}\``
}

/** TSDoc, or nothing where nothing is said. */
export function printComment(parts: readonly (string | undefined)[], indent: string): string {
  const lines = parts.flatMap((part) => (part === undefined || part === '' ? [] : part.split('\n')))
  if (lines.length === 0) return ''
  const safe = lines.map((line) => line.replaceAll('*/', '*\u200b/').trimEnd())
  if (safe.length === 1) return `${indent}/** ${safe[0]} */\n`
  return `${indent}/**\n${safe.map((line) => `${indent} *${line === '' ? '' : ` ${line}`}\n`).join('')}${indent} */\n`
}

function printLiteral(value: unknown): string {
  return typeof value === 'string' ? JSON.stringify(value) : String(value)
}

function union(types: readonly string[]): string {
  const distinct = [...new Set(types)]
  return distinct.includes('unknown') ? 'unknown' : distinct.join(' | ') || 'never'
}

function parenthesized(type: string): string {
  return /[|&]/.test(type.replaceAll(/\{[^]*\}|<[^]*>/g, '')) || type.startsWith('readonly ') ? `(${type})` : type
}

function isNothing({ not, type }: JsonSchema): boolean {
  return type === undefined && not !== undefined && Object.keys(not).length === 0
}
