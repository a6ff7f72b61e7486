/** From a document to the parts of a client. */
import {
  isVersionParameter,
  operationsOf,
  problemCodesOf,
  problemMembersOf,
  resolved,
  type JsonSchema,
  type ListedOperation,
  type OpenApiDocument,
  type Operation,
  type Parameter,
  type RequestBody,
  type ResponseObject,
} from 'tenon/openapi'

import type {
  ClientBody,
  ClientInput,
  ClientModel,
  ClientOperation,
  ClientOutput,
  ClientProblem,
  Paging,
} from './client-model.ts'
import { GroupTree } from './group-tree.ts'
import { camelCase, pascalCase, uniqueName } from './names.ts'

const PROBLEM_MODELS: ReadonlySet<string> = new Set(['Problem', 'ProblemError'])
const IDEMPOTENCY_HEADER = 'idempotency-key'

export function readDocument(document: OpenApiDocument): ClientModel {
  const { info, tags = [], components } = document
  const tree = new GroupTree('client')
  for (const listed of operationsOf(document)) {
    const { operation } = listed
    const tag = operation.tags[0] ?? 'Api'
    const path = operation['x-name']?.split('.').map(camelCase) ?? [methodName(operation.operationId, tag)]
    const group = tree.group(camelCase(tag), listed.key)
    group.describe(tags.find(({ name }) => name === tag)?.description)
    group.add(path, describeOperation(listed, path.at(-1)!, document))
  }
  return {
    title: info.title,
    version: info.version,
    models: Object.entries(components?.schemas ?? {})
      .filter(([name]) => !PROBLEM_MODELS.has(name))
      .map(([name, schema]) => ({ name, schema })),
    groups: tree.groups,
  }
}

/** `ticketsList` of `Tickets` is `list`, as of `Ticket`; a name that somebody chose stays whole. */
function methodName(operationId: string, tag: string): string {
  const group = camelCase(tag)
  const isPrefixed = operationId.toLowerCase().startsWith(group.toLowerCase())
  const [, rest] = /^s?(\p{Lu}.*)$/u.exec(operationId.slice(group.length)) ?? []
  return camelCase(isPrefixed && rest !== undefined ? rest : operationId)
}

/** `SignUp` with its `SignUpInput`, unless a model is called so. */
function typeNameOf(operationId: string, { components }: OpenApiDocument): string {
  const models = new Set(Object.keys(components?.schemas ?? {}).map(pascalCase))
  const name = pascalCase(operationId)
  const isTaken = ['Input', 'Output', 'Problem'].some((ending) => models.has(`${name}${ending}`))
  return isTaken ? `${name}Operation` : name
}

function describeOperation(
  { operation, path, method }: ListedOperation,
  name: string,
  document: OpenApiDocument,
): ClientOperation {
  const { operationId, summary, description, deprecated, parameters = [], requestBody, responses, security } = operation
  const version = parameters.find(isVersionParameter)
  const isKey = (each: Parameter): boolean => each.in === 'header' && each.name.toLowerCase() === IDEMPOTENCY_HEADER
  const inputs = inputsOf(parameters.filter((each) => each !== version && !isKey(each)))
  const outputs = Object.entries(responses).flatMap(([status, response]) =>
    /^[23]\d\d$/.test(status) ? [outputOf(Number(status), answerOf(response, document))] : [],
  )
  return {
    name,
    typeName: typeNameOf(operationId, document),
    method,
    path,
    summary,
    description,
    isDeprecated: deprecated === true,
    isProtected: (security?.length ?? 0) > 0,
    inputs,
    version: version && { place: version.in === 'query' ? 'query' : 'header', name: version.name },
    idempotencyHeader: parameters.find(isKey)?.name,
    body: requestBody && bodyOf(requestBody),
    outputs,
    problems: problemsOf(responses, document),
    paging: pagingOf(inputs, outputs, document),
  }
}

