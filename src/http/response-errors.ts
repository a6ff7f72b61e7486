/** What can go wrong while an answer is written. */
import { defineError } from '../errors/define-error.ts'

export const NotAcceptable = defineError({
  code: 'RESPONSE_NOT_ACCEPTABLE',
  status: 406,
  message: (route: string, produced: string) => `${route} answers ${produced}, which the Accept header excludes.`,
  help: 'Add the type, or */*, to the Accept header.',
})

export const ResultUnserializable = defineError({
  code: 'RESPONSE_RESULT_UNSERIALIZABLE',
  status: 500,
  message: (endpoint: string, reason: string) => `What ${endpoint} returned cannot be written as JSON: ${reason}`,
  help: 'Declare the model with @Returns, return BigInt values as strings, and leave out what refers back to itself.',
})

export const StatusInvalid = defineError({
  code: 'RESPONSE_STATUS_INVALID',
  status: 500,
  message: (endpoint: string, status: number, range: string) =>
    `${endpoint} answers with status ${status}, which is not ${range}.`,
  help: 'Use a status of RFC 9110; redirects take 301, 302, 303, 307 or 308.',
})

export const HeaderInvalid = defineError({
  code: 'RESPONSE_HEADER_INVALID',
  status: 500,
  message: (endpoint: string, name: string) =>
    `${endpoint} sets the header ${JSON.stringify(name)}, whose name or value HTTP does not allow.`,
  help: 'Take line breaks and characters outside of latin1 out of @SetHeader.',
})

export const RedirectInvalid = defineError({
  code: 'RESPONSE_REDIRECT_INVALID',
  status: 400,
  message: (endpoint: string) => `${endpoint} redirects to a URL with control characters; it was refused.`,
  help: 'Check the target before it is handed to a redirect, above all when it comes from the caller.',
})

export const FileNotFound = defineError({
  code: 'RESPONSE_FILE_NOT_FOUND',
  status: 404,
  message: () => 'There is no such file.',
  help: 'Check the path, which is relative to root; hidden files and paths that leave root are never served.',
})

export const FileRootMissing = defineError({
  code: 'RESPONSE_FILE_ROOT_MISSING',
  status: 500,
  message: () => 'file() was called without the folder that it may serve from.',
  help: 'Pass { root }: without it a path could lead anywhere on this machine.',
})

export const PreconditionFailed = defineError({
  code: 'RESPONSE_PRECONDITION_FAILED',
  status: 412,
  message: () => 'The file is not in the state that If-Match or If-Unmodified-Since asks for.',
  help: 'Fetch the file anew and repeat.',
})

export const RangeUnsatisfiable = defineError({
  code: 'RESPONSE_RANGE_UNSATISFIABLE',
  status: 416,
  message: () => 'The file has none of the bytes that Range asks for.',
  help: 'Ask for a range within the length that Content-Range names.',
})

export const EventInvalid = defineError({
  code: 'RESPONSE_EVENT_INVALID',
  status: 500,
  message: (endpoint: string, member: string) => `${endpoint} sent an event whose ${member} is not valid.`,
  help: 'Use event names and ids without line breaks and NUL, and a whole number of milliseconds for retry.',
})

export const EventsMissing = defineError({
  code: 'RESPONSE_EVENTS_MISSING',
  status: 500,
  message: (endpoint: string) => `${endpoint} is an @Sse route and returned nothing that can be iterated.`,
  help: 'Return an AsyncIterable, for example from an async generator method.',
})
