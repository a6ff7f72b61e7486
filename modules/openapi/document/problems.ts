/** Failures of an operation: problem details (RFC 9457) with the codes to expect, by status. */
import {
  describeProblem,
  type ChainLink,
  type DefinedError,
  type DescribedProblem,
  type Endpoint,
  type RouteDescription,
} from 'tenon'
import { THROWS, type AbstractClass } from 'tenon/decorators'

import type { JsonSchema } from '../schema/json-schema.ts'
import { headerObjects } from './headers.ts'
import type { Reference, ResponseObject } from './openapi-document.ts'

export const PROBLEM = 'Problem'

const PROBLEM_MEDIA_TYPE = 'application/problem+json'

/** The shapes that every failure has. */
export const PROBLEM_SCHEMAS: Readonly<Record<string, JsonSchema>> = {
  [PROBLEM]: {
    type: 'object',
    description: 'Why a call failed, as problem details (RFC 9457).',
    properties: {
      type: { type: 'string', format: 'uri', description: 'Names the kind of problem, as the code does.' },
      title: { type: 'string', description: 'The kind of problem in words.' },
      status: { type: 'integer', minimum: 400, maximum: 599 },
      detail: { type: 'string', description: 'What is wrong this time.' },
      code: { type: 'string', description: 'Stable for ever: programs decide by it.' },
      traceId: { type: 'string', description: 'Names this call in the logs.' },
      errors: {
        type: 'array',
        description: 'What is wrong where, for problems of the input.',
        items: { $ref: '#/components/schemas/ProblemError' },
      },
    },
    required: ['type', 'title', 'status', 'code'],
  },
  ProblemError: {
    type: 'object',
    properties: {
      pointer: {
        type: 'string',
        description: 'Where: a JSON pointer (RFC 6901) into the body, or `#/query/<name>` and the like outside of it.',
      },
      code: { type: 'string', description: 'Which rule, such as `isEmail`.' },
      detail: { type: 'string', description: 'In words.' },
    },
    required: ['pointer', 'code', 'detail'],
  },
}

/** What every operation may also answer. */
export const DEFAULT_RESPONSE: Reference = { $ref: `#/components/responses/${PROBLEM}` }
export const PROBLEM_RESPONSES: Readonly<Record<string, ResponseObject>> = {
  [PROBLEM]: {
    description: 'Any other failure.',
    content: { [PROBLEM_MEDIA_TYPE]: { schema: { $ref: `#/components/schemas/${PROBLEM}` } } },
  },
}

/** One response for each status. */
export function problemResponses(
  endpoint: Endpoint,
  route: RouteDescription,
  chain: readonly ChainLink[],
): Readonly<Record<string, ResponseObject>> {
  const problems = [
    ...chain.flatMap(({ description }) => description.problems ?? []),
    ...route.problems,
    ...endpoint.readAll(THROWS).flatMap(problemThrown),
  ]
  const byStatus = Map.groupBy(problems, ({ status }) => status)
  return Object.fromEntries([...byStatus].map(([status, some]) => [String(status), responseOf(status, some)]))
}

function responseOf(status: number, problems: readonly DescribedProblem[]): ResponseObject {
  // As they are met, from the outermost interceptor to the handler; the first word on a code counts.
  const byCode = Map.groupBy(problems, ({ code }) => code)
  const codes = [...byCode.keys()]
  const described = codes.map((code) => {
    const [{ when }] = byCode.get(code) as [DescribedProblem]
    return when === '' ? `\`${code}\`` : `\`${code}\`: ${when}`
  })
  const [only, ...more] = described
  const narrowed: JsonSchema = {
    type: 'object',
    properties: {
      status: { const: status },
      code: codes.length === 1 ? { const: codes[0] } : { enum: codes },
    },
  }
  const headers = headerObjects(problems.flatMap((problem) => Object.entries(problem.headers ?? {})))
  const parts = [{ $ref: `#/components/schemas/${PROBLEM}` }, narrowed, ...[...byCode].flatMap(membersOf)]
  return {
    description: more.length === 0 ? only! : described.map((line) => `- ${line}`).join('\n'),
    ...(headers && { headers }),
    content: {
      [PROBLEM_MEDIA_TYPE]: { schema: { allOf: parts } },
    },
  }
}

/** What a problem has besides, which others of the same status do not. */
function membersOf([code, problems]: readonly [string, readonly DescribedProblem[]]): readonly JsonSchema[] {
  const members = problems.find((problem) => problem.members)?.members
  // oxlint-disable-next-line unicorn/no-thenable -- JSON Schema 2020-12 §10.2.2.2 calls it so.
  return members ? [{ if: { properties: { code: { const: code } } }, then: members }] : []
}

/** Errors know their status and code: those of `defineError` by the class, HTTP exceptions by an instance. */
function problemThrown(type: AbstractClass): readonly DescribedProblem[] {
  const { status, code, help, headerNames = [], members } = type as Partial<DefinedError<never>>
  if (typeof status === 'number' && typeof code === 'string') {
    return [describeProblem({ status, code, headerNames, members }, typeof help === 'string' ? help : '')]
  }
  try {
    const made = new (type as unknown as new () => { status?: unknown; code?: unknown })()
    return typeof made.status === 'number' && typeof made.code === 'string'
      ? [{ status: made.status, code: made.code, when: '' }]
      : []
  } catch {
    return [] // It needs arguments, and an error mapper decides what becomes of it.
  }
}
