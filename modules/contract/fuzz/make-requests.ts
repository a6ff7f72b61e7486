/** Requests for one operation: valid ones, and valid ones with exactly one flaw. */
import type { Random } from 'tenon'
import { isVersionParameter, type JsonSchema, type ListedOperation, type Parameter } from 'tenon/openapi'

import type { FuzzRequest, SentParameter } from './fuzz-request.ts'
import type { KnownKeys } from './known-keys.ts'
import type { SchemaCheck } from './schema-check.ts'
import { NONE, type Values } from './values.ts'

interface Maker {
  readonly values: Values
  readonly keys: KnownKeys
  readonly random: Random
  readonly check: SchemaCheck
}

/** `undefined` where no valid request can be made: a rule that no schema says, or a body that is not JSON. */
export function validRequest(listed: ListedOperation, maker: Maker): FuzzRequest | undefined {
  const { values, random } = maker
  const { operation, method, path } = listed
  const parameters: SentParameter[] = []
  for (const parameter of operation.parameters ?? []) {
    const isRequired = parameter.required === true
    if (!isRequired && random.chance(0.5)) continue
    const made = asText(values.valid(textual(values.resolve(parameter.schema))), parameter)
    const value = knownKey(path, parameter, maker) ?? made
    if (value !== NONE) parameters.push({ in: parameter.in, name: parameter.name, value, isRequired })
    else if (isRequired) return undefined
  }
  const body = bodySchema(listed)
  const isSent = body !== undefined && (operation.requestBody?.required === true || random.chance(0.7))
  const value = isSent ? values.valid(body) : undefined
  if (value === NONE || (operation.requestBody?.required && body === undefined)) return undefined
  return { method, path, parameters, body: value, flaw: undefined }
}

/** Often something that exists, where answers have told of any. */
function knownKey(path: string, parameter: Parameter, { keys, random, check }: Maker): string | undefined {
  if (parameter.in !== 'path') return undefined
  const isWanted = random.chance(0.7)
  const known = keys.of(path, parameter.name).filter((key) => check(parameter.schema, key) === undefined)
  return isWanted && known.length > 0 ? String(random.pick(known)) : undefined
}

export function bodySchema({ operation }: ListedOperation): JsonSchema | undefined {
  return operation.requestBody?.content['application/json']?.schema
}

/** The same request with one thing that the document does not allow. */
export function flawedRequest(fuzzed: ListedOperation, valid: FuzzRequest, maker: Maker): FuzzRequest | undefined {
  const { values, random, check } = maker
  const ways: (() => FuzzRequest | undefined)[] = []
  const schema = bodySchema(fuzzed)
  if (schema && valid.body !== undefined) {
    ways.push(() => {
      const broken = values.broken(schema, valid.body).filter((each) => isCertain(check(schema, each)))
      if (broken.length === 0) return undefined
      const body = random.pick(broken)
      return { ...valid, body, flaw: `in the body, ${check(schema, body)}` }
    })
    if (fuzzed.operation.requestBody?.required)
      ways.push(() => ({ ...valid, body: undefined, flaw: 'there is no body' }))
  }
  for (const parameter of fuzzed.operation.parameters ?? []) {
    ways.push(() => flawedParameter(parameter, valid, maker))
    // Whoever names no version asks for another one.
    if (parameter.required && parameter.in !== 'path' && !isVersionParameter(parameter)) {
      const left = valid.parameters.filter(({ name, in: place }) => name !== parameter.name || place !== parameter.in)
      ways.push(() => ({ ...valid, parameters: left, flaw: `${parameter.in} ${parameter.name} is missing` }))
    }
  }
  while (ways.length > 0) {
    const [way] = ways.splice(random.int(0, ways.length - 1), 1)
    const made = way!()
    if (made) return made
  }
  return undefined
}

function flawedParameter(
  parameter: Parameter,
  valid: FuzzRequest,
  { values, random, check }: Maker,
): FuzzRequest | undefined {
  const { name, in: place } = parameter
  const schema = values.resolve(parameter.schema)
  // An empty text may mean that nothing was sent, and a slash ends a part of a path.
  const candidates = values
    .broken(schema, values.valid(textual(schema)))
    .map((each) => asText(each, parameter))
    .filter((each): each is string => typeof each === 'string' && each !== '' && each !== 'null' && each !== '%')
    .filter((text) => readings(text).every((reading) => isCertain(check(parameter.schema, reading))))
  if (candidates.length === 0) return undefined
  const value = random.pick(candidates)
  const others = valid.parameters.filter((each) => each.name !== name || each.in !== place)
  return {
    ...valid,
    parameters: [...others, { in: place, name, value, isRequired: parameter.required === true }],
    flaw: `${place} ${name} is ${JSON.stringify(value)}`,
  }
}

/** Text may be read as each of these, and is only flawed when all of them are. */
function readings(text: string): readonly unknown[] {
  const number = Number(text)
  const others = text.trim() !== '' && Number.isFinite(number) ? [number] : []
  const truth = { true: true, false: false, '1': true, '0': false, on: true, off: false, yes: true, no: false }[
    text.toLowerCase()
  ]
  const all = [text, ...others, ...(truth === undefined ? [] : [truth])]
  return [...all, ...all.map((each) => [each])]
}

/** Formats are nearest descriptions of rules: on unusual values the two part. A text without any shape is no such. */
function isCertain(complaint: string | undefined): boolean {
  return complaint !== undefined
}

/** `null` cannot be written in texts. */
function textual(schema: JsonSchema): JsonSchema {
  const types = typeof schema.type === 'string' ? [schema.type] : schema.type
  if (!types?.includes('null')) return schema
  return { ...schema, type: types.filter((type) => type !== 'null') }
}

function asText(value: unknown, { in: place }: Parameter): string | readonly string[] | typeof NONE {
  if (value === NONE || value === undefined || value === null) return NONE
  if (Array.isArray(value)) return place === 'query' && value.length > 0 ? value.map(String) : NONE
  if (typeof value !== 'string' && typeof value !== 'number' && typeof value !== 'boolean') return NONE
  const text = String(value)
  if (place === 'query') return text
  if (text === '' || text.trim() !== text) return NONE
  // RFC 9110 §5.5: what a header may hold everywhere.
  if (place !== 'path') return /^[\x21-\x7e]+$/.test(text) && !text.includes(';') ? text : NONE
  return text === '.' || text === '..' || text.includes('/') ? NONE : text
}
