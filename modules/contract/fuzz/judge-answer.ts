/** What an answer does that the document does not say. */
import {
  problemCodesOf,
  resolved,
  type JsonSchema,
  type ListedOperation,
  type OpenApiDocument,
  type ResponseObject,
} from 'tenon/openapi'

import type { FuzzRequest } from './fuzz-request.ts'
import type { SchemaCheck } from './schema-check.ts'

export type FindingKind =
  | 'no-answer'
  | 'server-error'
  | 'status-undocumented'
  | 'problem-undocumented'
  | 'problem-malformed'
  | 'media-type-undocumented'
  | 'body-missing'
  | 'body-undocumented'
  | 'body-unreadable'
  | 'body-invalid'
  | 'header-invalid'
  | 'invalid-accepted'
  | 'valid-refused'

export interface Complaint {
  readonly kind: FindingKind
  readonly text: string
}

export interface Answer {
  readonly status: number
  readonly headers: Headers
  readonly body: string
}

/** Problems by which an application refuses what was sent, before its own code sees it. */
const REFUSALS = /^(?:VALIDATION_FAILED|REQUEST_(?:PARAMETER_INVALID|BODY_MISSING|BODY_MALFORMED))$/

/** What any HTTP server may answer, whatever the operation (RFC 9110 §15.5, RFC 6585). */
const TRANSPORT_STATUSES: ReadonlySet<number> = new Set([405, 406, 408, 414, 429, 431, 503])

export function judgeAnswer(
  { operation }: ListedOperation,
  request: FuzzRequest,
  answer: Answer,
  { document, check }: { readonly document: OpenApiDocument; readonly check: SchemaCheck },
): Complaint | undefined {
  const { status, headers, body } = answer
  if (status >= 500 && status !== 503) return { kind: 'server-error', text: `${status}: ${excerpt(body)}` }
  const said = operation.responses[status]
  const response = said && resolved<ResponseObject>(said, document)
  if (status >= 400) return judgeProblem(response, request, answer, check)
  if (request.flaw !== undefined && status < 300) {
    return { kind: 'invalid-accepted', text: `${status} is answered although ${request.flaw}` }
  }
  if (!response) return { kind: 'status-undocumented', text: `${status} is not in the document` }
  return judgeHeaders(response, headers, check) ?? judgeBody(response, answer, check)
}

function judgeHeaders(response: ResponseObject, headers: Headers, check: SchemaCheck): Complaint | undefined {
  for (const [name, { schema }] of Object.entries(response.headers ?? {})) {
    const sent = headers.get(name)
    if (sent === null) continue
    const complaint = check(schema, schema.type === 'integer' ? Number(sent) : sent)
    if (complaint !== undefined) return { kind: 'header-invalid', text: `the header ${name} ${complaint}` }
  }
  return undefined
}

function judgeBody(
  response: ResponseObject,
  { status, headers, body }: Answer,
  check: SchemaCheck,
): Complaint | undefined {
  const { content } = response
  if (!content) {
    return body === '' ? undefined : { kind: 'body-undocumented', text: `${status} has a body: ${excerpt(body)}` }
  }
  const type = (headers.get('content-type') ?? '').split(';')[0]!.trim()
  if (body === '' && type === '') return { kind: 'body-missing', text: `${status} has no body` }
  const media = content[type] ?? content['*/*']
  if (!media) {
    // A file has the type that it has.
    if ('application/octet-stream' in content) return undefined
    return { kind: 'media-type-undocumented', text: `the answer is ${type === '' ? 'of no type' : type}` }
  }
  if (!/[/+]json$/.test(type)) return undefined
  const value = parsed(body)
  if (value === undefined) return { kind: 'body-unreadable', text: `the answer is not JSON: ${excerpt(body)}` }
  const complaint = media.schema && check(media.schema, value)
  return complaint === undefined ? undefined : { kind: 'body-invalid', text: `in the answer, ${complaint}` }
}

const PROBLEM: JsonSchema = { $ref: '#/components/schemas/Problem' }

function judgeProblem(
  response: ResponseObject | undefined,
  request: FuzzRequest,
  { status, headers, body }: Answer,
  check: SchemaCheck,
): Complaint | undefined {
  const value = parsed(body) as { readonly code?: string; readonly status?: number } | undefined
  const type = (headers.get('content-type') ?? '').split(';')[0]!
  if (type !== 'application/problem+json' || value === undefined) {
    return { kind: 'problem-malformed', text: `${status} is no problem+json: ${excerpt(body)}` }
  }
  const complaint = check(PROBLEM, value)
  if (complaint !== undefined) return { kind: 'problem-malformed', text: `in the problem, ${complaint}` }
  if (value.status !== status)
    return { kind: 'problem-malformed', text: `the problem says ${value.status}, the answer ${status}` }
  const codes = problemCodesOf(response?.content?.['application/problem+json']?.schema)
  if (!TRANSPORT_STATUSES.has(status) && !codes.includes(value.code!)) {
    return { kind: 'problem-undocumented', text: `${value.code} (${status}) is not in the document` }
  }
  const fault = response && judgeHeaders(response, headers, check)
  if (fault) return fault
  if (request.flaw === undefined && REFUSALS.test(value.code!)) {
    return { kind: 'valid-refused', text: `${value.code}: ${excerpt(body)}` }
  }
  return undefined
}

/** `undefined` where it is not JSON. */
export function parsed(text: string): unknown {
  try {
    return JSON.parse(text) as unknown
  } catch {
    return undefined
  }
}

function excerpt(text: string): string {
  return text.length > 200 ? `${text.slice(0, 200)}…` : text
}
