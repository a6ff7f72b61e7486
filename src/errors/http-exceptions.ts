/** The exceptions application code throws, by the names Nest users know. Each becomes a problem response. */
import type { ProblemError } from './problem.ts'

export interface HttpExceptionOptions {
  /** What led here; for the log only. */
  readonly cause?: unknown
  /** A stable code of your own, `AREA_WHAT_HAPPENED`. Default: the status' name, such as `HTTP_NOT_FOUND`. */
  readonly code?: string
  /** What is wrong where, by JSON pointer. */
  readonly errors?: readonly ProblemError[]
  /** Headers of the answer, such as `Retry-After`. */
  readonly headers?: Readonly<Record<string, string>>
  /** Further members of the problem body (RFC 9457 §3.2). */
  readonly extensions?: Readonly<Record<string, unknown>>
}

/** An answer other than success. Its message reaches the caller when the status is below 500. */
export class HttpException extends Error {
  readonly status: number
  readonly code: string
  readonly errors: readonly ProblemError[] | undefined
  readonly headers: Readonly<Record<string, string>> | undefined
  readonly extensions: Readonly<Record<string, unknown>> | undefined

  constructor(message: string, status: number, options: HttpExceptionOptions = {}) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause })
    this.name = new.target.name
    this.status = status
    this.code = options.code ?? statusCode(status)
    this.errors = options.errors
    this.headers = options.headers
    this.extensions = options.extensions
  }

  getStatus(): number {
    return this.status
  }
}

/** Reason phrases of RFC 9110 §15, as titles of problems. */
export const STATUS_TITLES: Readonly<Record<number, string>> = {
  400: 'Bad Request',
  401: 'Unauthorized',
  402: 'Payment Required',
  403: 'Forbidden',
  404: 'Not Found',
  405: 'Method Not Allowed',
  406: 'Not Acceptable',
  408: 'Request Timeout',
  409: 'Conflict',
  410: 'Gone',
  411: 'Length Required',
  412: 'Precondition Failed',
  413: 'Content Too Large',
  414: 'URI Too Long',
  415: 'Unsupported Media Type',
  416: 'Range Not Satisfiable',
  417: 'Expectation Failed',
  418: "I'm a Teapot",
  421: 'Misdirected Request',
  422: 'Unprocessable Content',
  423: 'Locked',
  424: 'Failed Dependency',
  425: 'Too Early',
  426: 'Upgrade Required',
  428: 'Precondition Required',
  429: 'Too Many Requests',
  431: 'Request Header Fields Too Large',
  451: 'Unavailable For Legal Reasons',
  500: 'Internal Server Error',
  501: 'Not Implemented',
  502: 'Bad Gateway',
  503: 'Service Unavailable',
  504: 'Gateway Timeout',
  505: 'HTTP Version Not Supported',
}

/** `404` → `HTTP_NOT_FOUND`. */
export function statusCode(status: number): string {
  const title = STATUS_TITLES[status] ?? `Status ${status}`
  return `HTTP_${title
    .toUpperCase()
    .replaceAll("'", '')
    .replaceAll(/[^A-Z0-9]+/g, '_')}`
}

const exception = (status: number) =>
  class extends HttpException {
    constructor(message: string = STATUS_TITLES[status] ?? '', options: HttpExceptionOptions = {}) {
      super(message, status, options)
    }
  }

export class BadRequestException extends exception(400) {}
export class UnauthorizedException extends exception(401) {}
export class PaymentRequiredException extends exception(402) {}
export class ForbiddenException extends exception(403) {}
export class NotFoundException extends exception(404) {}
export class MethodNotAllowedException extends exception(405) {}
export class NotAcceptableException extends exception(406) {}
export class RequestTimeoutException extends exception(408) {}
export class ConflictException extends exception(409) {}
export class GoneException extends exception(410) {}
export class PreconditionFailedException extends exception(412) {}
export class PayloadTooLargeException extends exception(413) {}
export class UnsupportedMediaTypeException extends exception(415) {}
export class ImATeapotException extends exception(418) {}
export class MisdirectedException extends exception(421) {}
export class UnprocessableEntityException extends exception(422) {}
export class TooManyRequestsException extends exception(429) {}
export class InternalServerErrorException extends exception(500) {}
export class NotImplementedException extends exception(501) {}
export class BadGatewayException extends exception(502) {}
export class ServiceUnavailableException extends exception(503) {}
export class GatewayTimeoutException extends exception(504) {}
export class HttpVersionNotSupportedException extends exception(505) {}
