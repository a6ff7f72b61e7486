/** What callers read: answers by status, and problems by code. */
import { problemCodesOf, resolved, type OpenApiDocument, type Operation, type ResponseObject } from 'tenon/openapi'

import type { OperationPair } from './compare-contracts.ts'
import { compareSchemas } from './compare-schemas.ts'

export function compareAnswers(pair: OperationPair): void {
  compareSuccesses(pair)
  compareProblems(pair)
}

function successesOf({ responses }: Operation, document: OpenApiDocument): ReadonlyMap<string, ResponseObject> {
  return new Map(
    Object.entries(responses)
      .filter(([status]) => /^[1-3]/.test(status))
      .map(([status, response]) => [status, resolved<ResponseObject>(response, document) ?? { description: '' }]),
  )
}

function compareSuccesses({ documents, before, after, report }: OperationPair): void {
  const old = successesOf(before, documents[0])
  const now = successesOf(after, documents[1])
  for (const status of now.keys()) {
    if (!old.has(status)) report.other('status-added', status, `${status} may be answered now`)
  }
  for (const [status, response] of old) {
    const next = now.get(status)
    if (!next) {
      report.other('status-removed', status, `${status} is not answered any more`)
      continue
    }
    compareHeaders('response', status, [response, next], report)
    const [types, newTypes] = [Object.keys(response.content ?? {}), Object.keys(next.content ?? {})]
    if (types.length > 0 && newTypes.length === 0)
      report.other('response-body-removed', status, `${status} has no body any more`)
    else if (types.length === 0 && newTypes.length > 0)
      report.other('response-body-added', status, `${status} has a body now`)
    else compareContents(status, response, next, { documents, report })
  }
}

function compareContents(
  status: string,
  response: ResponseObject,
  next: ResponseObject,
  { documents, report }: Pick<OperationPair, 'documents' | 'report'>,
): void {
  for (const type of Object.keys(next.content ?? {})) {
    if (!response.content?.[type]) report.other('response-media-type-added', status, `${status} may be ${type} now`)
  }
  for (const [type, { schema }] of Object.entries(response.content ?? {})) {
    const media = next.content?.[type]
    if (media) report.schema('response', status, compareSchemas(documents, [schema, media.schema]))
    else report.other('response-media-type-removed', status, `${status} is not ${type} any more`)
  }
}

function compareHeaders(
  of: 'response' | 'problem',
  status: string,
  [before, after]: readonly [ResponseObject, ResponseObject],
  report: OperationPair['report'],
): void {
  for (const name of Object.keys(after.headers ?? {})) {
    if (!before.headers?.[name])
      report.other(`${of}-header-added`, `${status}.${name}`, `${status} has the header ${name} now`)
  }
  for (const name of Object.keys(before.headers ?? {})) {
    if (after.headers?.[name]) continue
    report.other(`${of}-header-removed`, `${status}.${name}`, `${status} has the header ${name} no more`)
  }
}

function compareProblems({ before, after, report }: OperationPair): void {
  const [old, now] = [problemsOf(before), problemsOf(after)]
  for (const [code, status] of now) {
    const known = old.get(code)
    if (known === undefined) report.other('problem-added', code, `${code} (${status}) may be answered now`)
    else if (known !== status) report.other('problem-status-changed', code, `${code} is ${status} instead of ${known}`)
  }
  for (const [code, status] of old) {
    if (!now.has(code)) report.other('problem-removed', code, `${code} (${status}) is not answered any more`)
  }
  compareProblemHeaders({ before, after, report })
}

/** Where a status is left, what it says besides the problem: `Retry-After`, `WWW-Authenticate`. */
function compareProblemHeaders({ before, after, report }: Pick<OperationPair, 'before' | 'after' | 'report'>): void {
  for (const [status, response] of Object.entries(before.responses)) {
    const next = after.responses[status]
    if (!/^[45]/.test(status) || !next || !('description' in response) || !('description' in next)) continue
    compareHeaders('problem', status, [response, next], report)
  }
}

function problemsOf({ responses }: Operation): ReadonlyMap<string, string> {
  const found = new Map<string, string>()
  for (const [status, response] of Object.entries(responses)) {
    if (!('content' in response)) continue
    const schema = response.content?.['application/problem+json']?.schema
    for (const code of problemCodesOf(schema)) found.set(code, status)
  }
  return found
}
