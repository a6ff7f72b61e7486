/** The one way a failure leaves: `application/problem+json` in one write. */
import { PROBLEM_MEDIA_TYPE, type Problem } from '../errors/problem.ts'
import type { HostResponse } from './express-request.ts'

/** What an endpoint may have said about the representation it then failed to give. */
const OF_THE_REPRESENTATION = [
  'content-type',
  'content-length',
  'content-encoding',
  'content-disposition',
  'content-language',
  'content-range',
  'transfer-encoding',
  'cache-control',
  'expires',
  'etag',
  'last-modified',
  'accept-ranges',
  'location',
] as const

/** A body and the type it has. */
export interface ProblemBody {
  readonly type: string
  readonly text: string
  readonly headers?: readonly string[]
}

export function problemBody(problem: Problem, traceId: string): ProblemBody {
  return { type: PROBLEM_MEDIA_TYPE, text: JSON.stringify(problem.toBody(traceId)) }
}

/** Answers with the problem; headers that interceptors have set (CORS, security, cookies) stay. */
export function writeProblem(response: HostResponse, problem: Problem, body: ProblemBody): void {
  // Hundreds of headers are rare, none the usual: getHeaderNames() is empty then.
  if (response.getHeaderNames().length > 0) for (const name of OF_THE_REPRESENTATION) response.removeHeader(name)
  // A status line such as "404 OK" would remain from what the endpoint began to say.
  response.statusMessage = ''
  response.writeHead(problem.status, [
    ...Object.entries(problem.headers ?? {}).flat(),
    'content-type',
    body.type,
    'content-length',
    String(Buffer.byteLength(body.text)),
    'x-content-type-options',
    'nosniff',
    ...(body.headers ?? []),
  ])
  response.end(body.text)
}