/** One object takes them all; where two have one name, the later says its place. */
function inputsOf(parameters: readonly Parameter[]): readonly ClientInput[] {
  const taken = new Set(['body'])
  return parameters.map(({ name, in: place, required, description, schema }) => {
    const plain = camelCase(name)
    return {
      name: uniqueName(taken.has(plain) ? camelCase(`${place} ${name}`) : plain, taken),
      place,
      wireName: name,
      isRequired: required === true,
      description,
      schema,
    }
  })
}

const FORMS: readonly (readonly [string, ClientBody['form']])[] = [
  ['application/json', 'json'],
  ['multipart/form-data', 'multipart'],
  ['application/x-www-form-urlencoded', 'form'],
  ['text/plain', 'text'],
  ['application/octet-stream', 'bytes'],
]

function bodyOf({ required, content }: RequestBody): ClientBody {
  const [type, form] = FORMS.find(([mediaType]) => mediaType in content) ?? [Object.keys(content)[0] ?? '', 'bytes']
  return { form, isRequired: required === true, schema: content[type]?.schema ?? {} }
}

function outputOf(status: number, { content }: ResponseObject): ClientOutput {
  const [mediaType, media] = Object.entries(content ?? {})[0] ?? []
  if (mediaType === undefined) {
    const isEmpty = [202, 204, 205, 304].includes(status)
    return { status, kind: isEmpty ? 'nothing' : 'json', mediaType: undefined, schema: undefined }
  }
  if (mediaType === 'text/event-stream')
    return { status, kind: 'events', mediaType, schema: eventSchema(media?.schema) }
  if (/[/+]json\b/.test(mediaType)) return { status, kind: 'json', mediaType, schema: media?.schema }
  const isText = mediaType.startsWith('text/') && media?.schema?.type === 'string'
  return { status, kind: isText ? 'text' : 'bytes', mediaType, schema: undefined }
}

/** What the `data` of each event says. */
function eventSchema(list: JsonSchema | undefined): JsonSchema | undefined {
  const data = list?.items?.properties?.['data']
  return data?.['contentSchema'] as JsonSchema | undefined
}

/** Each status lists its codes beside the shape that all problems have. */
function problemsOf(responses: Operation['responses'], document: OpenApiDocument): readonly ClientProblem[] {
  return Object.entries(responses).flatMap(([status, response]) => {
    if (!/^[45]\d\d$/.test(status)) return []
    const { description, content, headers } = answerOf(response, document)
    const isPassing = Object.keys(headers ?? {}).some((name) => name.toLowerCase() === 'retry-after')
    const schema = content?.['application/problem+json']?.schema
    return problemCodesOf(schema).map((code) => ({
      code,
      status: Number(status),
      when: saidOf(code, description),
      isPassing,
      members: problemMembersOf(schema, code),
    }))
  })
}

function answerOf(response: Operation['responses'][string], document: OpenApiDocument): ResponseObject {
  return resolved<ResponseObject>(response, document) ?? { description: '' }
}

function saidOf(code: string, description: string): string {
  const line = description.split('\n').find((each) => each.includes(`\`${code}\``))
  return line?.replace(/^(?:- )?`[^`]+`(?:: )?/, '') ?? ''
}

/** Lists with `items` whose pages are numbered, or whose `next` is handed back as `after` (or `cursor`). */
function pagingOf(
  inputs: readonly ClientInput[],
  outputs: readonly ClientOutput[],
  document: OpenApiDocument,
): Paging | undefined {
  const answer = outputs.length === 1 && outputs[0]?.schema ? resolved(outputs[0].schema, document) : undefined
  const item = answer?.properties?.['items']?.items
  if (!item) return undefined
  const named = (...names: readonly string[]): string | undefined =>
    inputs.find(({ place, name }) => place === 'query' && names.includes(name))?.name
  const cursor = named('after', 'cursor')
  if (cursor !== undefined && answer?.properties?.['next']) return { kind: 'cursor', input: cursor, item }
  const page = named('page')
  return page !== undefined && answer?.properties?.['pages'] ? { kind: 'page', input: page, item } : undefined
}
